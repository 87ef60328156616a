/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_ORPHAN_H
#define CORE_KEEPER_RUN_ORPHAN_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The QEMU of a state directory that no keeper answers for: the keeper was killed, or its entry in the registry was
 * removed. It is known by the lock, which it inherited, and by its arguments, which name the directory; qemu.pid
 * alone may be wrong by now. It is signalled through a pidfd, so never another process that got its number.
 */
struct orphan {
	pid_t pid;
	int pidfd;
};

/* false: no process of ours is a QEMU that holds the lock of this directory. */
bool orphan_find(const char *state_dir, struct orphan *);
void orphan_signal(const struct orphan *, int signo);
/* true when it has ended within that time. */
bool orphan_wait(const struct orphan *, unsigned ms);
void orphan_close(struct orphan *);

#endif
