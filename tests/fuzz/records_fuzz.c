/* SPDX-License-Identifier: MIT */
/*
 * The small files of a state directory and of what runs, which another program may have written: a last run is the
 * same after it was written again, and the registry takes nothing for running whose lock nobody holds.
 */
#include "core/base/error.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/registry.h"
#include "core/vm/store.h"
#include "persist/records.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))
#define UUID "11111111-1111-4111-8111-111111111111"

static char home[] = "/tmp/paddock-records-XXXXXX", run[64];

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

static void path_of(char path[128], const char *dir, const char *name)
{
	snprintf(path, 128, "%s/%s", dir, name);
}

static void put(const char *dir, const char *name, const void *bytes, size_t len)
{
	char path[128];

	path_of(path, dir, name);

	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	require(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static void clean_up(void)
{
	static const char *const in_run[] = { UUID ".ini", UUID ".lock", UUID ".sock" };
	char path[128];

	for (size_t i = 0; i < sizeof(in_run) / sizeof(in_run[0]); i++) {
		path_of(path, run, in_run[i]);
		unlink(path);
	}
	path_of(path, home, "last-run.ini");
	unlink(path);
	rmdir(run);
	path_of(path, home, "paddock");
	rmdir(path);
	rmdir(home);
}

static void make_home(void)
{
	char path[128];

	require(mkdtemp(home) != NULL);
	setenv("HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	path_of(path, home, "paddock");
	require(mkdir(path, 0700) == 0);
	snprintf(run, sizeof(run), "%s/paddock/run", home);
	require(mkdir(run, 0700) == 0);
	atexit(clean_up);
}

static void check_last_run(const uint8_t *bytes, size_t len)
{
	struct last_run first, second;
	struct error err;

	put(home, "last-run.ini", bytes, len);
	if (!last_run_read(records_on_files(), home, &first))
		return;
	require(last_run_write(records_on_files(), home, &first, &err));
	require(last_run_read(records_on_files(), home, &second));
	require(first.ran == second.ran && first.started == second.started && first.ended == second.ended &&
	        first.exit == second.exit && first.signal == second.signal);
	require(strcmp(first.asked_by, second.asked_by) == 0 && strcmp(first.reason, second.reason) == 0);
	require(strcmp(first.error, second.error) == 0 && strcmp(first.words, second.words) == 0);
}

static void check_registry(const uint8_t *bytes, size_t len)
{
	struct registry_list list = { 0 };
	struct error err;
	char path[128];

	put(run, UUID ".ini", bytes, len);
	put(run, UUID ".lock", "", 0);
	path_of(path, run, UUID ".lock");

	int fd = open(path, O_RDWR | O_CLOEXEC);

	require(fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0);
	require(registry_read(records_on_files(), &list, &err));
	require(list.count <= 1);
	for (size_t i = 0; i < list.count; i++)
		require(strcmp(list.items[i].uuid, UUID) == 0 && list.items[i].name && list.items[i].state);
	registry_list_finish(&list);
	close(fd);
	require(registry_read(records_on_files(), &list, &err));
	require(list.count == 0);
	registry_list_finish(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!*run)
		make_home();
	check_last_run(bytes, len);
	check_registry(bytes, len);
	return 0;
}
