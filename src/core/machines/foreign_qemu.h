/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_FOREIGN_QEMU_H
#define CORE_MACHINES_FOREIGN_QEMU_H

#include <sys/types.h>

/* What someone else's QEMU does in a state directory. */
enum foreign { FOREIGN_NONE, FOREIGN_RUNS, FOREIGN_UNKNOWN };

/*
 * Whether a QEMU that no keeper of ours holds runs in a state directory:
 * its qemu.pid, checked against that process's command line (-pidfile must
 * name the same file), so that a number that was given out again is no VM.
 * FOREIGN_UNKNOWN where /proc does not show the process.
 */
enum foreign probe_state_dir(const char *state, pid_t *pid);
/* Readable when the process has ended; -1 where the kernel does not offer that. The caller's. */
int probe_watch(pid_t pid);

#endif
