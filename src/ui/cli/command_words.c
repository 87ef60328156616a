/* SPDX-License-Identifier: MIT */
#include "ui/cli/command_words.h"

#include "core/base/error.h"
#include "core/base/quoted.h"
#include "core/base/str.h"

#include <assert.h>
#include <string.h>

#define MEANING_AT 24		/* column where the meanings begin */

bool command_words_read(const struct cli_option *options, size_t most, int argc, char **argv, struct command_words *out,
                        struct error *err)
{
	const struct option_set set = { .options = options, .hint = "--help lists the options" };
	struct option_reader reader = { .set = &set, .words = argv, .count = argc };
	enum option_outcome outcome;

	*out = (struct command_words){ .options = options, .words = argv };
	while ((outcome = option_next(&reader, err)) == OPTION_READ) {
		if (reader.option)
			out->given[reader.option - options] = reader.text;
		else if (out->count == most)
			return error_set(err, "unexpected argument %s%s%s", quoted(reader.text).text,
			                 most == 1 ? "; the NAME is " : "", most == 1 ? quoted(out->name).text : "");
		else
			/* It was read from here or from further on. */
			argv[out->count++] = reader.words[reader.at - 1];
		out->name = out->count > 0 ? argv[0] : NULL;
	}
	return outcome == OPTION_NO_MORE;
}

const char *command_words_value(const struct command_words *words, const char *option)
{
	for (int i = 0; words->options && words->options[i].takes; i++) {
		assert(i < COMMAND_OPTIONS);
		if (strcmp(words->options[i].name, option) == 0)
			return words->given[i];
	}
	assert(!"an option of the table");
	return NULL;
}

void command_options_help(const struct cli_option *options, struct str *out)
{
	for (; options && options->takes; options++) {
		size_t len = option_add_spelling(options, out);

		str_addf(out, "%*s%s\n", (int)(MEANING_AT - len), "", options->meaning);
	}
}
