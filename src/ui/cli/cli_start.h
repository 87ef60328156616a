/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_CLI_START_H
#define UI_CLI_CLI_START_H

#include "core/machines/start_wait.h"
#include "core/vm/config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct command_context;
struct problems;
struct run_options;
struct start;

/*
 * Shared by `start`, `run`, `argv` and `check`: preparing a start, with its
 * problems printed on stderr, and waiting for the start.
 */

/*
 * Parses the arguments of `run` or `argv`. Returns true if the command can go on; the caller then finishes the
 * options. Returns false after printing the help or an error; *status is then the exit status.
 */
bool cli_run_options(const struct command_context *, int argc, char **argv, struct run_options *, int *status);
enum cli_start_manner {
	CLI_START_TOLERANT = 1 << 0,	/* problems that QEMU detects itself are warnings, as for `run` */
	CLI_START_QUIET = 1 << 1,		/* print no warnings */
	CLI_START_VERBOSE = 1 << 2		/* also print the argv */
};

/* Prints each problem as a line on stderr: "paddock: network.publish: reason" or "paddock: warning: ...". quiet: no warnings. */
void cli_print_problems(const struct problems *, enum config_origin, bool quiet);
/*
 * Prepares a start and prints its problems. Returns true if it may go ahead. manner: enum cli_start_manner. The caller
 * finishes start in both cases.
 */
bool cli_prepare_start(const struct command_context *, const struct vm_config *, unsigned manner, struct start *);
/* Prints the text quoted for a POSIX shell. */
void cli_put_quoted(FILE *, const char *text);
/* Starts a VM and waits until it runs, for at most that many seconds (0: no limit). word: as the user calls it. Returns the exit status. */
int cli_start_vm(const struct command_context *, const char *word, const struct vm_config *, uint64_t seconds);
/* Prints that it runs already; returns 0. */
int cli_note_running(const char *word);
/* How a start is waited for here: what there is to say is printed on stderr. seconds: from now; 0: no limit. */
struct start_wait cli_start_wait(uint64_t seconds);

#endif
