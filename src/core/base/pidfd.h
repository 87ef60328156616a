/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_PIDFD_H
#define CORE_BASE_PIDFD_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/*
 * Signals for processes that are not children of this one. A pid that was read from a file or a socket may belong to
 * another process by now: open the pidfd, then check that the process is the one that is meant, then signal.
 * Children that are not reaped yet keep their pid; see loop_child_signal.
 */

/* Returns a descriptor that is readable when the process has ended, or -1: errno ESRCH if there is no such process. */
int pidfd_open_process(pid_t);
/* Fails if the process has ended, belongs to another user, or the kernel is older than Linux 5.3. */
bool pidfd_signal(int pidfd, int signo, struct error *);

#endif
