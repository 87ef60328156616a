/* SPDX-License-Identifier: MIT */
#include "ui/cli/command_words.h"

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "ui/cli/option_table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MEANING_AT 24		/* column where the meanings begin */

static bool unknown_option(const struct command_option *options, const char *word, size_t len, struct error *err)
{
	char name[64];
	struct nearest nearest;

	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	nearest = nearest_to(name + strspn(name, "-"));
	for (; options && options->name; options++)
		nearest_try(&nearest, options->name + 2);
	if (nearest.best)
		return error_set(err, "unknown option %s; did you mean --%s?", quoted(name).text, nearest.best);
	return error_set(err, "unknown option %s; --help lists the options", quoted(name).text);
}

/* Reads the option at argv[*at], and moves *at to its value if that is the next word. */
static bool take_option(struct command_words *words, int argc, char **argv, int *at, struct error *err)
{
	const struct command_option *option = words->options;
	const char *word = argv[*at];
	size_t len = strcspn(word, "=");

	while (option && option->name && !option_is_called(option->name, option->letter, word, len))
		option++;
	if (!option || !option->name)
		return unknown_option(words->options, word, len, err);

	const char **given = &words->given[option - words->options];

	if (!option->value) {
		if (word[len])
			return error_set(err, "%s takes no value", option->name);
		*given = "";
		return true;
	}
	if (!word[len] && *at + 1 >= argc)
		return error_set(err, "%s needs a value: %s %s", option->name, option->name, option->value);
	*given = word[len] ? word + len + 1 : argv[++*at];
	return true;
}

bool command_words_read(const struct command_option *options, int argc, char **argv, struct command_words *out,
                        struct error *err)
{
	bool open = true;	/* no "--" yet */

	*out = (struct command_words){ .options = options };
	for (int at = 0; at < argc; at++) {
		if (open && strcmp(argv[at], "--") == 0) {
			open = false;
		} else if (open && argv[at][0] == '-' && argv[at][1]) {
			if (!take_option(out, argc, argv, &at, err))
				return false;
		} else if (out->name) {
			return error_set(err, "unexpected argument %s; the NAME is %s", quoted(argv[at]).text,
			                 quoted(out->name).text);
		} else {
			out->name = argv[at];
		}
	}
	return true;
}

const char *command_words_value(const struct command_words *words, const char *option)
{
	for (int i = 0; words->options && words->options[i].name; i++) {
		assert(i < COMMAND_OPTIONS);
		if (strcmp(words->options[i].name, option) == 0)
			return words->given[i];
	}
	assert(!"an option of the table");
	return NULL;
}

void command_options_help(const struct command_option *options, struct str *out)
{
	for (; options && options->name; options++) {
		size_t from = out->len;

		str_addf(out, "  %s%s%s%s%s", options->letter ? options->letter : "", options->letter ? ", " : "",
		         options->name, options->value ? " " : "", options->value ? options->value : "");
		str_addf(out, "%*s%s\n", (int)(MEANING_AT - (out->len - from)), "", options->meaning);
	}
}
