/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_COMMAND_WORDS_H
#define UI_CLI_COMMAND_WORDS_H

#include <stdbool.h>

struct error;
struct str;

/*
 * The words behind a subcommand that takes a few options and at most one
 * NAME, in any order: --option, -option, --option VALUE, --option=VALUE; "--"
 * ends the options. Pure. `run` and `argv` have more: see ui/options.h.
 */
#define COMMAND_OPTIONS 3	/* no subcommand has more */

struct command_option {
	const char *name;	/* with its dashes; NULL ends a table */
	const char *letter;	/* "-f"; NULL: none */
	const char *value;	/* what its value is called; NULL: a switch */
	const char *meaning;	/* for --help */
};

struct command_words {
	const struct command_option *options;
	const char *name;			/* NULL: none stands there; else one of the words */
	const char *given[COMMAND_OPTIONS];	/* its value, "" for a switch; NULL: not given. The last one counts. */
};

/* options may be NULL: there are none. The error names the wrong word. */
bool command_words_read(const struct command_option *options, int argc, char **argv, struct command_words *,
                        struct error *);
/* By the option's name, which must be in the table; NULL: not given. */
const char *command_words_value(const struct command_words *, const char *option);
/* The options and what they mean, one a line; nothing where there are none. */
void command_options_help(const struct command_option *options, struct str *out);

#endif
