/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_LAUNCH_H
#define UI_CLI_LAUNCH_H

#include "core/vm/config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct command_context;
struct error;
struct plan;
struct problems;
struct registry_entry;
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
bool launch_options(const struct command_context *, int argc, char **argv, struct run_options *, int *status);
enum launch_manner {
	LAUNCH_TOLERANT = 1 << 0,	/* problems that QEMU detects itself are warnings, as for `run` */
	LAUNCH_QUIET = 1 << 1,		/* print no warnings */
	LAUNCH_VERBOSE = 1 << 2		/* also print the argv */
};

/* Prints each problem as a line on stderr: "paddock: network.publish: reason" or "paddock: warning: ...". quiet: no warnings. */
void launch_tell(const struct problems *, enum config_origin, bool quiet);
/*
 * Prepares a start and prints its problems. Returns true if it may go ahead. manner: enum launch_manner. The caller
 * finishes start in both cases.
 */
bool launch_plan(const struct command_context *, const struct vm_config *, unsigned manner, struct start *);
/*
 * True if a VM runs in the plan's state directory. The lock decides, but its error does not say that `attach` is the
 * way to that VM.
 */
bool launch_runs_already(const struct command_context *, const struct plan *);
/* Prints the text quoted for a POSIX shell. */
void launch_put_quoted(FILE *, const char *text);
enum launch_outcome {
	LAUNCH_FAILED,		/* err says why */
	LAUNCH_STARTED,		/* by this process, or by the start that it joined */
	LAUNCH_RAN		/* it was already running */
};

/*
 * The next three functions wait until the keeper reports that the VM runs. They print its steps and notices, and after
 * 10 s what the start is waiting for. deadline is a time as from loop_now, or 0 for none. When it passes, err->code is
 * ETIMEDOUT; a start that this process began is undone, and any other start continues. err->code is EBUSY if the keeper
 * did not start QEMU, for example because another process is starting the same VM.
 */
bool launch_and_wait(const struct plan *, uint64_t deadline, struct error *);
/* Waits for a start that another process began. Fails if the VM is being stopped. */
enum launch_outcome launch_join(const struct registry_entry *, uint64_t deadline, struct error *);
/* Starts the plan, or joins the start or VM that another process has in the same state directory. */
enum launch_outcome launch_or_join(const struct command_context *, const struct plan *, uint64_t deadline, struct error *);

#endif
