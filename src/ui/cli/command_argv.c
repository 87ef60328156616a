/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/machines/resolve.h"
#include "core/machines/start.h"
#include "core/vm/image.h"
#include "ui/cli/command.h"
#include "ui/cli/cli_start.h"
#include "ui/cli/option_table.h"
#include "ui/cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum form { FORM_SHELL, FORM_LINES, FORM_NULL, FORM_EXPLAIN };

static void print_argv(const struct plan *plan, enum form form)
{
	size_t width = 0;
	char *plain;

	for (size_t i = 0; i < plan->arg_count; i++)
		if (strlen(plan->args[i].text) > width)
			width = strlen(plan->args[i].text);
	if (width > 60)
		width = 60;
	for (size_t i = 0; i < plan->arg_count; i++) {
		const struct plan_arg *arg = &plan->args[i];

		switch (form) {
		case FORM_SHELL:
			if (i)
				putchar(' ');
			cli_put_quoted(stdout, arg->text);
			break;
		case FORM_LINES:
			puts(arg->text);
			break;
		case FORM_NULL:
			fputs(arg->text, stdout);
			putchar('\0');
			break;
		case FORM_EXPLAIN:
			/* For people to read: one line per argument, whatever it contains. */
			plain = format_plain(arg->text);
			printf("%-*s  %s\n", (int)width, plain, arg->origin ? arg->origin : "");
			free(plain);
			break;
		}
	}
	if (form == FORM_SHELL)
		putchar('\n');
}

/* Creates and starts nothing. Reports what would prevent the start, and prints the rest anyway. */
static int print_argv_of(const struct command_context *context, const struct vm_config *config, bool running, enum form form)
{
	unsigned options = START_DRY | START_ALONE | (running ? START_RUNS : 0) |
	                   (config->origin == CONFIG_COMMAND_LINE ? START_TOLERANT : 0);
	struct start start;
	int status;

	start_prepare(&start, context->store, context->records, config, options);
	cli_print_problems(&start.problems, config->origin, false);
	if (start.planned)
		print_argv(&start.plan, form);
	status = start.planned ? 0 : 1;
	start_finish(&start);
	return status;
}

static bool take_form(const char *word, enum form *form)
{
	static const struct { const char *word; enum form form; } forms[] = {
		{ "lines", FORM_LINES }, { "null", FORM_NULL }, { "explain", FORM_EXPLAIN },
	};

	if (word[0] != '-')
		return false;
	word += word[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(word, forms[i].word) == 0) {
			*form = forms[i].form;
			return true;
		}
	}
	return false;
}

/* A single word that names a profile or a running VM means that one; otherwise it is a command line of `run`. */
static bool print_named(const struct command_context *context, const char *word, enum form form, int *status)
{
	struct vm_target target;
	struct error err;

	if (word[0] == '-')
		return false;
	if (!vm_target_find(word, context->store, context->records, &target, &err)) {
		if (!vm_target_is_profile(word, context->store))
			return false;
		*status = command_fail(&err);
		return true;
	}

	/* A path is kept as typed, because `run` would pass it on like that. */
	bool named = target.broken || (target.has_config && (target.is_profile || image_detect(word) == BOOT_AUTO));
	if (target.broken)
		*status = cli_error("%s", target.broken);
	else if (named)
		*status = print_argv_of(context, &target.config, target.running, form);
	vm_target_finish(&target);
	return named;
}

/* The word after an option of `run` may be its value. */
static bool may_be_value(int at, char **argv)
{
	const struct cli_option *options = run_options_known()->options;
	const struct cli_option *before = at > 0 ? option_find(options, argv[at - 1], strlen(argv[at - 1])) : NULL;

	return before && before->value;
}

int command_argv(const struct command_context *context, int argc, char **argv)
{
	enum form form = FORM_SHELL;
	int at = 0, status = 1;

	while (at < argc && take_form(argv[at], &form))
		at++;
	while (at < argc && !may_be_value(argc - 1, argv) && take_form(argv[argc - 1], &form))
		argc--;

	int name = argc - at == 2 && strcmp(argv[at], "--") == 0 ? at + 1 : at;

	if (argc - name == 1 && print_named(context, argv[name], form, &status))
		return status;

	struct run_options options;
	if (!cli_run_options(context, argc - at, argv + at, &options, &status))
		return status;
	if (options.save)
		status = command_usage(context, "--save works only with run; argv creates nothing");
	else
		status = print_argv_of(context, &options.config, false, form);
	run_options_finish(&options);
	return status;
}
