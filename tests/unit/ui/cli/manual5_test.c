/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/config.h"
#include "persist/atomic.h"
#include "persist/ini/ini_read.h"
#include "persist/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MANUAL "doc/paddock.5"
#define EXAMPLE ".Bd -literal -offset indent\n"

static int read_manual(void **state)
{
	struct error err;
	struct str text;

	str_init(&text);
	if (!file_read(MANUAL, 1 << 20, &text, &err))
		return -1;
	*state = str_detach(&text);
	return 0;
}

static int free_manual(void **state)
{
	free(*state);
	return 0;
}

/* The text between a request line and the next of the same macro, so that keys of other sections do not count. */
static char *part(const char *text, const char *begin, const char *end)
{
	const char *at = text ? strstr(text, begin) : NULL;
	const char *stop;

	if (!at)
		return NULL;
	stop = strstr(at + strlen(begin), end);
	return stop ? mem_strndup(at, (size_t)(stop - at)) : mem_strdup(at);
}

static void the_manual_has_every_setting_in_its_section(void **state)
{
	char *profiles = part(*state, ".Sh PROFILES\n", ".Sh SETTINGS\n");

	assert_non_null(profiles);
	for (int i = 0; i < VM_SETTINGS; i++) {
		const struct setting *info = setting_info((enum vm_setting)i);
		char *begin = mem_printf(".Ss Section %s\n", info->section);
		char *item = mem_printf(".It Ic %s\n", info->key);
		char *section = part(profiles, begin, ".Ss ");
		char *entry = section ? part(section, item, "\n.It Ic ") : NULL;

		if (!entry)
			fail_msg("%s.%s is not in " MANUAL, info->section, info->key);
		else if (!strstr(entry, "more than once") == info->repeatable)
			fail_msg("how often %s.%s can be given is not right in " MANUAL, info->section, info->key);
		free(entry);
		free(section);
		free(item);
		free(begin);
	}
	free(profiles);
}

static void the_manual_has_no_setting_that_is_not_there(void **state)
{
	char *profiles = part(*state, ".Sh PROFILES\n", ".Sh SETTINGS\n");
	char *section = NULL;
	char *rest;

	assert_non_null(profiles);
	for (char *line = strtok_r(profiles, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (text_starts(line, ".Ss Section "))
			section = line + strlen(".Ss Section ");
		if (!text_starts(line, ".It Ic "))
			continue;
		if (!section)
			fail_msg("%s is in no section", line);
		if (setting_find(section, line + strlen(".It Ic ")) == VM_SETTINGS)
			fail_msg("%s.%s is no setting", section, line + strlen(".It Ic "));
	}
	free(profiles);
}

/* roff's \e is a backslash. */
static char *example_text(const char *begin, const char *end)
{
	struct str out;

	str_init(&out);
	for (; begin < end; begin++) {
		str_addc(&out, *begin);
		if (begin[0] == '\\' && begin[1] == 'e')
			begin++;
	}
	return str_detach(&out);
}

static void the_examples_of_the_manual_can_be_read(void **state)
{
	int count = 0;

	for (const char *at = *state; (at = strstr(at, EXAMPLE)); count++) {
		const char *end = strstr(at, "\n.Ed");

		assert_non_null(end);
		if (!end)
			return;

		char *text = example_text(at + strlen(EXAMPLE), end + 1);
		struct vm_config config;
		struct error err;

		vm_config_init(&config, CONFIG_PROFILE);
		if (!profile_read(text, strlen(text), &config, &err))
			fail_msg("%s in\n%s", err.text, text);
		vm_config_finish(&config);
		free(text);
		at = end;
	}
	assert_int_equal(count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_has_every_setting_in_its_section),
		cmocka_unit_test(the_manual_has_no_setting_that_is_not_there),
		cmocka_unit_test(the_examples_of_the_manual_can_be_read),
	};

	return cmocka_run_group_tests_name("manual5", tests, read_manual, free_manual);
}
