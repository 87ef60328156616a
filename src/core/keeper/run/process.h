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

/*
 * Detaches a keeper, or another process that outlives the one that started it (core/jobs/job_run.h), from its parent:
 * signals and descriptors. word: the argument that it was executed with. Returns false if its two descriptors, which
 * have these numbers, are missing.
 */
bool process_detach(const char *word);
/* Closes all descriptors from `first` on. */
void process_close_from(int first);

#endif
