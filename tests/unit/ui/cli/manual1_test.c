/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "persist/atomic.h"
#include "ui/cli/command.h"
#include "ui/console/console_view.h"
#include "ui/details/changes_view.h"
#include "ui/details/details_view.h"
#include "ui/details/log_view.h"
#include "ui/form/form_view.h"
#include "ui/hardware/hardware_view.h"
#include "ui/kit/ask.h"
#include "ui/kit/view.h"
#include "ui/list/list_view.h"
#include "ui/main_view.h"
#include "ui/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MANUAL	"doc/paddock.1"
#define BEGIN	".\\\" begin keys: made from the key tables, see tests/unit/manual1_test.c\n"
#define END	".\\\" end keys\n"

static char *read_manual(void)
{
	struct error err;
	struct str text;

	str_init(&text);
	if (!file_read(MANUAL, 1 << 20, &text, &err))
		fail_msg("%s", err.text);
	return str_detach(&text);
}

/* One .It a row: "Up" and "k" that do the same are alternatives. */
static void add_keys(struct str *out, const char *title, const struct keybinding *keys)
{
	str_addf(out, ".Ss %s\n.Bl -tag -width \"PgDn, Space\" -compact\n", title);
	for (; keys->run; keys++) {
		if (!keys->help)
			continue;
		str_adds(out, ".It ");
		for (const char *at = keys->key; *at;) {
			size_t len = strcspn(at, " ");

			/* "\&" keeps punctuation from being taken for a delimiter. */
			str_addf(out, "Ic \\&%.*s", (int)len, at);
			at += len + strspn(at + len, " ");
			str_adds(out, *at ? " , " : "\n");
		}
		str_addf(out, "%s.\n", keys->help);
	}
	str_adds(out, ".El\n");
}

static char *keys_section(void)
{
	const struct view_ops *views[] = { main_view_ops(), list_view_ops(), details_view_ops(), log_view_ops(), changes_view_ops(), hardware_view_ops(),
		                           console_view_ops(), form_view_ops(), text_view_ops() };
	static const char *const titles[] = { "The screen", "List", "Details", "Log", "Changes", "Hardware", "Console", "Form", "Text" };
	struct str out;

	str_init(&out);
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		add_keys(&out, titles[i], views[i]->keys);
	add_keys(&out, "Everywhere", program_keys());
	return str_detach(&out);
}

static void the_keys_in_the_manual_are_those_of_the_tables(void **state)
{
	char *manual = read_manual(), *keys = keys_section();
	char *begin = strstr(manual, BEGIN), *end = strstr(manual, END);
	const char *update = getenv("UPDATE");

	(void)state;
	assert_non_null(begin);
	assert_non_null(end);
	begin += strlen(BEGIN);
	if (update && *update == '1') {
		FILE *file = fopen(MANUAL, "we");

		assert_non_null(file);
		fprintf(file, "%.*s%s%s", (int)(begin - manual), manual, keys, end);
		fclose(file);
	} else if (strlen(keys) != (size_t)(end - begin) || memcmp(begin, keys, strlen(keys)) != 0) {
		fail_msg("KEYS in %s is not what the tables say; UPDATE=1 rewrites it:\n%s", MANUAL, keys);
	}
	free(keys);
	free(manual);
}

static void every_subcommand_is_in_the_manual(void **state)
{
	char *manual = read_manual();

	(void)state;
	for (const struct command *command = command_table(); command->name; command++) {
		char *synopsis = mem_printf("\n.Cm %s\n", command->name), *item = mem_printf("\n.It Cm %s", command->name);

		if (!strstr(manual, synopsis) || !strstr(manual, item))
			fail_msg("%s does not describe %s", MANUAL, command->name);
		free(synopsis);
		free(item);
	}
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_keys_in_the_manual_are_those_of_the_tables),
		cmocka_unit_test(every_subcommand_is_in_the_manual),
	};

	return cmocka_run_group_tests_name("manual 1", tests, NULL, NULL);
}
