/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PLAN_RUNNER_FILES_H
#define CORE_KEEPER_RUN_PLAN_RUNNER_FILES_H

#include <stdbool.h>

struct error;
struct plan_step;

/*
 * The steps of a plan that create files. They write a temporary file next to
 * the final path, so that the file is complete or missing.
 */
bool files_write(const struct plan_step *, struct error *);
/* Copies a template of UEFI variables; the mode is 0600 if the step has none. */
bool files_copy_vars(const struct plan_step *, struct error *);

#endif
