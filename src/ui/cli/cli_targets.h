/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_CLI_TARGETS_H
#define UI_CLI_CLI_TARGETS_H

#include "core/machines/resolve.h"

#include <stdbool.h>
#include <stddef.h>

struct command_context;
struct command_words;

/*
 * The VMs that a subcommand with several NAMEs is about. All names are resolved before anything is done: if one is
 * unknown or ambiguous, nothing happens to any VM. A VM that is named twice is in the list once.
 */
struct cli_target {
	char *word;			/* as given; with --all the VM's name */
	struct vm_target vm;
};

struct cli_targets {
	struct cli_target *items;
	size_t count;
};

/*
 * Reads the options, and resolves the NAMEs, or with --all lists the VMs that run. Prints every error. Returns false with
 * the exit status if there is nothing to do; otherwise the caller finishes the targets.
 */
bool cli_targets_read(const struct command_context *, int argc, char **argv, struct command_words *, struct cli_targets *,
                      int *status);
void cli_targets_finish(struct cli_targets *);
/*
 * With --all, asks on a terminal before what cannot be undone, unless --yes is given: "Kill 2 VMs (a, b)? TEXT". Returns
 * false after "no", or after an error without a terminal.
 */
bool cli_targets_confirm(const struct cli_targets *, const struct command_context *, const struct command_words *,
                         const char *verb, const char *text);
/* Prints, if it is running without a keeper that is registered, why it cannot be reached, otherwise that it is not running; returns 1. */
int cli_target_not_running(const struct cli_target *);

#endif
