/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/machines/profile_change.h"
#include "fake/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BEFORE "# mine\n[vm]\nmemory = 1024 ; enough\n[network]\npublish = 1:1\npublish = 2:2\n"

static void one_value_changes_and_the_text_stays(void **state)
{
	static const struct { enum vm_setting setting; enum setting_action action; const char *value, *has, *lacks; bool written; } cases[] = {
		{ SET_PUBLISH, SETTING_ADD, "3:3", "publish = 3:3\n", "\1", true },
		{ SET_PUBLISH, SETTING_ADD, "2:2/tcp", "publish = 2:2\n", "2:2/tcp", false },
		{ SET_PUBLISH, SETTING_REMOVE, "1:1/tcp", "publish = 2:2\n", "1:1", true },
		{ SET_PUBLISH, SETTING_REMOVE, "9:9", "publish = 1:1\n", "9:9", false },
		{ SET_MEMORY, SETTING_SET, "2G", "memory = 2G", "1024", true },
		{ SET_MEMORY, SETTING_SET, "1G", "memory = 1024 ; enough", "1G", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *store = store_memory_new();
		struct error err;
		char *text;

		store_memory_put(store, "web", BEFORE);
		assert_true(profile_change(store, "web", cases[i].setting, cases[i].action, cases[i].value, &err));
		text = store->text(store, "web", &err);
		assert_non_null(strstr(text, "# mine\n"));
		assert_non_null(strstr(text, cases[i].has));
		assert_null(strstr(text, cases[i].lacks));
		assert_int_equal(store_memory_calls(store, "save"), cases[i].written);
		free(text);
		store_memory_free(store);
	}
}

static void a_failure_names_its_reason_and_changes_nothing(void **state)
{
	struct store *store = store_memory_new();
	struct error err;
	char *text;

	(void)state;
	assert_false(profile_change(store, "web", SET_PUBLISH, SETTING_ADD, "3:3", &err));
	store_memory_put(store, "web", BEFORE);
	store_memory_fail(store, "save", "disk full");
	assert_false(profile_change(store, "web", SET_PUBLISH, SETTING_ADD, "3:3", &err));
	assert_non_null(strstr(err.text, "disk full"));
	text = store->text(store, "web", &err);
	assert_string_equal(text, BEFORE);
	free(text);
	store_memory_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_changes_and_the_text_stays),
		cmocka_unit_test(a_failure_names_its_reason_and_changes_nothing),
	};

	return cmocka_run_group_tests_name("changes of one value", tests, NULL, NULL);
}
