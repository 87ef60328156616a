/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_CLI_STOP_H
#define UI_CLI_CLI_STOP_H

#include "core/machines/stop_wait.h"

struct cli_targets;
struct command_context;
struct command_words;

/* Shared by `stop`, `kill` and `restart`: how they stop VMs. */

/* Reads --timeout and --force. Prints an error and returns false if the time is wrong: exit with status 2. */
bool cli_stop_options(const struct command_context *, const struct command_words *, struct stop_wait *);
/*
 * Stops all targets that run, at the same time, and prints a line for each one that does not end. For a target that is
 * off, `off` is called. ended is called when a VM has ended; both get the target's index, and return an exit status.
 * Returns the highest one, 1 if a VM was not stopped.
 */
typedef int cli_stop_fn(void *data, size_t target);
int cli_stop(const struct cli_targets *, struct stop_wait *, cli_stop_fn *off, cli_stop_fn *ended, void *data);

#endif
