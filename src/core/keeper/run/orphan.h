/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_ORPHAN_H
#define CORE_KEEPER_RUN_ORPHAN_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A QEMU without a keeper: the keeper was killed, or its registry entry was removed. It is identified by the lock,
 * which it inherited, and by its arguments, which contain the state directory; qemu.pid alone may be outdated. Signals
 * go through a pidfd, so that they never reach another process with a recycled PID.
 */
struct orphan {
	pid_t pid;
	int pidfd;
};

/* Returns false if no process of this user is a QEMU that holds the lock of this directory. */
bool orphan_find(const char *state_dir, struct orphan *);
void orphan_signal(const struct orphan *, int signo);
/* Returns true if the process exits within that time. */
bool orphan_wait(const struct orphan *, unsigned ms);
void orphan_close(struct orphan *);

#endif
