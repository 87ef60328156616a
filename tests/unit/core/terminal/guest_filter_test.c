/* SPDX-License-Identifier: MIT */
#include "core/terminal/guest_filter.h"
#include "core/terminal/terminal.h"

#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUT = 0, INPUT = 1, ASKS = 2 };

static void filter(const char *text, size_t len, size_t step, unsigned how, struct str *out)
{
	struct guest_filter filter;
	struct str lasting;

	str_init(&lasting);
	guest_filter_init(&filter, how & INPUT);
	filter.asks = how & ASKS;
	for (size_t at = 0; at < len; at += step)
		guest_filter_feed(&filter, text + at, len - at < step ? len - at : step, out, &lasting);
	str_finish(&lasting);
}

static void assert_filtered(const char *text, unsigned how, const char *expect)
{
	size_t len = strlen(text);

	for (size_t step = 1; step <= len; step++) {
		struct str out;

		str_init(&out);
		filter(text, len, step, how, &out);
		assert_string_equal(out.text, expect);
		str_finish(&out);
	}
}

/* Between other text, so that nothing of it is taken along or stays. */
static void assert_between(const char *text, unsigned how, const char *expect)
{
	char whole[256], left[256];

	snprintf(whole, sizeof(whole), "left%sright", text);
	snprintf(left, sizeof(left), "left%sright", expect);
	assert_filtered(whole, how, left);
}

static const char *const tricks[] = {
	"\033]52;c;cm0gLXJmIH4K\007", "\033]52;c;?\007",				/* clipboard */
	"\033]0;title\007", "\033]2;title\033\\", "\033kscreen's title\033\\",
	"\033]9;note\007", "\033]777;notify;a;b\007", "\033]99;;note\033\\",		/* notifications */
	"\033]1337;File=name=ZXZpbA==;inline=0:aGVsbG8=\007",				/* a download */
	"\033]10;#ff00ff\007", "\033]4;1;#00ff00\007", "\033]104\007", "\033]50;font\007", "\033]7;file://h/x\007",
	"\033]133;A\007", "\033]8;;file:///etc/passwd\007",
	"\033[21t", "\033[20t", "\033[8;10;20t", "\033[2t", "\033[22;0t",		/* windows */
	"\033[5i", "\033[4i", "\033[?5i",						/* printer */
	"\033P$qm\033\\", "\033P+q544e\033\\", "\033P1;1q#0~\033\\",
	"\033P0;1|17/726d0d\033\\",							/* function keys */
	"\033Ptmux;\033\033]52;c;ZXZpbA==\007\033\\",
	"\033_Gi=1,a=T,f=100;AAAA\033\\", "\033^pm\033\\", "\033Xsos\033\\",
	"\005", "\033Z", "\033[5n", "\033[x", "\033[=c", "\033[>q", "\033[?u", "\033[?996n", "\033[1;1;1;1;5;5*y", "\033['|",
	"\033[=1;4u", "\033[>1:1u", "\033[> 1u", "\033[?2026h", "\033[?2031h", "\033[?2048h", "\033[?40h\033[?3h", "\033[?1001h",
	"\033[2h", "\033[12l", "\033[?2l", "\033[?66h", "\033[?1034h", "\033[?1007h", "\033[?1007l", "\033[61\"p", "\033[!q", "\033[1q",
	"\033[#{", "\033[#}", "\033[?1s", "\033[?1r", "\033[3g", "\033H", "\033[?5W", "\033[3J",
	"\033%@", "\033%G", "\033 G", "\033 F", "\033~", "\033N", "\033l", "\033(K", "\033-A", "\033#3", "\033V", "\033^x\033\\",
	"\033[1;2;3;4;5T", "\033[5u", "\033[>4n", "\033[1$x", "\033[??6n", "\033[6$$n",
	"\302\23552;c;ZXZpbA==\302\234", "\302\2335n", "\302\220$qm\302\234", "\302\232",	/* C1 as UTF-8 */
	"\302\230sos\302\234", "\302\236pm\302\234", "\302\237Gi=1;AAAA\302\234", "\302\200", "\302\210", "\302\234",
	"\033]P1ff0000", "\033]R",
	"\021", "\023", "\177", "\030", "\001",
};

static void tricks_do_not_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		assert_between(tricks[i], OUTPUT, "");
		assert_between(tricks[i], INPUT | ASKS, "");
	}
}

/* Bytes that are no UTF-8, C1 controls of 8 bits among them. */
static void broken_characters_are_replaced(void **state)
{
	(void)state;
	assert_between("\2336n", INPUT | ASKS, "\357\277\2756n");
	assert_between("\23552;c;x\234", INPUT | ASKS, "\357\277\27552;c;x\357\277\275");
	assert_between("\303\033[1m", OUTPUT, "\357\277\275\033[1m");
	assert_between("\355\240\200", OUTPUT, "\357\277\275\357\277\275\357\277\275");
	assert_between("\302\302\2335n", OUTPUT, "\357\277\275");
}

/* To terminals that know them, and to ours, they begin a sequence; others would show the rest of it as text. */
static void c1_controls_are_spelled_with_seven_bits(void **state)
{
	(void)state;
	assert_between("\302\23331m", OUTPUT, "\033[31m");
	assert_between("\302\205\302\215", OUTPUT, "\033E\033M");
	assert_between("\302\2336n", INPUT | ASKS, "\033[6n");
	assert_between("\302\23511;?\302\234", ASKS, "\033]11;?\033\\");
}

static const char *const fine[] = {
	"plain \303\251\342\224\200\360\237\230\200 \302\240 \302\251\r\n\t\b\007\v\f", "\033[31m", "\033[38:2::1:2:3m", "\033[m",
	"\033[4:3;58;5;1m", "\033[8m", "\033[2J\033[H", "\033[J", "\033[1K", "\033[?2J", "\033[3;4H", "\033[5A\033[B", "\033[S\033[3T",
	"\033[5;6r", "\033[?69h\033[5;10s", "\033[s", "\033[u", "\0337\0338", "\033D\033E\033M", "\033(0lqk\033(B", "\033)0\016x\017",
	"\033[?25l", "\033[?1049h", "\033[?7;25h", "\033[4h", "\033[2 q", "\033[!p", "\033[1\"q", "\033#8", "\033['}", "\033[2b",
	"\033[4@\033[4P\033[4X\033[4L\033[4M",
};

static const char *const keys[] = {
	"\033[?1h", "\033=", "\033>", "\033[?9h", "\033[?1000;1002;1003;1006h", "\033[?1004h", "\033[?2004h", "\033[20h", "\033[>4;2m", "\033[>4m",
	"\033[>1u", "\033[>0u", "\033[<1u", "\033[<7u", "\033[=1;1u", "\033[=0;2u", "\033[=1;3u",
};

static const char *const queries[] = {
	"\033[6n", "\033[?6n", "\033[c", "\033[0c", "\033[>c", "\033[14t", "\033[16t", "\033[18t", "\033[19t", "\033[?2004$p", "\033[4$p",
	"\033]10;?\007", "\033]11;?\033\\",
};

static void everything_else_stays_as_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		for (unsigned how = 0; how < 4; how++)
			assert_between(fine[i], how, fine[i]);
}

static void what_changes_the_keys_is_for_who_has_the_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_between(keys[i], INPUT, keys[i]);
		assert_between(keys[i], OUTPUT, "");
	}
	assert_between("\033[?1;25;1049;2026h", INPUT, "\033[?1;25;1049h");
	assert_between("\033[?1;25;1049;2026h", OUTPUT, "\033[?25;1049h");
}

/* In kitty's protocol: with its other flags all keys would be sequences, and be reported when they are released, too. */
static void keys_become_unambiguous_and_no_more(void **state)
{
	(void)state;
	assert_between("\033[>31u\033[>u\033[>30;5u", INPUT, "\033[>1u\033[>0u\033[>0u");
	assert_between("\033[<u\033[<0u", INPUT, "\033[<1u\033[<1u");
	assert_between("\033[=31u\033[=8;2u\033[=9;3u", INPUT, "\033[=1;1u\033[=0;2u\033[=1;3u");
	assert_between("\033[?u", INPUT | ASKS, "");
}

static void queries_pass_only_to_who_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		assert_between(queries[i], INPUT | ASKS, queries[i]);
		assert_between(queries[i], INPUT, "");
	}
}

static void a_reset_is_spelled_out(void **state)
{
	struct str out;

	(void)state;
	str_init(&out);
	filter("\033c", 2, 2, INPUT, &out);
	assert_null(strstr(out.text, "\033c"));
	assert_non_null(strstr(out.text, "\033[?1003l"));
	assert_true(text_ends(out.text, "\033[H\033[2J"));
	str_clear(&out);
	filter("\033c", 2, 2, OUTPUT, &out);
	assert_null(strstr(out.text, "\033[?1003l"));
	str_clear(&out);
	/* Of the screen that is shown and of the main one. A terminal without these keys is not bothered. */
	filter("\033c", 2, 2, INPUT, &out);
	assert_null(strstr(out.text, "\033[<99u"));
	str_clear(&out);
	filter("\033[>1u\033c", 7, 7, INPUT, &out);
	assert_true(text_starts(out.text, "\033[>1u\033[<99u\033[=0;1u\033[?1047l"));
	assert_non_null(strstr(out.text, "\033[>4m\033[<99u\033[=0;1u"));
	str_finish(&out);
}

static void sequences_come_out_whole_and_spelled_anew(void **state)
{
	(void)state;
	assert_filtered("a\033[3\r\n1mb", OUTPUT, "a\r\n\033[31mb");
	assert_filtered("a\033[3\0301mb", OUTPUT, "a1mb");
	assert_filtered("a\033[6\033[31mb", OUTPUT, "a\033[31mb");
	assert_filtered("a\033[\303\251", OUTPUT, "a\303\251");
	assert_filtered("a\033[1;2;3", OUTPUT, "a");
	assert_filtered("a\033", OUTPUT, "a");
	assert_filtered("a\033]0;title\033[31mb", OUTPUT, "a\033[31mb");
	assert_filtered("a\033]0;title\030b", OUTPUT, "ab");
	/* An OSC that nobody ends is over with its line. */
	assert_filtered("a\033]0;title\r\nb", OUTPUT, "a\r\nb");
	assert_filtered("a\033kb\r\nc", OUTPUT, "a\r\nc");
	assert_filtered("a\033]\r\nb\033]P1f\nc", OUTPUT, "a\r\nb\nc");
	assert_filtered("a\033]P1ff0000b\033]Rc", OUTPUT, "abc");
	assert_filtered("a\033[007;;99999999mb", OUTPUT, "a\033[7;;65535mb");
}

static void what_is_written_of_a_sequence_has_a_limit(void **state)
{
	struct str text, out;

	(void)state;
	str_init(&text);
	str_init(&out);
	str_adds(&text, "\033[");
	for (int i = 0; i < 2000; i++)
		str_addc(&text, '0');
	str_adds(&text, "m.\033[1");
	for (int i = 0; i < 2000; i++)
		str_adds(&text, ";7");
	str_adds(&text, "m.");
	filter(text.text, text.len, 7, OUTPUT, &out);
	assert_ptr_equal(strstr(out.text, "\033[0m.\033[1;7;7"), out.text);
	assert_true(text_ends(out.text, ";7;7m."));
	assert_true(out.len < 128);
	str_finish(&text);
	str_finish(&out);
}

static void missing_bytes_end_what_had_begun(void **state)
{
	struct guest_filter filter;
	struct str out, lasting;

	(void)state;
	str_init(&out);
	str_init(&lasting);
	guest_filter_init(&filter, false);
	guest_filter_feed(&filter, "a\033]0;x", 6, &out, &lasting);
	guest_filter_cut(&filter);
	guest_filter_feed(&filter, "b", 1, &out, &lasting);
	assert_string_equal(out.text, "ab");
	str_finish(&out);
	str_finish(&lasting);
}

static void what_lasts_is_kept_apart(void **state)
{
	static const char text[] = "a\033[31mb\r\n\033[2;3H\033[K\033[01;4mc\016\033[5;6r\033[?25;2026l\0337\303\251"
				   "\033[1\"q\033]0;x\007\033[2 q\033)0";
	struct guest_filter filter;
	struct str out, lasting;

	(void)state;
	str_init(&out);
	str_init(&lasting);
	guest_filter_init(&filter, false);
	guest_filter_feed(&filter, text, sizeof(text) - 1, &out, &lasting);
	assert_string_equal(out.text, "a\033[31mb\r\n\033[2;3H\033[K\033[1;4mc\016\033[5;6r\033[?25l\0337\303\251"
	                    "\033[1\"q\033[2 q\033)0");
	assert_string_equal(lasting.text, "\033[31m\033[1;4m\016\033[5;6r\033[?25l\0337\033[1\"q\033[2 q\033)0");
	/* Colours before a reset of all of them do not last; what comes before them does. */
	str_clear(&lasting);
	guest_filter_feed(&filter, "\033[?5h\033[31m\033[1;4ma\033[m\033[7m\033[00;34;1mb\033[32m", 40, &out, &lasting);
	assert_string_equal(lasting.text, "\033[?5h\033[0;34;1m\033[32m");
	str_clear(&lasting);
	guest_filter_feed(&filter, "\033[2m\033m\033[$m\033[!m", 14, &out, &lasting);
	assert_string_equal(lasting.text, "\033[2m");
	str_finish(&out);
	str_finish(&lasting);
}

/* ---- a terminal as judge: it answers queries, and says nothing to what was filtered ---- */

static void count_answer(void *count, const void *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)count += len;
}

static size_t answers(const char *text, size_t len)
{
	static const struct terminal_events events = { .answer = count_answer };
	size_t count = 0;
	struct terminal *term = terminal_new(24, 80, 0, &events, &count);

	terminal_answers(term, true);
	terminal_write(term, text, len);
	terminal_free(term);
	return count;
}

static void terminal_answers_nothing_of_what_passed(void **state)
{
	(void)state;
	static const char few[] = "\033\033\033[[[]P6n5nc?>=pqm;01Z\\\007\r\n\x18\x61";
	size_t asked = 0;

	for (uint32_t seed = 1; seed <= 20000; seed++) {
		uint32_t next = seed;
		char noise[24];
		struct str out;

		for (size_t i = 0; i < sizeof(noise); i++) {
			next = next * 1664525u + 1013904223u;
			noise[i] = few[(next >> 8) % (sizeof(few) - 1)];
		}
		str_init(&out);
		filter(noise, sizeof(noise), 1 + seed % 5, INPUT, &out);
		asked += answers(noise, sizeof(noise)) > 0;
		assert_int_equal(answers(out.text, out.len), 0);
		str_finish(&out);
	}
	assert_true(asked > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tricks_do_not_pass),
		cmocka_unit_test(broken_characters_are_replaced),
		cmocka_unit_test(c1_controls_are_spelled_with_seven_bits),
		cmocka_unit_test(everything_else_stays_as_it_is),
		cmocka_unit_test(what_changes_the_keys_is_for_who_has_the_keys),
		cmocka_unit_test(keys_become_unambiguous_and_no_more),
		cmocka_unit_test(queries_pass_only_to_who_answers),
		cmocka_unit_test(a_reset_is_spelled_out),
		cmocka_unit_test(sequences_come_out_whole_and_spelled_anew),
		cmocka_unit_test(what_is_written_of_a_sequence_has_a_limit),
		cmocka_unit_test(missing_bytes_end_what_had_begun),
		cmocka_unit_test(what_lasts_is_kept_apart),
		cmocka_unit_test(terminal_answers_nothing_of_what_passed),
	};

	return cmocka_run_group_tests_name("guest filter", tests, NULL, NULL);
}
