/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/plan.h"
#include "ui/form_view.h"

#include <stdlib.h>
#include <string.h>

void form_command_finish(struct form_command *command)
{
	strv_finish(&command->args);
	free(command->changed);
	free(command->trouble);
	*command = (struct form_command){ 0 };
}

/* An option and its value share a line. Returns the arguments used. */
static size_t add_line(struct strv *out, const struct plan_arg *args, size_t left)
{
	bool pair = left > 1 && args[0].text[0] == '-' && args[1].text[0] != '-';

	if (pair)
		strv_addf(out, "%s %s", args[0].text, args[1].text);
	else
		strv_add(out, args[0].text);
	return pair ? 2 : 1;
}

static void args_of(const struct vm_config *config, struct strv *out, struct str *trouble)
{
	struct plan plan = { 0 };
	struct problems problems = { 0 };

	plan_make(config, false, &plan, &problems);
	for (size_t i = 0; i < plan.arg_count;)
		i += add_line(out, &plan.args[i], plan.arg_count - i);
	for (size_t i = 0; trouble && i < problems.count; i++) {
		char *line = problem_line(&problems.items[i], config->origin);

		str_addf(trouble, "%s\n", line);
		free(line);
	}
	problems_finish(&problems);
	plan_finish(&plan);
}

/*
 * The longest common subsequence of the two argument lists: what is not on
 * it was changed. Both are some dozens long.
 */
static void mark_changed(const struct strv *was, const struct strv *now, bool *changed)
{
	size_t columns = now->count + 1;
	unsigned *length = mem_array((was->count + 1) * columns, sizeof(*length));
	size_t i, j;

	for (i = was->count; i-- > 0;)
		for (j = now->count; j-- > 0;) {
			unsigned *here = &length[i * columns + j];
			unsigned down = here[columns], right = here[1];

			if (strcmp(was->items[i], now->items[j]) == 0)
				*here = here[columns + 1] + 1;
			else
				*here = down > right ? down : right;
		}
	for (i = j = 0; j < now->count;) {
		if (i < was->count && strcmp(was->items[i], now->items[j]) == 0) {
			changed[j++] = false;
			i++;
		} else if (i < was->count && length[(i + 1) * columns + j] >= length[i * columns + j + 1]) {
			i++;
		} else {
			changed[j++] = true;
		}
	}
	free(length);
}

void form_command_fill(struct form_command *command, const struct vm_config *saved, const struct vm_config *now,
                       bool is_new)
{
	struct strv was = { 0 };
	struct str trouble;

	form_command_finish(command);
	str_init(&trouble);
	args_of(now, &command->args, &trouble);
	command->changed = mem_array(command->args.count, sizeof(*command->changed));
	command->count = command->args.count;
	/* Of a profile that has no file yet everything is new: marks would say nothing. */
	if (!is_new) {
		args_of(saved, &was, NULL);
		mark_changed(&was, &command->args, command->changed);
	}
	command->trouble = str_detach(&trouble);
	strv_finish(&was);
}
