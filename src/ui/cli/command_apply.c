/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/machines/apply.h"
#include "core/machines/pending.h"
#include "ui/cli/cli_control.h"

#include <stdlib.h>

struct applying {
	struct cli_control *control;
	size_t failed;
	bool over;
};

static void applied(void *data, const struct apply_outcome *outcome)
{
	struct applying *applying = data;

	for (size_t i = 0; i < outcome->errors.count; i++)
		cli_error("%s: %s", applying->control->word, outcome->errors.items[i]);
	applying->failed = outcome->errors.count;
	applying->over = true;
	loop_quit(applying->control->loop, 0);
}

static void print_line(const struct pending_change *change, const char *what)
{
	char *value = pending_value(change, change->next != NULL || !setting_info(change->setting)->repeatable);
	char label[64];

	cli_line("%s %s: %s", setting_label(change->setting, CONFIG_PROFILE, label, sizeof(label)), value, what);
	free(value);
}

static int apply(struct cli_control *control)
{
	struct pending pending = { 0 }, left = { 0 };
	struct applying applying = { .control = control };
	const struct vm_target *target = &control->target;

	if (!target->entry.state || !pending_read(&pending, control->context->records, target->entry.state, target->entry.uuid, &target->config))
		return cli_error("what %s was started with is not known", control->word);
	apply_run(apply_new(&control->vm, &pending, applied, &applying));
	/* It ends early if the connection is lost; closing that then fails what is left. */
	if (!applying.over)
		loop_run(control->loop);
	keeper_close(control->vm.client);
	control->vm.client = NULL;
	/* What was done is what no longer differs. */
	pending_read(&left, control->context->records, target->entry.state, target->entry.uuid, &target->config);
	for (size_t i = 0; i < pending.count; i++)
		if (pending.items[i].live && !pending_has(&left, &pending.items[i]))
			print_line(&pending.items[i], pending.items[i].next ? "added" : "removed");
	for (size_t i = 0; i < pending.count; i++)
		if (!pending.items[i].live)
			print_line(&pending.items[i], "waits for a restart");
	pending_finish(&left);
	pending_finish(&pending);
	return applying.failed ? 1 : 0;
}

int command_apply(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	if (!control.target.running)
		status = cli_error("%s is not running; its next start has its profile's settings", control.word);
	else if (control.target.broken)
		status = cli_error("%s", control.target.broken);
	else if (!control.target.is_profile)
		status = cli_error("%s runs without a profile, so there is nothing to apply", control.word);
	else
		status = apply(&control);
	cli_control_close(&control);
	return status;
}
