/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PROCESS_H
#define CORE_KEEPER_RUN_PROCESS_H

#include <stdbool.h>

/*
 * How a keeper is executed: `/proc/self/exe KEEPER_WORD` with the plan on
 * descriptor KEEPER_PLAN_FD and its first client's socket on
 * KEEPER_CLIENT_FD; and what it and its children do to themselves before
 * anything else.
 */
#define KEEPER_WORD "--keeper"
#define KEEPER_PLAN_FD 3
#define KEEPER_CLIENT_FD 4

/* Nothing of whoever started the keeper stays; false: its two descriptors are not there. */
bool process_detach(void);
/* Closes every descriptor from this one on. */
void process_close_from(int first);

#endif
