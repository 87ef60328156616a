/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_ORPHAN_H
#define CORE_KEEPER_RUN_ORPHAN_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * The QEMU of a state directory, for when its keeper cannot end it: the keeper was killed, its registry entry was
 * removed, or QEMU does not react. It is identified by the lock, which it inherited, and by its arguments, which contain
 * the state directory; qemu.pid alone may be outdated. Signals go through a pidfd, so that they never reach another
 * process with a recycled PID.
 */
struct orphan {
	pid_t pid;
	int pidfd;
};

/*
 * Fails if no process of this user is a QEMU that holds the lock of this directory, and with code ENOSYS if there is one,
 * but the kernel has no pidfds (before Linux 5.3). The directory may be "": not known, as of a damaged registry entry.
 */
bool orphan_find(const char *state_dir, struct orphan *, struct error *);
bool orphan_signal(const struct orphan *, int signo, struct error *);
/* Returns true if the process exits within that time. */
bool orphan_wait(const struct orphan *, unsigned ms);
void orphan_close(struct orphan *);

#endif
