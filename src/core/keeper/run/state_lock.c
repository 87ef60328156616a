/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/state_lock.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/keeper/run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
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

/* From "PID NAME" in the file. QEMU holds the lock too, and may outlive a killed keeper. */
char *state_lock_text(const char *state_dir)
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

	char *who = state_lock_text(state_dir);

	return who ? who : mem_strdup("another process");
}
