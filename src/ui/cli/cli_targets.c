/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_targets.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "ui/cli/cli_ask.h"
#include "ui/cli/command.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_targets_finish(struct cli_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		free(targets->items[i].word);
		vm_target_finish(&targets->items[i].vm);
	}
	free(targets->items);
	*targets = (struct cli_targets){ 0 };
}

static bool same_vm(const struct vm_target *one, const struct vm_target *other)
{
	if (one->running && other->running)
		return strcmp(one->entry.uuid, other->entry.uuid) == 0;
	return one->running == other->running && one->state && other->state && path_same(one->state, other->state);
}

/* Takes ownership of the VM's parts. */
static void add(struct cli_targets *targets, const char *word, struct vm_target *vm)
{
	for (size_t i = 0; i < targets->count; i++) {
		if (same_vm(&targets->items[i].vm, vm)) {
			vm_target_finish(vm);
			return;
		}
	}
	targets->items[targets->count++] = (struct cli_target){ mem_strdup(word), *vm };
}

static bool find_all(const struct command_context *context, struct cli_targets *targets)
{
	struct registry_list list = { 0 };
	struct error err;

	if (!registry_read(context->records, &list, &err)) {
		command_fail(&err);
		return false;
	}
	targets->items = mem_array(list.count ? list.count : 1, sizeof(targets->items[0]));
	for (size_t i = 0; i < list.count; i++) {
		struct vm_target vm;

		vm_target_of_entry(&list.items[i], &vm);
		add(targets, list.items[i].name, &vm);
	}
	registry_list_finish(&list);
	return true;
}

/* Prints an error for each name that is wrong. */
static bool find_named(const struct command_context *context, const struct command_words *words, struct cli_targets *targets)
{
	bool good = true;

	targets->items = mem_array(words->count, sizeof(targets->items[0]));
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->words[i];
		struct vm_target vm;
		struct error err;

		if (!vm_target_find(word, context->store, context->records, &vm, &err)) {
			command_fail(&err);
			good = false;
		} else if (vm_target_namesake_runs(&vm, word, context->records, &err)) {
			command_fail(&err);
			vm_target_finish(&vm);
			good = false;
		} else {
			add(targets, word, &vm);
		}
	}
	return good;
}

bool cli_targets_read(const struct command_context *context, int argc, char **argv, struct command_words *words,
                      struct cli_targets *targets, int *status)
{
	bool all;

	*targets = (struct cli_targets){ 0 };
	*status = 2;
	if (!command_read_words(context, SIZE_MAX, argc, argv, words))
		return false;
	all = command_words_value(words, "--all");
	if (all && words->count) {
		command_usage(context, "give NAMEs or --all, not both");
		return false;
	}
	if (!all && !words->count) {
		command_usage(context, "NAME is missing");
		return false;
	}
	*status = 1;
	if (!(all ? find_all(context, targets) : find_named(context, words, targets))) {
		cli_targets_finish(targets);
		return false;
	}
	if (targets->count)
		return true;
	cli_note("no VM is running");
	cli_targets_finish(targets);
	*status = 0;
	return false;
}

bool cli_targets_confirm(const struct cli_targets *targets, const struct command_context *context,
                         const struct command_words *words, const char *verb, const char *text)
{
	struct str names;
	char command[64];

	if (!command_words_value(words, "--all") || command_words_value(words, "--yes"))
		return true;
	snprintf(command, sizeof(command), "%s --all", context->name);
	if (!cli_may_ask(command))
		return false;
	str_init(&names);
	for (size_t i = 0; i < targets->count; i++)
		str_addf(&names, "%s%s", i ? ", " : "", targets->items[i].word);
	cli_note("%s %zu VM%s (%s)? %s", verb, targets->count, targets->count == 1 ? "" : "s", names.text, text);
	str_finish(&names);
	return cli_ask("y yes, Enter no: ") == 'y';
}

int cli_target_not_running(const struct cli_target *target)
{
	struct error err;

	if (vm_target_is_held(&target->vm, target->word, &err))
		return command_fail(&err);
	return cli_error("%s is not running", target->word);
}
