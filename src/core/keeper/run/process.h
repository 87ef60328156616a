/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PROCESS_H
#define CORE_KEEPER_RUN_PROCESS_H

#include <stdbool.h>

/*
 * How a keeper is executed: `/proc/self/exe KEEPER_WORD` with the plan on
 * descriptor KEEPER_PLAN_FD and the socket of its first client on
 * KEEPER_CLIENT_FD; and the setup of the keeper and of its children.
 */
#define KEEPER_WORD "--keeper"
#define KEEPER_PLAN_FD 3
#define KEEPER_CLIENT_FD 4

/* Detaches the keeper from its parent: session, signals, directory and descriptors. Returns false if its two descriptors
 * are missing. */
bool process_detach(void);
/* Closes all descriptors from `first` on. */
void process_close_from(int first);

#endif
