/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/orphan.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/pidfd.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan_data.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool holds_lock(pid_t pid, const struct stat *lock)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)pid, PLAN_LOCK_FD);
	return stat(path, &st) == 0 && st.st_dev == lock->st_dev && st.st_ino == lock->st_ino;
}

struct state_lock {
	struct stat lock;
	const char *directory;
};

/* Opens the pidfd first, so that the checks apply to that process or fail because it is gone. */
static bool try_process(pid_t pid, const struct state_lock *state, struct orphan *out, struct error *err)
{
	char text[24];
	int fd;

	if (!holds_lock(pid, &state->lock))
		return false;
	fd = pidfd_open_process(pid);
	if (fd < 0 && errno == ENOSYS) {
		error_set(err, "this kernel has no pidfds (Linux 5.3), without which QEMU cannot be signalled safely; kill %ld ends it",
		          (long)pid);
		err->code = ENOSYS;
	}
	if (fd < 0)
		return false;
	*out = (struct orphan){ .pid = pid, .pidfd = fd };
	snprintf(text, sizeof(text), "%ld", (long)pid);
	if (holds_lock(pid, &state->lock) && probe_is_machine_of(text, state->directory))
		return true;
	orphan_close(out);
	return false;
}

bool orphan_find(const char *state_dir, struct orphan *out, struct error *err)
{
	struct state_lock state = { .directory = state_dir };
	bool found = false;
	const struct dirent *entry;
	char *path;
	DIR *proc;

	*out = (struct orphan){ .pidfd = -1 };
	if (!*state_dir)
		return error_set(err, "its state directory is not known, so its QEMU cannot be found");
	path = path_join(state_dir, "lock");
	proc = stat(path, &state.lock) == 0 ? opendir("/proc") : NULL;
	free(path);
	error_set(err, "no QEMU of this user holds the lock of %s", state_dir);
	while (proc && !found && (entry = readdir(proc)) != NULL) {
		struct error ignored;
		uint64_t pid;

		found = number_parse(entry->d_name, 1, INT_MAX, &pid, &ignored) && try_process((pid_t)pid, &state, out, err);
	}
	if (proc)
		closedir(proc);
	return found;
}

bool orphan_signal(const struct orphan *orphan, int signo, struct error *err)
{
	return pidfd_signal(orphan->pidfd, signo, err);
}

bool orphan_wait(const struct orphan *orphan, unsigned ms)
{
	struct pollfd poller = { .fd = orphan->pidfd, .events = POLLIN };

	return poll(&poller, 1, (int)ms) > 0;
}

void orphan_close(struct orphan *orphan)
{
	if (orphan->pidfd >= 0)
		close(orphan->pidfd);
	*orphan = (struct orphan){ .pidfd = -1 };
}
