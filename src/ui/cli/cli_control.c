/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_control.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/clients/client.h"
#include "core/machines/profile_change.h"

#include <stdio.h>

static void on_lost(void *data, const char *why)
{
	struct cli_control *control = data;

	control->failed = true;
	snprintf(control->error, sizeof(control->error), "%s", why);
	loop_quit(control->loop, 1);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	(void)end;
	on_lost(data, "the VM has ended");
}

bool cli_control_open(struct cli_control *control, const struct command_context *context, const struct command_words *words,
                      int *status)
{
	static const struct keeper_events events = { .lost = on_lost, .ended = on_ended };
	struct error err;

	*status = 1;
	*control = (struct cli_control){ .context = context, .word = words->name,
	                                 .save = words->options && command_words_value(words, "--save") != NULL };
	if (!vm_target_find(control->word, context->store, context->records, &control->target, &err)) {
		command_fail(&err);
		return false;
	}
	control->loop = loop_new();
	if (control->save && !control->target.is_profile)
		cli_error("%s is not a profile; --save changes profiles only", control->word);
	else if (!control->target.running && vm_target_is_held(&control->target, control->word, &err))
		command_fail(&err);
	else if (!control->target.running)
		return true;
	else if (!*control->target.entry.state)
		cli_error("%s: its entry in the registry does not say where its state directory is; it cannot be changed", control->word);
	else if ((control->vm.client = keeper_connect(control->loop, &control->target.entry, &keeper_watch, &events, control, &err)))
		*status = 0;
	else
		cli_error("%s cannot be reached: %s", control->word, err.text);
	if (*status) {
		cli_control_close(control);
		return false;
	}
	control->vm.state = control->target.entry.state;
	control->vm.records = context->records;
	return true;
}

void cli_control_close(struct cli_control *control)
{
	keeper_close(control->vm.client);
	loop_free(control->loop);
	vm_target_finish(&control->target);
}

void cli_control_heard(struct cli_control *control, const struct error *err)
{
	control->failed = err != NULL;
	if (err)
		snprintf(control->error, sizeof(control->error), "%s", err->text);
	loop_quit(control->loop, err != NULL);
}

void cli_control_done(void *data, const struct error *err)
{
	cli_control_heard(data, err);
}

int cli_control_wait(struct cli_control *control, struct control_job *job, const struct error *err)
{
	if (!job)
		return cli_error("%s: %s", control->word, err->text);
	loop_run(control->loop);
	return control->failed ? cli_error("%s: %s", control->word, control->error) : 0;
}

bool cli_control_may_change(const struct cli_control *control)
{
	if (control->target.running || control->save)
		return true;
	cli_error("%s is not running; %s", control->word,
	          control->target.is_profile ? "--save changes its profile" : "there is nothing to change");
	return false;
}

int cli_control_save(struct cli_control *control, int status, enum vm_setting setting, enum setting_action action,
                     const char *value)
{
	struct error err;

	if (status || !control->save)
		return status;
	if (profile_change(control->context->store, control->target.config.name, setting, action, value, &err))
		return 0;
	return cli_error("%s: %s%s", control->word, control->target.running ? "done, but the profile was not changed: " : "", err.text);
}
