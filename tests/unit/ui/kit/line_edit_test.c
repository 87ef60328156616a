/* SPDX-License-Identifier: MIT */
#include "ui/kit/line_edit.h"

#include "core/base/error.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>
#include <cmocka.h>

static void typed(struct line_edit *edit, const char *name)
{
	struct key key;
	bool changed;

	assert_true(key_parse(name, &key));
	assert_true(line_edit_key(edit, &key, &changed));
}

static void ctrl_w_deletes_the_word_before_the_cursor(void **state)
{
	static const struct { const char *text; int left; const char *left_over; } rows[] = {
		{ "one two three", 0, "one two " },
		{ "one two three", 2, "one two ee" },	/* not what is behind the cursor */
		{ "one two three", 6, "one  three" },	/* nor the blank there */
		{ "one two three", 5, "one three" },
		{ "one", 0, "" },
		{ "one", 3, "one" },			/* nothing before it */
		{ "a   b", 1, "b" },
		{ "/a b/\xc3\xa9", 0, "/a " },
	};
	struct error err = { 0 };

	(void)state;
	assert_true(screen_open_hidden("xterm", 24, 80, &err));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct line_edit *edit = line_edit_new(rows[i].text, 40);

		for (int n = 0; n < rows[i].left; n++)
			typed(edit, "Left");
		typed(edit, "C-w");
		typed(edit, "x");
		typed(edit, "Backspace");

		const char *want = rows[i].left_over;
		size_t len = strlen(want);

		while (len && want[len - 1] == ' ')
			len--;
		assert_int_equal(strlen(line_edit_text(edit)), len);
		assert_memory_equal(line_edit_text(edit), want, len);
		line_edit_free(edit);
	}
	screen_close();
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(ctrl_w_deletes_the_word_before_the_cursor) };

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("line_edit", tests, NULL, NULL);
}
