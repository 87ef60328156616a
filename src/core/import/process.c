/* SPDX-License-Identifier: MIT */
#include "core/import/process.h"

#include "core/import/qemu_line.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/strv.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES (256 * 1024)

static char *working_directory(pid_t pid, struct error *err)
{
	char link[64], target[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	len = readlink(link, target, sizeof(target) - 1);
	if (len <= 0)
		return error_errno(err, "the working directory of process %d", (int)pid), NULL;
	return mem_strndup(target, (size_t)len);
}

bool import_process(pid_t pid, struct strv *argv, char **cwd, struct error *err)
{
	char path[64];
	struct stat st;
	char *line;
	ssize_t len;

	*cwd = NULL;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (stat(path, &st) < 0)
		return error_set(err, "there is no process %d", (int)pid);
	if (st.st_uid != getuid())
		return error_set(err, "process %d belongs to another user; only your own can be read", (int)pid);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	line = mem_alloc(LINE_MAX_BYTES);
	len = io_head(path, line, LINE_MAX_BYTES);
	for (const char *at = line; len > 0 && at < line + len; at += strlen(at) + 1)
		strv_add(argv, at);
	free(line);
	if (len < 0)
		return error_errno(err, "%s", path);
	if (len == LINE_MAX_BYTES - 1)
		return error_set(err, "the command line of process %d is longer than %d bytes", (int)pid, LINE_MAX_BYTES - 1);
	if (!argv->count || !qemu_program_check(argv->items[0]))
		return error_set(err, "process %d is not a QEMU", (int)pid);
	*cwd = working_directory(pid, err);
	return *cwd != NULL;
}
