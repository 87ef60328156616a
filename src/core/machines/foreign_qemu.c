/* SPDX-License-Identifier: MIT */
#include "core/machines/foreign_qemu.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/pidfd.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path may be relative to the working directory of the process. */
static bool names_pidfile(pid_t pid, const char *argument, const char *state)
{
	char *theirs = argument[0] == '/' ? mem_strdup(argument) :
	               mem_printf("/proc/%d/cwd/%s", (int)pid, argument);
	char *ours = path_join(state, KEPT_PID);
	bool same = path_same_file(theirs, ours);

	free(theirs);
	free(ours);
	return same;
}

static enum foreign_qemu judge(pid_t pid, const char *line, size_t len, const char *state)
{
	const char *end = line + len;

	for (const char *at = line; at < end; at += strlen(at) + 1) {
		if (strcmp(at, "-pidfile") != 0 && strcmp(at, "--pidfile") != 0)
			continue;
		const char *value = at + strlen(at) + 1;

		return value < end && names_pidfile(pid, value, state) ? FOREIGN_RUNS : FOREIGN_NONE;
	}
	return FOREIGN_NONE;
}

enum foreign_qemu foreign_qemu_probe(const char *state, pid_t *pid)
{
	static const size_t size = 256 * 1024;

	*pid = kept_pid(state);
	if (*pid == 0)
		return FOREIGN_NONE;
	/* Signal 0 only asks whether there is such a process. */
	if (kill(*pid, 0) < 0 && errno == ESRCH)
		return FOREIGN_NONE;

	char path[64];
	char *line = mem_alloc(size);

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)*pid);

	ssize_t len = io_head(path, line, size);
	enum foreign_qemu found = len < 0 ? FOREIGN_UNKNOWN : judge(*pid, line, (size_t)len, state);

	free(line);
	return found;
}

int foreign_qemu_watch(pid_t pid)
{
	return pidfd_open_process(pid);
}
