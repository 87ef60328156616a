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
 * What `start`, `run`, `argv` and `check` share: a plan with its problems
 * told on stderr, and a start that is waited for.
 */

/*
 * The words behind `run` or `argv`. False: *status is the exit status, help was printed or the
 * wrong word was told. True: options are to be finished.
 */
bool launch_options(const struct command_context *, int argc, char **argv, struct run_options *, int *status);
enum launch_manner {
	LAUNCH_TOLERANT = 1 << 0,	/* what QEMU judges itself is a warning: `run` */
	LAUNCH_QUIET = 1 << 1,		/* no warnings */
	LAUNCH_VERBOSE = 1 << 2		/* the argv too */
};

/* Each problem a line on stderr, "paddock: network.publish: reason" or "paddock: warning: ...". quiet: no warnings. */
void launch_tell(const struct problems *, enum config_origin, bool quiet);
/* Prepares, tells, and says whether it may start. manner: enum launch_manner. start is to be finished either way. */
bool launch_plan(const struct command_context *, const struct vm_config *, unsigned manner, struct start *);
/* Does a VM run in the plan's state directory? What refuses the start knows it better, but not what to do. */
bool launch_runs_already(const struct command_context *, const struct plan *);
/* As a POSIX shell reads it back. */
void launch_put_quoted(FILE *, const char *text);
enum launch_outcome {
	LAUNCH_FAILED,		/* and err says why */
	LAUNCH_STARTED,		/* by us, or by the start that was joined */
	LAUNCH_RAN		/* it ran before we came */
};

/*
 * These wait until the keeper says that the VM runs, print its steps and notices, and after 10 s a
 * line that says what the start waits for. deadline: as loop_now, 0 for none. When it has passed,
 * err->code is ETIMEDOUT, and a start of our own is undone, while somebody else's goes on. It is EBUSY
 * where the keeper did not start QEMU, perhaps because somebody else starts the same VM.
 */
bool launch_and_wait(const struct plan *, uint64_t deadline, struct error *);
/* Waits for a start that somebody else began. A VM that is being stopped is an error. */
enum launch_outcome launch_join(const struct registry_entry *, uint64_t deadline, struct error *);
/* Where somebody else starts or runs a VM in the plan's state directory, that one is joined. */
enum launch_outcome launch_or_join(const struct command_context *, const struct plan *, uint64_t deadline, struct error *);

#endif
