/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS_MAX (256 * 1024)

/* RAW_LOCK_PERM_BASE, RAW_LOCK_SHARED_BASE and the numbers of the permissions in QEMU (block/file-posix.c). */
enum { LOCK_USES = 100, LOCK_DENIES = 200, PERM_READ = 0, PERM_WRITE = 1 };

/* Reads /proc/PID/WHAT, at most size - 1 bytes. */
static size_t read_process(const char *pid, const char *what, char *buf, size_t size)
{
	char *path = mem_printf("/proc/%s/%s", pid, what);
	ssize_t n = io_head(path, buf, size);

	free(path);
	return n > 0 ? (size_t)n : 0;
}

const char *probe_machine_name(const char *arguments, size_t len)
{
	const char *end = arguments + len;

	for (const char *at = arguments; at < end; at += strlen(at) + 1) {
		const char *next = at + strlen(at) + 1;

		if (!strcmp(at, "-name") && next < end)
			return text_starts(next, "guest=") ? next + strlen("guest=") : next;
	}
	return NULL;
}

char *probe_process_name(const char *pid)
{
	char command[64], arguments[16384];
	const char *name = NULL;

	read_process(pid, "comm", command, sizeof(command));
	command[strcspn(command, "\n")] = '\0';
	if (text_starts(command, "qemu-system"))
		name = probe_machine_name(arguments, read_process(pid, "cmdline", arguments, sizeof(arguments)));
	if (name)
		return mem_printf("%s (%s, pid %s)", name, command, pid);
	return mem_printf("%s (pid %s)", *command ? command : "a process", pid);
}

/* Returns true if the file, a path as the process sees it, is in this directory. */
static bool is_in(const char *pid, const char *file, const char *directory)
{
	char *full = file[0] == '/' ? mem_strdup(file) : mem_printf("/proc/%s/cwd/%s", pid, file);
	char *parent = path_parent(full);
	bool same = path_same(parent, directory);

	free(parent);
	free(full);
	return same;
}

bool probe_is_machine_of(const char *pid, const char *state)
{
	char *arguments = mem_alloc(ARGUMENTS_MAX);
	const char *end = arguments + read_process(pid, "cmdline", arguments, ARGUMENTS_MAX);
	bool named = false;

	for (const char *at = arguments; at < end && !named; at += strlen(at) + 1) {
		const char *value = at + strlen(at) + 1;

		named = text_equal(at, "-pidfile") && value < end && text_equal(path_base(value), KEPT_PID) &&
		        is_in(pid, value, state);
	}
	free(arguments);
	return named;
}

/* Returns true if a descriptor of the process holds a lock on the file. */
static bool process_locks(const char *pid, const struct stat *file)
{
	char *path = mem_printf("/proc/%s/fd", pid);
	const struct dirent *entry;
	bool found = false;
	DIR *dir = opendir(path);
	struct stat st;

	free(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		char info[4096], what[300];

		if (fstatat(dirfd(dir), entry->d_name, &st, 0) < 0 || st.st_dev != file->st_dev || st.st_ino != file->st_ino)
			continue;
		snprintf(what, sizeof(what), "fdinfo/%s", entry->d_name);
		found = read_process(pid, what, info, sizeof(info)) > 0 && strstr(info, "\nlock:");
	}
	closedir(dir);
	return found;
}

static bool is_locked(int fd, int byte)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void probe_access(int fd, const char *path, const char *state, struct image_access *out)
{
	const struct dirent *entry;
	struct stat st;
	DIR *dir;

	out->read_only = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0 ? errno : 0;
	if (is_locked(fd, LOCK_USES + PERM_WRITE) || is_locked(fd, LOCK_DENIES + PERM_READ))
		out->use = IMAGE_WRITTEN;
	else if (is_locked(fd, LOCK_DENIES + PERM_WRITE))
		out->use = IMAGE_READ;
	if (out->use == IMAGE_UNUSED || fstat(fd, &st) < 0)
		return;
	/* The kernel reports that QEMU's locks exist, but not who holds them. */
	dir = opendir("/proc");
	while (dir && !out->holder && (entry = readdir(dir))) {
		const char *pid = entry->d_name;

		if (pid[strspn(pid, "0123456789")] || !process_locks(pid, &st))
			continue;
		out->holder = probe_process_name(pid);
		out->own = state && probe_is_machine_of(pid, state);
	}
	if (dir)
		closedir(dir);
}
