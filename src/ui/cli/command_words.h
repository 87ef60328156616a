/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_COMMAND_WORDS_H
#define UI_CLI_COMMAND_WORDS_H

#include "ui/cli/option.h"

#include <stddef.h>

struct error;
struct str;

/*
 * Reads the arguments of a subcommand with a few options and other words, such
 * as NAMEs, in any order. Pure. `run` and `argv` have more options: see options.h.
 */
#define COMMAND_OPTIONS 7	/* the most options that a subcommand has */

struct command_words {
	const struct cli_option *options;
	const char *name;			/* the first of the words; NULL: there are none */
	char **words;				/* what is not an option, in order: the first `count` of argv */
	size_t count;
	const char *given[COMMAND_OPTIONS];	/* the option's last value, "" for a switch; NULL: not given */
};

/*
 * options may be NULL for none; most: how many words that are not options may be given. They are moved to the beginning
 * of argv. On failure the error names the wrong argument.
 */
bool command_words_read(const struct cli_option *options, size_t most, int argc, char **argv, struct command_words *,
                        struct error *);
/* The value of an option, by its name, which must be in the table; NULL if not given. */
const char *command_words_value(const struct command_words *, const char *option);
/* Appends the options and their meanings, one per line; nothing if there are none. */
void command_options_help(const struct cli_option *options, struct str *out);

#endif
