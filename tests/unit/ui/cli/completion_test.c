/* SPDX-License-Identifier: MIT */
/* The words that bash completes are the program's own. */
#include "core/base/alloc.h"
#include "core/base/strv.h"
#include "ui/cli/command.h"
#include "ui/cli/option_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What is offered behind these words, the last of which is not finished, in a directory with nothing in it. */
static void complete(const char *words, struct strv *out)
{
	char *script = mem_printf("bash -c '. doc/paddock.bash; cd /proc/self/fdinfo && COMP_WORDS=(paddock %s) && "
	                          "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _paddock && printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
	                          words);
	FILE *pipe = popen(script, "r");
	char line[256];

	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			strv_add(out, line);
	}
	assert_int_equal(pclose(pipe), 0);
	strv_sort(out);
	free(script);
}

static void assert_offers(const char *words, struct strv *want)
{
	struct strv got = { 0 };

	complete(words, &got);
	strv_sort(want);
	for (size_t i = 0; i < want->count; i++)
		if (!strv_has(&got, want->items[i]))
			fail_msg("paddock %s: %s is not offered", words, want->items[i]);
	for (size_t i = 0; i < got.count; i++)
		if (!strv_has(want, got.items[i]))
			fail_msg("paddock %s: %s is offered and is none", words, got.items[i]);
	strv_finish(&got);
	strv_finish(want);
}

static void every_subcommand_is_offered(void **state)
{
	struct strv want = { 0 };

	(void)state;
	for (const struct command *command = command_table(); command->name; command++)
		strv_add(&want, command->name);
	strv_add(&want, "--help");
	strv_add(&want, "--version");
	assert_offers("\"\"", &want);
}

static void add_options_of_run(struct strv *want)
{
	const struct cli_option *rows = run_options_known()->options;

	for (size_t i = 0; rows[i].takes; i++)
		strv_add(want, option_name(&rows[i]));
}

static void every_option_is_offered_after_its_subcommand(void **state)
{
	(void)state;
	for (const struct command *command = command_table(); command->name; command++) {
		const struct cli_option *option = command->options;
		bool as_run = command->run == command_run || command->run == command_argv;
		char *words = mem_printf("%s -", command->name);
		struct strv want = { 0 };

		if (as_run)
			add_options_of_run(&want);
		else if (command->run != command_help)
			strv_add(&want, "--help");
		for (; option && option->takes; option++)
			strv_add(&want, option->name);
		if (want.count)
			assert_offers(words, &want);
		free(words);
	}
}

/* Behind an option with a value no other option stands. */
static void options_are_not_offered_where_a_value_is_expected(void **state)
{
	const struct cli_option *rows = run_options_known()->options;

	(void)state;
	for (size_t i = 0; rows[i].takes; i++) {
		char *words = mem_printf("run %s -", option_name(&rows[i]));
		struct strv got = { 0 };

		complete(words, &got);
		if ((rows[i].value != NULL) == strv_has(&got, "--mem"))
			fail_msg("paddock %s", words);
		strv_finish(&got);
		free(words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_subcommand_is_offered),
		cmocka_unit_test(every_option_is_offered_after_its_subcommand),
		cmocka_unit_test(options_are_not_offered_where_a_value_is_expected),
	};

	if (system("command -v bash >/dev/null") != 0) {
		print_message("skipped: there is no bash\n");
		return 0;
	}
	return cmocka_run_group_tests_name("completion", tests, NULL, NULL);
}
