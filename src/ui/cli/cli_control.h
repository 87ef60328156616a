/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_CLI_CONTROL_H
#define UI_CLI_CLI_CONTROL_H

#include "core/control/control.h"
#include "core/keeper/clients/protocol_control.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

struct loop;

/*
 * What the subcommands share that change a running VM: `port NAME add SPEC`
 * and its like. They do one change, wait for it, and with --save change the
 * profile too.
 */
struct cli_control {
	const struct command_context *context;
	const char *word;		/* NAME as given */
	bool save;			/* --save; false for commands without options */
	struct vm_target target;
	struct loop *loop;
	struct control_vm vm;		/* connected if target.running */
	bool failed;			/* the connection, or the change, with the reason in `error` */
	char error[1100];
};

/*
 * Finds NAME and connects to its keeper if it runs. Prints the error and returns false, with the exit status, for an
 * unknown name, a VM without a keeper, and --save without a profile. A VM that is off is not an error here.
 */
bool cli_control_open(struct cli_control *, const struct command_context *, const struct command_words *, int *status);
void cli_control_close(struct cli_control *);

/* To be passed to a function of core/control, with the cli_control as data. */
void cli_control_done(void *data, const struct error *);
/* Waits for the change, prints what went wrong, and returns the exit status. job NULL: it could not begin, see err. */
int cli_control_wait(struct cli_control *, struct control_job *, const struct error *err);
/* Ends a wait for something other than a change, from its callback. */
void cli_control_heard(struct cli_control *, const struct error *);
/*
 * After a change that was done, or of a VM that is off: with --save changes the profile. status: of the change; it is
 * returned if it is not 0.
 */
int cli_control_save(struct cli_control *, int status, enum vm_setting, enum setting_action, const char *value);
/* Prints that the VM must run for this, unless --save is given. Returns true if it runs or --save is given. */
bool cli_control_may_change(const struct cli_control *);

#endif
