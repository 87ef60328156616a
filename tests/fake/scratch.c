/* SPDX-License-Identifier: MIT */
#include "fake/scratch.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *scratch_new(void)
{
	char *path = mem_strdup("/tmp/paddock-test.XXXXXX");

	/* 0755: some tests become nobody */
	if (!mkdtemp(path) || chmod(path, 0755) < 0 || chdir(path) < 0) {
		perror(path);
		abort();
	}
	return path;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)kind, (void)walk;
	return remove(path);
}

static int open_one(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
	(void)st, (void)walk;
	return kind == FTW_D || kind == FTW_DNR ? chmod(path, 0700) : 0;
}

void scratch_free(char *path)
{
	if (chdir("/") < 0 || nftw(path, open_one, 8, FTW_PHYS) || nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS))
		perror(path);
	free(path);
}

int scratch_enter(void **state)
{
	*state = scratch_new();
	return 0;
}

int scratch_leave(void **state)
{
	scratch_free(*state);
	return 0;
}

void scratch_put(const char *path, const void *bytes, size_t len, off_t size)
{
	char *parent = path_parent(path);
	struct error err;
	FILE *file;

	if (!path_make_dirs(parent, 0755, &err) || !(file = fopen(path, "we")) || fwrite(bytes, 1, len, file) != len ||
	    fclose(file) || (size && truncate(path, size) < 0)) {
		perror(path);
		abort();
	}
	free(parent);
}

void scratch_home(void)
{
	char *home = path_full("home");

	setenv("XDG_STATE_HOME", home, 1);
	free(home);
}
