/* SPDX-License-Identifier: MIT */
/* A terminal that gets a snapshot goes on as the one that it was taken of. */
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/terminal/terminal.h"
#include "fake/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct terminal_events nobody = { .bell = NULL };

/* Links without a name get one by their number, which depends on those that came before. */
static void forget_link_numbers(struct str *text)
{
	for (char *at = text->text; (at = strstr(at, "id=link-"));) {
		size_t begin, digits;

		at += strlen("id=link-");
		digits = strspn(at, "0123456789");
		begin = (size_t)(at - text->text);
		memmove(at, at + digits, text->len - begin - digits + 1);
		str_cut(text, text->len - digits);
	}
}

static struct str snapshot(const struct terminal *term)
{
	struct str out;

	str_init(&out);
	terminal_snapshot(term, &out);
	return out;
}

static struct terminal *restored(const struct terminal *term)
{
	struct terminal *copy = terminal_new(terminal_rows(term), terminal_columns(term), 0, &nobody, NULL);
	struct str bytes = snapshot(term);

	terminal_write(copy, bytes.text, bytes.len);
	str_finish(&bytes);
	return copy;
}

/* Returns what differs, or NULL. A second snapshot tells of what no cell shows. */
static const char *difference(const struct terminal *a, const struct terminal *b)
{
	static char text[600];
	struct str one = snapshot(a), two = snapshot(b);
	int row, column, shape, other_row, other_column, other_shape;

	*text = '\0';
	forget_link_numbers(&one);
	forget_link_numbers(&two);
	if (one.len != two.len || memcmp(one.text, two.text, one.len) != 0) {
		size_t at = 0, from;
		struct str left, right;

		while (at < one.len && at < two.len && one.text[at] == two.text[at])
			at++;
		from = at > 60 ? at - 60 : 0;
		str_init(&left);
		str_init(&right);
		escaped_add(&left, one.text + from, one.len - from < 120 ? one.len - from : 120);
		escaped_add(&right, two.text + from, two.len - from < 120 ? two.len - from : 120);
		snprintf(text, sizeof(text), "snapshot\n%.250s\nof the copy\n%.250s", left.text, right.text);
		str_finish(&left);
		str_finish(&right);
	}
	if (terminal_cursor(a, &row, &column, &shape) != terminal_cursor(b, &other_row, &other_column, &other_shape) ||
	    row != other_row || column != other_column || shape != other_shape)
		snprintf(text, sizeof(text), "cursor %d,%d, of the copy %d,%d", row, column, other_row, other_column);
	for (row = 0; row < terminal_rows(a); row++) {
		for (column = 0; column < terminal_columns(a); column++) {
			struct cell left, right;

			terminal_cell(a, row, column, &left);
			terminal_cell(b, row, column, &right);
			/* Links are numbered as they come. What is left of half a wide character becomes a space. */
			left.link = left.link != 0;
			right.link = right.link != 0;
			left.text[0] = left.text[0] ? left.text[0] : ' ';
			right.text[0] = right.text[0] ? right.text[0] : ' ';
			if (memcmp(&left, &right, sizeof(left)) != 0)
				snprintf(text, sizeof(text), "cell %d,%d is U+%04x U+%04x %x %d, of the copy U+%04x U+%04x %x %d", row,
				         column, left.text[0], left.text[1], left.attributes, left.foreground, right.text[0],
				         right.text[1], right.attributes, right.foreground);
		}
	}
	str_finish(&one);
	str_finish(&two);
	return *text ? text : NULL;
}

/* Cuts the stream at `cut`, and compares there and at the end. */
static void assert_goes_on(const char *stream, size_t len, size_t cut, const char *name)
{
	struct terminal *term = terminal_new(24, 80, 0, &nobody, NULL), *copy;
	const char *found;

	terminal_write(term, stream, cut);
	copy = restored(term);
	if ((found = difference(term, copy)))
		fail_msg("%s, cut at %zu: %s", name, cut, found);
	terminal_write(term, stream + cut, len - cut);
	terminal_write(copy, stream + cut, len - cut);
	if ((found = difference(term, copy)))
		fail_msg("%s, cut at %zu, then at its end: %s", name, cut, found);
	terminal_free(term);
	terminal_free(copy);
}

struct kept {
	const char *name, *stream, *query;
};

static void on_answer(void *data, const void *bytes, size_t len)
{
	str_add(data, bytes, len);
}

/* Returns the answer of a terminal that has got some bytes. */
static struct str answer_after(const char *bytes, size_t len, const char *query)
{
	static const struct terminal_events events = { .answer = on_answer };
	struct str answer;
	struct terminal *term;

	str_init(&answer);
	term = terminal_new(24, 80, 0, &events, &answer);
	terminal_write(term, bytes, len);
	terminal_answers(term, true);
	terminal_write(term, query, strlen(query));
	terminal_free(term);
	return answer;
}

/* Modes that are written, but in an order in which they are ignored, would be missing in both snapshots. */
static void modes_that_need_others_are_kept(void **state)
{
	static const struct kept rows[] = {
		{ "DECCOLM", "\033[?40;3h", "\033[?3$p\033[?40$p\033[?95$p" },
		{ "DECCOLM that may not change", "\033[?40;3h\033[?40l", "\033[?3$p\033[?40$p" },
		{ "DECNCSM", "\033[?40;95;3h", "\033[?3$p\033[?95$p" },
		{ "DECNCSM at a level without it", "\033[?95h\033[62;1\"p", "\033[?95$p\033P$q\"p\033\\" },
		{ "DECCOLM at another level", "\033[?40;3h\033[61\"p", "\033[?3$p" },
		{ "stored DECCOLM", "\033[?40;3h\033[?3s\033[?3;40l", "\033[?40h\033[?3r\033[?3$p" },
		{ "a stored mode of a higher level", "\033[?69h\033[?69s\033[62;1\"p", "\033[65;1\"p\033[?69r\033[?69$p" },
		{ "DECSACE at a level without it", "\033[2*x\033[3#y\033[62;1\"p", "\033[65;1\"p\033[1;1;1;1;2;3*y" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct terminal *term = terminal_new(24, 80, 0, &nobody, NULL);
		struct str bytes, right, found;
		char stream[100];

		snprintf(stream, sizeof(stream), "%stext", rows[i].stream);
		assert_goes_on(stream, strlen(stream), strlen(stream), rows[i].name);
		terminal_write(term, stream, strlen(stream));
		bytes = snapshot(term);
		right = answer_after(stream, strlen(stream), rows[i].query);
		found = answer_after(bytes.text, bytes.len, rows[i].query);
		if (strcmp(found.text, right.text) != 0)
			fail_msg("%s: '%s' instead of '%s'", rows[i].name, found.text + 1, right.text + 1);
		terminal_free(term);
		str_finish(&bytes);
		str_finish(&right);
		str_finish(&found);
	}
}

static void every_part_of_the_state_is_kept(void **state)
{
	static const struct { const char *name, *stream; } rows[] = {
		{ "text and pens", "a\033[1;31mb\033[4:3;58:5:9mc\033[48;2;1;2;3md\033[K\r\n\xe6\xbc\xa2" "e\xcc\x81\033[0;53;9mf" },
		{ "a wrapped line", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234" },
		{ "a pending wrap", "\033[5;80Hx" }, { "a pending wrap after a wide one", "\033[5;79H\xe6\xbc\xa2" },
		{ "margins and origin mode", "\033[?69h\033[3;20r\033[5;60s\033[?6h\033[2;3Hx" },
		{ "a saved cursor", "\033[3;4H\033[1m\033(0\0337\033[m\033(B\033[9;9Hx" },
		{ "a saved cursor in origin mode", "\033[3;9r\033[?6h\033[2;2H\0337\033[?6l\033[r\033[4;4H" },
		{ "the alternate screen", "shell\r\n\033[?1049hedit\033[2;2H\033[7m~" },
		{ "the alternate screen by 47", "one\033[?47htwo\033[?47lthree" },
		{ "character sets", "\033(0q\033)A\016q\033*<\033}" }, { "a single shift", "\033*0\033N" },
		{ "modes", "\033[4;20h\033[?5;7;25;1;1000;1006;2004;2026;1004;45;1049h\033[?7l\033[>4;2m\033[>1u\033[=3u" },
		{ "stored modes", "\033[?2004h\033[?2004s\033[?2004l" },
		{ "tab stops", "\033[3g\033[5G\033H\033[9G\033H" }, { "a character to repeat", "abc" },
		{ "a character to repeat in insert mode", "xyz\033[4h\033[1Ga" },
		{ "protection", "\033[1\"qkept\033[0\"q not" }, { "protection by SPA", "\033Vkept\033W not" },
		{ "cursor style", "\033[5 q\033[?25l" }, { "a sequence begun", "\033[1;3" }, { "a string begun", "\033]2;ti" },
		{ "a character begun", "\xe6\xbc" }, { "a link", "\033]8;id=x;http://a/\033\\link\033]8;;\033\\ \033]8;;http://b\033\\l" },
		{ "titles", "\033]0;one\033\\\033[22;0t\033]2;two\033\\" }, { "colours", "\033]4;1;#102030\033\\\033]11;#405060\033\\" },
		{ "the level", "\033[62;1\"p" }, { "answers with eight bits", "\033 G" }, { "a stack of pens", "\033[1m\033[#{\033[3m" },
		{ "a set chosen when the row was full",
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\033(0" },
		{ "a soft reset when the row was full",
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\033[!p\0338y" },
		{ "coloured blanks", "\033[44m\033[2J\033[3;3H\033[41m\033[5X\033[42m\033[K" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].stream);

		for (size_t cut = 0; cut <= len; cut++)
			assert_goes_on(rows[i].stream, len, cut, rows[i].name);
	}
}

/* A client that was behind has a terminal with another past. */
static void a_terminal_that_is_reset_takes_a_snapshot_as_a_new_one_does(void **state)
{
	static const char past[] = "past\033[?47hHIDDEN\033[?47l\033]2;t\033\\\033[22;0t\033[4;7;31mx\0337\033[3;9r\033[?6h\033(0\033H\033[?2004h";
	struct terminal *term = terminal_new(24, 80, 0, &nobody, NULL), *used = terminal_new(24, 80, 0, &nobody, NULL);
	struct str bytes;
	const char *found;

	(void)state;
	terminal_write(term, "now", 3);
	terminal_write(used, past, sizeof(past) - 1);
	terminal_reset(used);
	bytes = snapshot(term);
	terminal_write(used, bytes.text, bytes.len);
	terminal_write(term, "\033[?47h", 6);
	terminal_write(used, "\033[?47h", 6);
	terminal_write(term, "\033]2;t\033\\", 7);
	terminal_write(used, "\033]2;t\033\\", 7);
	terminal_write(term, "\033]1;t\033\\", 7);
	terminal_write(used, "\033]1;t\033\\", 7);
	if ((found = difference(term, used)))
		fail_msg("%s", found);
	str_finish(&bytes);
	terminal_free(term);
	terminal_free(used);
}

struct random {
	uint64_t state;
};

static unsigned draw(struct random *random, unsigned below)
{
	random->state = random->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(random->state >> 33) % below;
}

/* Each recorded test, cut at some places. */
static void recorded_streams_go_on_from_a_snapshot(void **state)
{
	struct random random = { 1 };
	struct strv names = { 0 };

	(void)state;
	recording_names("tests/golden/terminal/esctest", &names);
	assert_true(names.count > 50);
	for (size_t i = 0; i < names.count; i++) {
		char path[300];
		struct str file, stream;
		char *line, *rest;

		snprintf(path, sizeof(path), "tests/golden/terminal/esctest/%s.txt", names.items[i]);
		file = recording_read(path);
		str_init(&stream);
		for (line = strtok_r(file.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
			if (line[0] == '>')
				escaped_read(line + 2, &stream);
			if (line[0] == '<' || stream.len == 0 || draw(&random, 8))
				continue;
			assert_goes_on(stream.text, stream.len, draw(&random, (unsigned)stream.len), names.items[i]);
			str_clear(&stream);
		}
		str_finish(&stream);
		str_finish(&file);
	}
	strv_finish(&names);
}

static void random_streams_go_on_from_a_snapshot(void **state)
{
	static const char *const pieces[] = {
		"text", "\r\n", "\xe6\xbc\xa2", "\xcc\x81", "\033[m", "\033[1;7m", "\033[38;5;99m", "\033[48;2;7;8;9m", "\033[4:3m",
		"\033[H", "\033[9;70H", "\033[2;3H", "\033[K", "\033[1K", "\033[J", "\033[2J", "\033[3X", "\033[2P", "\033[2@", "\033[L",
		"\033[M", "\033D", "\033M", "\033[3;9r", "\033[r", "\033[?69h", "\033[?69l", "\033[4;60s", "\033[?6h", "\033[?6l",
		"\033[?7l", "\033[?7h", "\033[4h", "\033[4l", "\0337", "\0338", "\033[?1049h", "\033[?1049l", "\033(0", "\033(B", "\016",
		"\017", "\033[5b", "\t", "\b", "\033H", "\033[?1h", "\033[?25l", "\033[5 q", "\033[?1000h", "\033[>4;2m", "\033#8",
		"\033]8;;http://x\033\\", "\033]8;;\033\\", "0123456789012345678901234567890123456789", "\033[1\"q", "\033[?45h",
	};
	struct random random = { 7 };

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char stream[4096], name[32];
		size_t len = 0, cut = 0;

		for (unsigned j = 1 + draw(&random, 40); j > 0; j--) {
			const char *piece = pieces[draw(&random, sizeof(pieces) / sizeof(pieces[0]))];

			memcpy(stream + len, piece, strlen(piece));
			len += strlen(piece);
		}
		cut = draw(&random, (unsigned)len + 1);
		snprintf(name, sizeof(name), "random stream %d", i);
		assert_goes_on(stream, len, cut, name);
	}
}

/* What is shown stays; the links that fit stay too. */
static void links_do_not_make_a_snapshot_huge(void **state)
{
	struct terminal *term = terminal_new(24, 80, 0, &nobody, NULL), *copy;
	char uri[4000];
	struct str bytes;
	struct cell first, last;

	(void)state;
	memset(uri, 'x', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	str_init(&bytes);
	for (int i = 0; i < 24 * 80; i++)
		str_addf(&bytes, "\033]8;id=%d;%s\033\\%c", i % 2, uri, 'a' + i % 26);
	terminal_write(term, bytes.text, bytes.len);
	str_finish(&bytes);
	bytes = snapshot(term);
	assert_true(bytes.len < 320 * 1024);
	str_finish(&bytes);
	copy = restored(term);
	for (int i = 0; i < 24 * 80; i++) {
		terminal_cell(copy, i / 80, i % 80, &last);
		assert_int_equal(last.text[0], 'a' + i % 26);
	}
	terminal_cell(copy, 0, 0, &first);
	assert_true(first.link != 0);
	assert_int_equal(last.link, 0);
	terminal_free(term);
	terminal_free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_of_the_state_is_kept),
		cmocka_unit_test(a_terminal_that_is_reset_takes_a_snapshot_as_a_new_one_does),
		cmocka_unit_test(modes_that_need_others_are_kept),
		cmocka_unit_test(recorded_streams_go_on_from_a_snapshot),
		cmocka_unit_test(random_streams_go_on_from_a_snapshot),
		cmocka_unit_test(links_do_not_make_a_snapshot_huge),
	};

	return cmocka_run_group_tests_name("snapshots of a terminal", tests, NULL, NULL);
}
