/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/state_lock.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/keeper/run/lock.h"
#include "core/keeper/run/new_disk.h"
#include "core/qemu/host/layout.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A zombie has no program any more. */
static bool has_ended(pid_t pid)
{
	char program[64], text[2];

	/* Signal 0 only asks whether there is such a process. */
	if (kill(pid, 0) < 0 && errno == ESRCH)
		return true;
	snprintf(program, sizeof(program), "/proc/%ld/exe", (long)pid);
	return readlink(program, text, sizeof(text)) < 0 && errno == ENOENT && access("/proc/self/exe", F_OK) == 0;
}

/* Identifies the holder by "PID NAME" in the lock file. QEMU holds the lock too, and may outlive a killed keeper. */
static char *lock_text(const char *state_dir)
{
	char buf[128];
	char *path = path_join(state_dir, STATE_LOCK);
	int fd = own_file_open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);

	free(path);
	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';

	char *blank = strchr(buf, ' ');

	if (!blank)
		return NULL;
	*blank = '\0';

	uint64_t pid;
	struct error err;

	if (number_parse(buf, 1, INT_MAX, &pid, &err) && has_ended((pid_t)pid))
		return mem_printf("the QEMU of '%s', which has outlived its keeper; paddock kill ends it", blank + 1);
	return mem_printf("'%s' (pid %s)", blank + 1, buf);
}

/* Returns true for files that a start creates or reads in the state directory, except disks (which may be links) and sockets. */
static bool is_state_file(const char *name)
{
	static const char *const names[] = {
		STATE_LOCK, KEPT_UUID, KEPT_MAC, KEPT_IMAGE, "image-format", KEPT_PID, "data.iso", "last-run.ini", "started.ini",
		LAYOUT_UEFI_VARS, LAYOUT_UEFI_COMBINED,
	};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return (len > 4 && !strcmp(name + len - 4, ".log")) || (len > 6 && !strcmp(name + len - 6, ".times"));
}

bool state_dir_trusts(const char *state_dir, struct error *err)
{
	return own_dir_check(state_dir, err) && own_dir_check_files(state_dir, is_state_file, err);
}

enum state_lock_outcome state_lock(const char *state_dir, const char *who, int *lock, struct error *err)
{
	enum state_lock_outcome outcome = STATE_LOCK_FAILED;

	*lock = -1;
	if (!state_dir_trusts(state_dir, err))
		return STATE_LOCK_FAILED;

	char *path = path_join(state_dir, STATE_LOCK);

	*lock = lock_take(path);
	if (*lock >= 0) {
		new_disk_sweep(state_dir);

		char *text = mem_printf("%ld %s\n", (long)getpid(), who);

		/* The text is only for messages, so errors are ignored. */
		if (ftruncate(*lock, 0) == 0 && pwrite(*lock, text, strlen(text), 0) < 0)
			errno = 0;
		free(text);
		outcome = STATE_LOCK_TAKEN;
	} else if (errno == EWOULDBLOCK) {
		outcome = STATE_LOCK_HELD;
	} else {
		error_errno(err, "%s", path);
	}
	free(path);
	return outcome;
}

bool state_is_locked(const char *state_dir)
{
	char *path = path_join(state_dir, STATE_LOCK);
	bool locked = lock_is_held(path);

	free(path);
	return locked;
}

char *state_holder(const char *state_dir)
{
	if (!state_is_locked(state_dir))
		return NULL;

	char *who = lock_text(state_dir);

	return who ? who : mem_strdup("another process");
}
