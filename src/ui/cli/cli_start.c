/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_start.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/machines/resolve.h"
#include "core/machines/start.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/image.h"
#include "ui/cli/command.h"
#include "ui/cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_run_options(const struct command_context *context, int argc, char **argv, struct run_options *options,
                    int *status)
{
	struct error err;
	char *help;

	switch (options_parse(argc, argv, options, &err)) {
	case OPTIONS_OK:
		if (access(options->path, F_OK) == 0 || image_detect(options->path) != BOOT_AUTO ||
		    !vm_target_is_profile(options->path, context->store))
			return true;
		*status = cli_error("%s is a profile; paddock start %s starts it (options "
		                    "apply only to the path of an image)", options->path, options->path);
		break;
	case OPTIONS_HELP:
		help = options_help();
		fputs(help, stdout);
		free(help);
		*status = 0;
		break;
	case OPTIONS_USAGE:
		*status = command_usage(context, "%s", err.text);
		break;
	}
	run_options_finish(options);
	return false;
}

void cli_print_problems(const struct problems *problems, enum config_origin origin, bool quiet)
{
	/* Warnings come first, so that the last line says why the start fails. */
	for (int warnings = !quiet; warnings >= 0; warnings--) {
		for (size_t i = 0; i < problems->count; i++) {
			bool warning = problems->items[i].severity == PROBLEM_WARNING;

			if (warning != (warnings == 1))
				continue;

			char *line = problem_line(&problems->items[i], origin);

			cli_note("%s%s", warning ? "warning: " : "", line);
			free(line);
		}
	}
}

void cli_put_quoted(FILE *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

	if (*text && strspn(text, plain) == strlen(text)) {
		fputs(text, out);
		return;
	}
	putc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	}
	putc('\'', out);
}

bool cli_prepare_start(const struct command_context *context, const struct vm_config *config, unsigned manner,
                 struct start *start)
{
	bool quiet = manner & CLI_START_QUIET, ready;

	start_prepare(start, context->store, context->records, config,
	              (manner & CLI_START_TOLERANT ? START_TOLERANT : 0) | (quiet ? START_ALONE : 0));
	cli_print_problems(&start->problems, config->origin, quiet);
	ready = start->verdict == START_READY;
	if (ready && manner & CLI_START_VERBOSE) {
		fputs("paddock:", stderr);
		for (size_t i = 0; i < start->plan.arg_count; i++) {
			putc(' ', stderr);
			cli_put_quoted(stderr, start->plan.args[i].text);
		}
		putc('\n', stderr);
	}
	return ready;
}

static void print_note(const char *line)
{
	cli_note("%s", line);
}

struct start_wait cli_start_wait(uint64_t seconds)
{
	return (struct start_wait){ .deadline = seconds ? loop_now() + seconds * 1000 : 0, .say = print_note };
}

int cli_note_running(const char *word)
{
	cli_note("%s is already running; paddock attach %s opens its console", word, word);
	return 0;
}

int cli_start_vm(const struct command_context *context, const char *word, const struct vm_config *config, uint64_t seconds)
{
	struct start start;
	struct error err;
	int status = 1;

	if (cli_prepare_start(context, config, 0, &start)) {
		struct start_wait wait = cli_start_wait(seconds);

		switch (start_and_wait(context->records, &start.plan, &wait, &err)) {
		case START_DONE:
			status = 0;
			break;
		case START_JOINED:
		case START_RAN:
			status = cli_note_running(word);
			break;
		case START_FAILED:
			status = cli_error("%s: %s", config->name, err.text);
			break;
		}
	}
	start_finish(&start);
	return status;
}
