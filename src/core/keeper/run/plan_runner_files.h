/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PLAN_RUNNER_FILES_H
#define CORE_KEEPER_RUN_PLAN_RUNNER_FILES_H

#include <stdbool.h>

struct error;
struct plan_step;

/*
 * The steps of a plan that make files of their own bytes: by a temporary file
 * beside the place, so that it is whole or not there. carry.c calls them.
 */
bool files_write(const struct plan_step *, struct error *);
/* What firmware keeps begins as a copy; mode 0600 where the step has none. */
bool files_copy_vars(const struct plan_step *, struct error *);

#endif
