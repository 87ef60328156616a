/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/number.h"
#include "core/jobs/job_list.h"
#include "ui/cli/command.h"
#include "ui/cli/vm_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_table(const struct job_list *list)
{
	if (list->count)
		printf("%4s  %-9s  %4s  %s\n", "JOB", "STATE", "DONE", "WHAT");
	for (size_t i = 0; i < list->count; i++) {
		const struct job_entry *entry = &list->items[i];
		const char *more = *entry->error ? entry->error : entry->state == JOB_DONE ? "" : entry->step;
		char *title = format_plain(entry->title), *plain = format_plain(more);

		printf("%4u  %-9s  %3u%%  %s%s%s\n", entry->id, job_state_name(entry->state), entry->percent, title, *plain ? ": " : "",
		       plain);
		free(title);
		free(plain);
	}
}

static int list(const struct command_context *context, bool json)
{
	struct job_list jobs;
	struct error err;

	if (!job_list_read(context->records, &jobs, &err))
		return command_fail(&err);
	if (json)
		jobs_print_json(&jobs);
	else
		print_table(&jobs);
	job_list_finish(&jobs);
	return 0;
}

int command_jobs(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct error err;
	uint64_t id;

	if (!command_read_words(context, 2, argc, argv, &words))
		return 2;
	if (words.count == 0)
		return list(context, command_words_value(&words, "--json") != NULL);
	if (words.count != 2 || strcmp(words.words[0], "cancel") != 0)
		return command_usage(context, "after jobs comes nothing or `cancel ID`");
	if (!number_parse(words.words[1], 1, 1000000, &id, &err))
		return command_usage(context, "%s: %s", words.words[1], err.text);
	return job_cancel(context->records, (unsigned)id, &err) ? 0 : command_fail(&err);
}
