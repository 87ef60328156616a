/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/str.h"
#include "ui/kit/dropped_path.h"

#include <stdlib.h>

static void the_text_of_a_dropped_file_becomes_its_path(void **state)
{
	static const struct { const char *text, *path; } rows[] = {
		{ "/home/me/my iso.iso", "/home/me/my iso.iso" },
		{ "/home/me/a.iso ", "/home/me/a.iso" },
		{ "'/home/me/my iso.iso' ", "/home/me/my iso.iso" },
		{ "'/home/it'\\''s.iso'", "/home/it's.iso" },
		{ "\"/home/me/my iso.iso\"", "/home/me/my iso.iso" },
		{ "\"/home/a\\\"b\\c\"", "/home/a\"b\\c" },
		{ "/home/me/my\\ iso.iso", "/home/me/my iso.iso" },
		{ "/home/me/end\\ ", "/home/me/end " },
		{ "/home/it\\'s", "/home/it's" },
		{ "file:///home/me/my%20iso.iso\r\n", "/home/me/my iso.iso" },
		{ "file://localhost/a%2Fb%c3%a9", "/a/b\xc3\xa9" },
		{ "file:/a", "/a" },
		{ "~/a.iso\n", "~/a.iso" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *path = dropped_path(rows[i].text);

		assert_non_null(path);
		assert_string_equal(path, rows[i].path);
		free(path);
	}
}

static void other_text_is_not_taken_for_a_path(void **state)
{
	static const char *const texts[] = {
		"", " ", "web.iso", "'relative'", "'/open", "/a\\", "'/a' '/b'", "/a\\ b c", "file://host/a", "file:///a%2", "file:///a%00b",
		"file:///a%zz", "http://x/y",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(dropped_path(texts[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_of_a_dropped_file_becomes_its_path),
		cmocka_unit_test(other_text_is_not_taken_for_a_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
