/* SPDX-License-Identifier: MIT */
#ifndef BENCH_HOME_H
#define BENCH_HOME_H

#include <sys/types.h>

/* A fresh directory that is HOME and all for one program, with profiles whose QEMU is the bench guest. */

void home_make(char dir[64]);				/* exits on failure, as the others do */
void home_profile(const char *dir, const char *name);	/* has a state directory of its own */
void home_remove(const char *dir);

/* In a child: HOME and the rest. order is BENCH_GUEST; the guest ends with the process `bench`. */
void home_enter(const char *dir, const char *order, pid_t bench);
const char *home_guest(void);				/* the program */
/* What the guest left in its file NAME; -1 if there is none. */
double home_note(const char *dir, const char *name);

#endif
