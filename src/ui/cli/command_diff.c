/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/machines/pending.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

#include <stdio.h>

/* As of diff(1). */
enum { SAME, DIFFERS, TROUBLE };

/* In the form of a profile; a setting that is not set has no line. */
static void print_changes(const char *name, const struct pending *pending)
{
	const char *section = NULL;

	cli_line("--- %s: running", name);
	cli_line("+++ %s: next start", name);
	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_change *change = &pending->items[i];
		const struct setting *info = setting_info(change->setting);

		if (!text_equal(info->section, section))
			printf("[%s]\n", info->section);
		section = info->section;
		if (change->now)
			cli_line("-%s = %s", info->key, change->now);
		if (change->next)
			cli_line("+%s = %s", info->key, change->next);
	}
}

static bool read_changes(const struct command_context *context, const char *word, struct vm_target *target,
                         struct pending *pending, struct error *err)
{
	if (!target->running)
		return error_set(err, "%s does not run; diff compares a running VM with its profile", word);
	if (target->broken)
		return error_set(err, "%s", target->broken);
	if (!target->is_profile)
		return error_set(err, "%s runs without a profile, so there is nothing to compare", word);
	if (!target->entry.state || !pending_read(pending, context->records, target->entry.state, target->entry.uuid, &target->config))
		return error_set(err, "what %s was started with is not known", word);
	return true;
}

int command_diff(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct pending pending = { 0 };
	struct error err;
	int status = TROUBLE;

	if (!command_read(context, argc, argv, &words))
		return TROUBLE;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err)) {
		command_fail(&err);
		return TROUBLE;
	}
	if (!read_changes(context, words.name, &target, &pending, &err)) {
		command_fail(&err);
	} else {
		status = pending.count ? DIFFERS : SAME;
		if (pending.count)
			print_changes(target.config.name, &pending);
	}
	pending_finish(&pending);
	vm_target_finish(&target);
	return status;
}
