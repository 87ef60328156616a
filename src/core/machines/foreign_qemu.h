/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_FOREIGN_QEMU_H
#define CORE_MACHINES_FOREIGN_QEMU_H

#include <sys/types.h>

/* Use of a state directory by a QEMU that paddock did not start. */
enum foreign_qemu { FOREIGN_NONE, FOREIGN_RUNS, FOREIGN_UNKNOWN };

/*
 * Finds out whether a QEMU without a keeper of this user runs in a state
 * directory. Reads qemu.pid and checks the command line of that process
 * (-pidfile must name the same file), because its PID may have been recycled.
 * Returns FOREIGN_UNKNOWN if /proc does not show the process.
 */
enum foreign_qemu foreign_qemu_probe(const char *state, pid_t *pid);
/* Returns a descriptor that is readable when the process has exited, or -1 if the kernel does not support that. The caller
 * closes it. */
int foreign_qemu_watch(pid_t pid);

#endif
