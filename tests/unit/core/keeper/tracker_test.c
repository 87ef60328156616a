/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/tracker.h"

#include "core/base/str.h"
#include "core/terminal/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 24, COLUMNS = 80 };

/* ---- a terminal as judge ---- */

struct judge {
	struct terminal *term;
	struct str answers;
};

static void keep_answer(void *judge, const void *bytes, size_t len)
{
	str_add(&((struct judge *)judge)->answers, bytes, len);
}

static void judge_init(struct judge *judge)
{
	static const struct terminal_events events = { .answer = keep_answer };

	judge->term = terminal_new(ROWS, COLUMNS, 0, &events, judge);
	terminal_answers(judge->term, true);
	str_init(&judge->answers);
}

static void judge_finish(struct judge *judge)
{
	terminal_free(judge->term);
	str_finish(&judge->answers);
}

static void judge_feed(struct judge *judge, const char *bytes, size_t len)
{
	terminal_write(judge->term, bytes, len);
}

/*
 * Makes modes visible: a clean screen, then text for charsets and pen, in
 * insert mode and over margins, then questions whose answers are compared.
 */
static void judge_probe(struct judge *judge)
{
	static const char probe[] =
		"\033[2J\033[H" "lqk~ab\033[2;1Habcd\033[2;2HXY"
		"\033[3;75H0123456789" "\033[24;1Hbottom\n\n\033nqq\033oqq\017qq\016qq"
		"\033[?1$p\033[?5$p\033[?6$p\033[?7$p\033[?12$p\033[?25$p\033[?69$p"
		"\033[?1000$p\033[?1002$p\033[?1003$p\033[?1005$p\033[?1006$p\033[?1015$p\033[?2004$p\033[?1047$p"
		"\033[4$p\033[20$p" "\033P$qm\033\\\033P$qr\033\\\033P$q q\033\\\033P$q\"q\033\\";

	judge_feed(judge, probe, sizeof(probe) - 1);
}

static void assert_same(struct judge *a, struct judge *b)
{
	assert_string_equal(a->answers.text, b->answers.text);
	for (int row = 0; row < ROWS; row++) {
		for (int column = 0; column < COLUMNS; column++) {
			struct cell one, two;

			terminal_cell(a->term, row, column, &one);
			terminal_cell(b->term, row, column, &two);
			assert_int_equal(one.text[0], two.text[0]);
			assert_int_equal(one.attributes, two.attributes);
			assert_int_equal(one.foreground, two.foreground);
			assert_int_equal(one.background, two.background);
		}
	}
}

/* One terminal sees all; another the modes at `cut` and the rest. */
static void assert_joins(const char *stream, size_t len, size_t cut)
{
	struct tracker tracker;
	struct judge all, joined;
	struct str modes;

	tracker_init(&tracker);
	tracker_feed(&tracker, stream, cut);
	str_init(&modes);
	tracker_modes(&tracker, &modes);
	cut -= (size_t)tracker_pending(&tracker);
	judge_init(&all);
	judge_init(&joined);
	judge_feed(&all, stream, len);
	judge_feed(&joined, modes.text, modes.len);
	judge_feed(&joined, stream + cut, len - cut);
	judge_probe(&all);
	judge_probe(&joined);
	assert_same(&all, &joined);
	str_finish(&modes);
	judge_finish(&all);
	judge_finish(&joined);
}

/* ---- streams ---- */

/* Repeatable numbers, the same on every host. */
static unsigned draw(uint32_t *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

/* What the judge and xterm agree on; the judge's ESC c leaves mouse and reverse screen on. */
static const char *const pieces[] = {
	"hello", "\r\n", "x\303\251y", "\342\224\200\342\224\202", "\360\237\230\200", "\t", "\b",
	"\033[?1h", "\033[?1l", "\033[?5h", "\033[?5l", "\033[?6h", "\033[?6l", "\033[?7h", "\033[?7l",
	"\033[?12h", "\033[?12l", "\033[?25h", "\033[?25l", "\033[?69h\033[3;70s", "\033[?69h\033[5;40s",
	"\033[?1000h", "\033[?1002h", "\033[?1003h", "\033[?1003l", "\033[?1005h", "\033[?1006h", "\033[?1015h",
	"\033[?2004h", "\033[?2004l", "\033[4h", "\033[4l", "\033[20h", "\033[20l",
	"\033[?1047h", "\033[?1047l", "\033[3;20r", "\033[r", "\033[5r", "\033[;9r",
	"\033(0", "\033(B", "\033)0", "\033)A", "\033*0", "\033+0", "\033+B", "\016", "\017", "\033n", "\033o",
	"\033[m", "\033[1m", "\033[1;3;4m", "\033[22m", "\033[23;24m", "\033[7m", "\033[27m", "\033[31;42m",
	"\033[97;104m", "\033[39;49m", "\033[38;5;200m", "\033[48;5;9m", "\033[38;2;1;2;3m", "\033[48;2;9;8;7m",
	"\033[38:5:17m", "\033[4:3m", "\033[21m", "\033[11m", "\033[10m", "\033[9m", "\033[29m", "\033[0;1;31m",
	"\033[4 q", "\033[2 q", "\033[5 q", "\033[1\"q", "\033[0\"q", "\033=", "\033>", "\033[H", "\033[10;10H", "\033[J",
	"\033]0;title\007", "\033]2;other\033\\", "\033Pzz\033\\", "\033[3\t1m", "\033[38;5", "\033[1;2;3\030", "\033[>1x",
};

static void make_stream(struct str *out, uint32_t seed)
{
	for (unsigned i = 0, count = 5 + draw(&seed, 60); i < count; i++)
		str_adds(out, pieces[draw(&seed, sizeof(pieces) / sizeof(pieces[0]))]);
	/* Ends whatever was cut short. */
	str_adds(out, "\030");
}

static void client_that_joins_anywhere_ends_as_one_that_saw_all(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 400; seed++) {
		struct str stream;

		str_init(&stream);
		make_stream(&stream, seed);
		for (size_t cut = seed % 7; cut <= stream.len; cut += 1 + seed % 23)
			assert_joins(stream.text, stream.len, cut);
		str_finish(&stream);
	}
}

/* What is left in sequence of one that is over is nobody's business. */
static void assert_same_state(const struct tracker *a, const struct tracker *b)
{
	assert_memory_equal(&a->modes, &b->modes, sizeof(a->modes));
	assert_int_equal(a->sequence.state, b->sequence.state);
	if (a->sequence.state == SEQUENCE_CSI) {
		assert_int_equal(a->sequence.prefix, b->sequence.prefix);
		assert_int_equal(a->sequence.count, b->sequence.count);
		assert_memory_equal(a->sequence.param, b->sequence.param, a->sequence.count * sizeof(uint16_t));
	}
	assert_int_equal(a->utf8_left, b->utf8_left);
	assert_int_equal(a->shifted, b->shifted);
	assert_int_equal(a->fed, b->fed);
	assert_int_equal(a->clean, b->clean);
}

static void chunks_of_any_size_give_the_same_state(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 100; seed++) {
		struct str stream;
		struct tracker whole, parts;

		str_init(&stream);
		make_stream(&stream, seed);
		for (size_t step = 1; step < 24; step++) {
			tracker_init(&parts);
			for (size_t at = 0; at < stream.len; at += step) {
				size_t end = at + step < stream.len ? at + step : stream.len;

				tracker_feed(&parts, stream.text + at, end - at);
				tracker_init(&whole);
				tracker_feed(&whole, stream.text, end);
				assert_same_state(&whole, &parts);
			}
		}
		str_finish(&stream);
	}
}

/* Any bytes: nothing to compare with but itself and the sanitizers. */
static void noise_is_followed_the_same_in_chunks(void **state)
{
	(void)state;
	static const char few[] = "\033\033\033[[[]P;:?>0123456789mhlrs \"$(B\016\017\007\200\303\360\n\030~";

	for (uint32_t seed = 1; seed <= 2000; seed++) {
		uint32_t at = seed;
		char noise[64];
		struct tracker whole, parts;

		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = seed % 3 ? few[draw(&at, sizeof(few) - 1)] : (char)draw(&at, 256);
		tracker_init(&whole);
		tracker_feed(&whole, noise, sizeof(noise));
		tracker_init(&parts);
		for (size_t i = 0; i < sizeof(noise); i++)
			tracker_feed(&parts, noise + i, 1);
		assert_same_state(&whole, &parts);
		assert_true(tracker_pending(&whole) <= sizeof(noise));
		assert_int_equal(tracker_between(&whole), tracker_pending(&whole) == 0);
	}
}

/* ---- single rules ---- */

static void track(struct tracker *tracker, const char *text)
{
	tracker_init(tracker);
	tracker_feed(tracker, text, strlen(text));
}

static void assert_modes(const char *stream, const char *expect)
{
	struct tracker tracker;
	struct str out;

	track(&tracker, stream);
	str_init(&out);
	tracker_modes(&tracker, &out);
	assert_string_equal(out.text, expect);
	str_finish(&out);
}

#define PLAIN "\033[0m\017"	/* what is written for a terminal that nothing was done to */

static void modes_are_written_as_sequences(void **state)
{
	(void)state;
	static const struct { const char *stream, *expect; } rows[] = {
		{ "", PLAIN },
		{ "text\r\n", PLAIN },
		{ "\033[?2026h\033[?3h\033[?2048h", PLAIN },
		{ "\033[?2004h", PLAIN "\033[?2004h" },
		{ "\033[?2004h\033[?2004l", PLAIN "\033[?2004l" },
		{ "\033[?1000h\033[?1002h", PLAIN "\033[?1000l\033[?1002h" },
		{ "\033[?1002h\033[?1000l", PLAIN "\033[?1000l\033[?1002l" },
		{ "\033[?1;2004h", PLAIN "\033[?1h\033[?2004h" },
		{ "\033[?1s\033[?1h\033[?1r", PLAIN "\033[?1l" },
		{ "\033[?1h\033[?1s\033[?1l\033[?1r", PLAIN "\033[?1h" },
		{ "\033[?1049h", PLAIN "\033[?1049h" PLAIN },
		{ "\033[?1049h\033[?1049l", "\033[?1049l" PLAIN "\0337" PLAIN },
		{ "\033[;;31m", "\033[0;31m\017" },
		{ "\033[99999999999999m\033[1;65567m", "\033[0;1m\017" },
		{ "\033[31m\0337\033[32m", "\033[0;31m\017\0337\033[0;32m\017" },
		{ "\033[31m\0337\033[32m\0338", "\033[0;31m\017\0337\033[0;31m\017" },
		{ "\033[31m\033[s\033[32m\033[u", "\033[0;31m\017\0337\033[0;31m\017" },
		{ "\033[91;102m", "\033[0;91;102m\017" },
		{ "\033[58;5;3m\033[53m", "\033[0;53;58;5;3m\017" },
		{ "\033[48:2::9:8:7m", "\033[0;48;2;9;8;7m\017" },
		{ "\033[58:2:1:2:3m", "\033[0;58;2;1;2;3m\017" },
		{ "\033[1;2;3;5;6;7;8;9m\033[22;25;28m", "\033[0;3;7;9m\017" },
		{ "\033[38;9;1m\033[38m\033[38:5m\033[38;2;1m", PLAIN },
		{ "\033[3;9r", PLAIN "\033[3;9r\033[999;1H" },
		{ "\033[3;9r\033[r", PLAIN "\033[r\033[999;1H" },
		{ "\033=", PLAIN "\033=" },
		{ "\033=\033>", PLAIN "\033>" },
		{ "\033[?66h", PLAIN "\033=" },
		{ "\033[6 q", PLAIN "\033[6 q" },
		{ "\033[>4;2m", PLAIN "\033[>4;2m" },
		{ "\033[>4;2m\033[>4m", PLAIN "\033[>4m" },
		{ "\033(0\033)B", "\033[0m\033(0\033)B\017" },
		{ "\033-A\033~", "\033[0m\033-A\017\033~" },
		{ "\033(%5", "\033[0m\033(%5\017" },
		{ "\033(0\033c", "\033[0m\033(B\017" },
		{ "\033[?1h\033[4h\033[31m\033[2;3r\033[!p",
		  PLAIN "\033[?1l\033[?69l\033[?7h\033[?25h\033[4l\033[r\033[999;1H" },
		{ "\033%@", PLAIN "\033%@" },
		{ "\033[12l", PLAIN "\033[12l" },
		{ "\033[1\"q", "\033[0m\017\033[1\"q" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_modes(rows[i].stream, rows[i].expect);
}

static void malformed_sequences_change_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"\033[31", ("\033[3\030" "1m"), "\033[1?m", "\033[31$m", "\033[31 1m", "\033[<31m", "\033[31\303\251m",
		"\033]31m", "\033P31m", "\033_31m", "\033[1!!!m", "\033(", "\033[\"\"\"\"q",
		"\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1m",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_modes(bad[i], PLAIN);
}

static void a_client_never_begins_inside_a_sequence_or_character(void **state)
{
	(void)state;
	static const struct { const char *stream; unsigned pending; } rows[] = {
		{ "", 0 }, { "a", 0 }, { "a\033", 1 }, { "a\033[", 2 }, { "a\033[3", 3 }, { "a\033[3m", 0 },
		{ "\033]0;abc", 7 }, { "\033]0;abc\007", 0 }, { "\033]0;abc\033", 8 }, { "\033]0;abc\033\\", 0 },
		{ "\303", 1 }, { "\303\251", 0 }, { "ab\342\224", 2 }, { "abcdefgh\342\224\200", 0 },
		{ "abcdefgh\360\237\230", 3 }, { "\303\033[m", 0 }, { "\200\200", 0 }, { "\033N", 2 }, { "\033N\r", 3 },
		{ "\033Nx", 0 }, { "\033[1\n", 4 }, { "\033[1\030", 0 }, { "\033[1\303", 4 }, { "\033[1\303\251", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tracker tracker;

		track(&tracker, rows[i].stream);
		assert_int_equal(tracker_pending(&tracker), rows[i].pending);
		assert_int_equal(tracker_between(&tracker), rows[i].pending == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes_are_written_as_sequences),
		cmocka_unit_test(malformed_sequences_change_nothing),
		cmocka_unit_test(a_client_never_begins_inside_a_sequence_or_character),
		cmocka_unit_test(chunks_of_any_size_give_the_same_state),
		cmocka_unit_test(noise_is_followed_the_same_in_chunks),
		cmocka_unit_test(client_that_joins_anywhere_ends_as_one_that_saw_all),
	};

	return cmocka_run_group_tests_name("tracker", tests, NULL, NULL);
}
