/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "ui/cli/command.h"
#include "ui/cli/command_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct cli_option options[] = {
	{ .takes = TAKES_NOTHING, .name = "--force", .letter = "-f", .meaning = "at once" },
	{ .takes = TAKES_VALUE, .name = "--timeout", .value = "SECONDS", .meaning = "how long" },
	{ .takes = OPTIONS_END },
};

/* Words are told apart by '|'. They stay readable until the next call. */
static bool read_words(const char *line, size_t most, struct command_words *out, struct error *err)
{
	static char copy[128], *words[16];
	char *next = copy;
	int count = 0;

	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	while (*line && next)
		words[count++] = strsep(&next, "|");
	return command_words_read(options, most, count, words, out, err);
}

static void options_can_be_before_and_after_the_name(void **state)
{
	static const struct {
		const char *line, *name, *force, *timeout;
	} rows[] = {
		{ "", NULL, NULL, NULL },
		{ "web", "web", NULL, NULL },
		{ "--force|web", "web", "", NULL },
		{ "web|-f", "web", "", NULL },
		{ "-force|web|--timeout|5", "web", "", "5" },
		{ "--timeout=5|web|-timeout=", "web", NULL, "" },
		{ "--timeout|-f|web", "web", NULL, "-f" },
		{ "--force|--|--force", "--force", "", NULL },
		{ "--|web", "web", NULL, NULL },
		{ "-", "-", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct command_words words;
		struct error err;

		if (!read_words(rows[i].line, 1, &words, &err))
			fail_msg("%s: %s", rows[i].line, err.text);
		if (!text_equal(words.name, rows[i].name) ||
		    !text_equal(command_words_value(&words, "--force"), rows[i].force) ||
		    !text_equal(command_words_value(&words, "--timeout"), rows[i].timeout))
			fail_msg("%s", rows[i].line);
	}
}

static void a_wrong_word_is_reported_with_a_suggestion(void **state)
{
	static const char *const rows[][2] = {
		{ "--forse|web", "unknown option '--forse'; did you mean --force?" },
		{ "-x|web", "unknown option '-x'; --help lists the options" },
		{ "--zzz=1", "unknown option '--zzz'; --help lists the options" },
		{ "--timeout", "--timeout needs a value: --timeout SECONDS" },
		{ "--force=yes|web", "--force takes no value" },
		{ "web|db", "unexpected argument 'db'; the NAME is 'web'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct command_words words;
		struct error err;

		assert_false(read_words(rows[i][0], 1, &words, &err));
		assert_string_equal(err.text, rows[i][1]);
	}
}

static void words_after_the_name_keep_their_order_among_options(void **state)
{
	struct command_words words;
	struct error err;

	(void)state;
	assert_true(read_words("--force|web|--timeout|5|add|--|-x", 3, &words, &err));
	assert_int_equal(words.count, 3);
	assert_string_equal(words.name, "web");
	assert_string_equal(words.words[0], "web");
	assert_string_equal(words.words[1], "add");
	assert_string_equal(words.words[2], "-x");
	assert_string_equal(command_words_value(&words, "--timeout"), "5");
	assert_false(read_words("web|add|x|y", 3, &words, &err));
	assert_string_equal(err.text, "unexpected argument 'y'");
	assert_true(read_words("--force", SIZE_MAX, &words, &err));
	assert_int_equal(words.count, 0);
}

static void every_command_has_a_usage_line_and_not_too_many_options(void **state)
{
	(void)state;
	for (const struct command *command = command_table(); command->name; command++) {
		const struct cli_option *option = command->options;
		int count = 0;

		assert_ptr_equal(command_find(command->name), command);
		assert_true(text_starts(command->usage, command->name));
		while (option && option[count].takes)
			count++;
		assert_true(count <= COMMAND_OPTIONS);
	}
	assert_null(command_find("nothing"));
}

static void help_stays_within_80_columns(void **state)
{
	(void)state;
	for (const struct command *command = command_table(); command->name; command++) {
		struct str help;
		char *line, *next;

		str_init(&help);
		command_options_help(command->options, &help);
		next = help.text;
		while ((line = strsep(&next, "\n")))
			assert_true(strlen(line) <= 80);
		str_finish(&help);
	}
}

static void the_names_of_other_programs_are_suggestions(void **state)
{
	(void)state;
	assert_string_equal(command_nearest("strat"), "start");
	assert_string_equal(command_nearest("list"), "ls");
	assert_string_equal(command_nearest("Destroy"), "kill");
	assert_null(command_nearest("vegetables"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_can_be_before_and_after_the_name),
		cmocka_unit_test(a_wrong_word_is_reported_with_a_suggestion),
		cmocka_unit_test(words_after_the_name_keep_their_order_among_options),
		cmocka_unit_test(every_command_has_a_usage_line_and_not_too_many_options),
		cmocka_unit_test(help_stays_within_80_columns),
		cmocka_unit_test(the_names_of_other_programs_are_suggestions),
	};

	return cmocka_run_group_tests_name("command words", tests, NULL, NULL);
}
