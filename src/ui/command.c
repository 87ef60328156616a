/* SPDX-License-Identifier: MIT */
#include "ui/command.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "ui/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command *command_table(void)
{
	static const struct command commands[] = {
		{ "run", command_run, "run [OPTIONS] PATH", "start an image, its console on this terminal" },
		{ "start", command_start, "start NAME", "start a VM and leave it running" },
		{ "attach", command_attach, "attach [--read-only] NAME", "the console of a running VM on this terminal" },
		{ "stop", command_stop, "stop [--timeout SECONDS] [--force] NAME", "press the power button and wait" },
		{ "ls", command_ls, "ls [--json]", "list the saved and the running VMs" },
		{ "log", command_log, "log [-f] [--boot N] NAME", "print what the console showed" },
		{ "argv", command_argv, "argv [--null|--lines|--explain] NAME | [OPTIONS] PATH", "print QEMU's command line" },
		{ "check", command_check, "check NAME", "say what is wrong with a VM, one line each" },
		{ "reset-uefi", command_reset_uefi, "reset-uefi NAME", "forget what its UEFI firmware has stored" },
		{ NULL, NULL, NULL, NULL },
	};

	return commands;
}

int command_fail(const struct error *err)
{
	return command_failf("%s", err->text);
}

/* One line, whatever the names in it are made of. */
__attribute__((format(printf, 2, 0)))
static void tell(const char *before, const char *fmt, va_list ap)
{
	struct str text;

	fflush(stdout);
	str_init(&text);
	str_vaddf(&text, fmt, ap);

	char *plain = words_plain(text.text);

	fprintf(stderr, "paddock: %s%s\n", before, plain);
	free(plain);
	str_finish(&text);
}

int command_failf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell("", fmt, ap);
	va_end(ap);
	return 1;
}

int command_usage(const struct command_context *context, const char *fmt, ...)
{
	char before[32];
	va_list ap;

	snprintf(before, sizeof(before), "%s: ", context->name);
	va_start(ap, fmt);
	tell(before, fmt, ap);
	va_end(ap);
	fprintf(stderr, "usage: paddock %s\n", context->usage);
	return 2;
}

enum option_match command_option(const char *name, int argc, char **argv, int *at, const char **value)
{
	const char *word = argv[*at];
	size_t len = strlen(name);

	if (strncmp(word, name, len) != 0)
		return OPTION_NO;
	if (!word[len]) {
		if (!value) {
			++*at;
			return OPTION_YES;
		}
		if (*at + 1 >= argc)
			return OPTION_NO_VALUE;
		*value = argv[*at + 1];
		*at += 2;
		return OPTION_YES;
	}
	if (word[len] != '=' || !value)
		return OPTION_NO;
	*value = word + len + 1;
	++*at;
	return OPTION_YES;
}
