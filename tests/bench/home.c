/* SPDX-License-Identifier: MIT */
#include "home.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *home_guest(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/bench_guest", getenv("PADDOCK_PROGRAMS"));
	return path;
}

__attribute__((format(printf, 3, 4)))
static void write_file(const char *dir, const char *name, const char *fmt, ...)
{
	char path[4096];
	va_list ap;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	va_start(ap, fmt);
	vfprintf(file, fmt, ap);
	va_end(ap);
	fclose(file);
}

void home_make(char dir[64])
{
	static const char *const inside[] = { "config", "config/paddock", "config/paddock/vms", "library" };
	char path[4096];

	strcpy(dir, "/tmp/paddock-bench.XXXXXX");
	if (!mkdtemp(dir))
		exit(1);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, inside[i]);
		mkdir(path, 0700);
	}
	/* Of zeros: a text file is no disk. */
	write_file(dir, "guest.img", "%s", "");
	snprintf(path, sizeof(path), "%s/guest.img", dir);
	if (truncate(path, 1024 * 1024) < 0) {
		perror(path);
		exit(1);
	}
}

void home_profile(const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "config/paddock/vms/%s.ini", name);
	write_file(dir, path,
	           "[boot]\nmode = disk\nimage = %s/guest.img\n[network]\nmode = none\n[qemu]\nbinary = %s\n"
	           "[state]\ndirectory = %s/%s-state\n", dir, home_guest(), dir, name);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st, (void)type, (void)walk;
	remove(path);
	return 0;
}

void home_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void home_enter(const char *dir, const char *order, pid_t bench)
{
	char text[4096];

	snprintf(text, sizeof(text), "%ld", (long)bench);
	setenv("BENCH_PID", text, 1);
	setenv("HOME", dir, 1);
	snprintf(text, sizeof(text), "%s/config", dir);
	setenv("XDG_CONFIG_HOME", text, 1);
	snprintf(text, sizeof(text), "%s/state-home", dir);
	setenv("XDG_STATE_HOME", text, 1);
	setenv("BENCH_DIR", dir, 1);
	setenv("BENCH_GUEST", order, 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("TMUX");
	if (chdir(dir) < 0)
		_exit(126);
}

double home_note(const char *dir, const char *name)
{
	char path[4096];
	double number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%lf", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}
