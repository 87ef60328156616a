/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_PROCESS_H
#define CORE_KEEPER_RUN_PROCESS_H

#include <stdbool.h>

/*
 * What a keeper and its children do to themselves before anything else.
 */

/* Nothing of whoever started the keeper stays; false: its two descriptors are not there. */
bool process_detach(void);
/* Closes every descriptor from this one on. */
void process_close_from(int first);

#endif
