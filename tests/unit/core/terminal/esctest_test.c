/* SPDX-License-Identifier: MIT */
/*
 * The conformance tests of esctest2 as recorded in xterm (tests/golden/terminal/README): what a test writes is written
 * to a terminal of ours, which must answer what xterm answered. The tests read the screen with DECRQCRA, so the answers
 * are all that they assert.
 */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/terminal/terminal.h"
#include "fake/differences.h"
#include "fake/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RECORDINGS "tests/golden/terminal/esctest"

struct recording {
	char *name;			/* GROUP.TEST */
	struct str written, answers;
};

static void on_answer(void *data, const void *bytes, size_t len)
{
	str_add(data, bytes, len);
}

/* Writes `written` in pieces of at most `piece` bytes to a new terminal, after the reset. Returns the answers. */
static struct str replay(const struct str *reset, const struct str *written, size_t piece)
{
	static const struct terminal_events events = { .answer = on_answer };
	struct str answers;
	struct terminal *term;

	str_init(&answers);
	term = terminal_new(25, 80, 100, &events, &answers);
	terminal_answers(term, true);
	terminal_write(term, reset->text, reset->len);
	str_clear(&answers);
	for (size_t at = 0; at < written->len; at += piece)
		terminal_write(term, written->text + at, written->len - at < piece ? written->len - at : piece);
	terminal_free(term);
	return answers;
}

/* Drops the numbers of "\033[>...c" and "\033[?...c": a terminal says there what it is, and esctest asks only for the form. */
static void drop_identity(struct str *answers)
{
	for (char *at = answers->text; (at = strstr(at, "\033["));) {
		size_t numbers, from;

		at += strlen("\033[");
		if (*at != '>' && *at != '?')
			continue;
		numbers = strspn(++at, "0123456789;");
		from = (size_t)(at - answers->text);
		if (at[numbers] != 'c')
			continue;
		memmove(at, at + numbers, answers->len - from - numbers + 1);
		str_cut(answers, answers->len - numbers);
	}
}

static bool same(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Returns the sequence of `answers` at the first byte that differs from `others`, escaped. */
static char *first_difference(const struct str *answers, const struct str *others)
{
	size_t at = 0, end;
	struct str out;

	while (at < answers->len && at < others->len && answers->text[at] == others->text[at])
		at++;
	while (at > 0 && (at >= answers->len || answers->text[at] != '\033' || answers->text[at + 1] == '\\'))
		at--;
	for (end = at + 1; end < answers->len && (answers->text[end] != '\033' || answers->text[end + 1] == '\\'); end++)
		;
	str_init(&out);
	escaped_add(&out, answers->text + at, end < answers->len ? end - at : answers->len - at);
	if (out.len == 0)
		str_adds(&out, "nothing");
	str_cut(&out, out.len < 60 ? out.len : 60);
	return str_detach(&out);
}

static void compare(struct differences *list, const struct str *reset, struct recording *test)
{
	struct str answers = replay(reset, &test->written, SIZE_MAX), again = replay(reset, &test->written, 1);

	if (!same(&answers, &again))
		fail_msg("%s: other answers when it is written byte by byte", test->name);
	drop_identity(&answers);
	drop_identity(&test->answers);
	if (same(&answers, &test->answers)) {
		differences_note(list, test->name, NULL);
	} else {
		char *ours = first_difference(&answers, &test->answers), *xterm = first_difference(&test->answers, &answers);
		char *what = mem_printf("answers %s, xterm %s", ours, xterm);

		differences_note(list, test->name, what);
		free(ours);
		free(xterm);
		free(what);
	}
	str_finish(&answers);
	str_finish(&again);
}

/* A line of a recording: "> WRITTEN" or "< ANSWER", escaped. */
static void add_turn(struct recording *test, const char *line)
{
	if (line[0] == '\0' || line[1] != ' ')
		fail_msg("%s: a bad line: %s", test->name, line);
	escaped_read(line + 2, line[0] == '>' ? &test->written : &test->answers);
}

static void finish(struct recording *test)
{
	free(test->name);
	str_finish(&test->written);
	str_finish(&test->answers);
	*test = (struct recording){ .name = NULL };
}

/* Tests that xterm itself does not pass are in the files without their turns. */
static void compare_group(struct differences *list, const struct str *reset, const char *group)
{
	char *path = mem_printf(RECORDINGS "/%s.txt", group), *rest;
	struct str text = recording_read(path);
	struct recording test = { .name = NULL };

	for (char *line = strtok_r(text.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (*line == '>' || *line == '<') {
			add_turn(&test, line);
			continue;
		}
		if (test.name)
			compare(list, reset, &test);
		finish(&test);
		if (text_starts(line, "pass ")) {
			test.name = mem_printf("%s.%s", group, line + strlen("pass "));
			str_init(&test.written);
			str_init(&test.answers);
		}
	}
	if (test.name)
		compare(list, reset, &test);
	finish(&test);
	str_finish(&text);
	free(path);
}

static void tests_of_esctest_are_answered_as_by_xterm(void **state)
{
	struct differences *list = differences_read("tests/golden/terminal/known-differences/esctest.txt");
	struct str file = recording_read(RECORDINGS "/reset.txt");
	struct recording reset = { .name = NULL };
	struct strv groups = { .items = NULL };
	char *rest;

	(void)state;
	str_init(&reset.written);
	str_init(&reset.answers);
	for (char *line = strtok_r(file.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		add_turn(&reset, line);
	recording_names(RECORDINGS, &groups);
	for (size_t i = 0; i < groups.count; i++) {
		if (!text_equal(groups.items[i], "reset"))
			compare_group(list, &reset.written, groups.items[i]);
	}
	strv_finish(&groups);
	finish(&reset);
	str_finish(&file);
	differences_finish(list, "tests of esctest answered as by xterm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tests_of_esctest_are_answered_as_by_xterm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
