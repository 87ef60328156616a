/* SPDX-License-Identifier: MIT */
/* However absurd its output, a guest gets no more than so much memory. */
#include "core/base/str.h"
#include "core/terminal/terminal.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
#define HEAP() ((size_t)mallinfo2().uordblks + (size_t)mallinfo2().hblkhd)
#else
#define HEAP() ((size_t)0)
#endif

#define TURNS 6000
#define KIB 1024

static void add_bytes(struct str *out, int count)
{
	for (int i = 0; i < count; i++)
		str_addc(out, (char)('a' + i % 26));
}

static void long_string(struct str *out, int i)
{
	static const char kinds[] = "]P_^X";

	str_addf(out, "\033%c2;", kinds[i % 5]);
	add_bytes(out, 5000);
}

static void many_parameters(struct str *out, int i)
{
	str_adds(out, "\033[");
	for (int k = 0; k < 300; k++)
		str_addf(out, "%d%c", i * k, k % 3 ? ';' : ':');
	str_addc(out, "mHJLrxP@"[i % 8]);
}

static void huge_numbers(struct str *out, int i)
{
	static const char finals[] = "ABCDEFGHILMPSTXZ@abdeg";

	str_addf(out, "x\033[99999999999;99999999999%c", finals[i % (int)(sizeof(finals) - 1)]);
}

static void titles(struct str *out, int i)
{
	str_addf(out, "\033]%d;%d", i % 3, i);
	add_bytes(out, 3000);
	str_adds(out, "\a\033[22t");
}

static void marks(struct str *out, int i)
{
	str_addf(out, "%c", 'a' + i % 26);
	for (int k = 0; k < 12; k++)
		str_addf(out, "\xcc%c", 0x80 + (i >> k * 2 & 31));
}

static void pens(struct str *out, int i)
{
	str_addf(out, "\033[38;2;%d;%d;%d;58:2::%d:1:2;4:3mx", i & 255, i >> 8 & 255, i * 7 & 255, i * 3 & 255);
}

static void saved_pens(struct str *out, int i)
{
	str_addf(out, "\033[48;2;%d;%d;%dm\033[#{\0337\033[K\033[>1u", i & 255, i >> 8 & 255, i * 7 & 255);
}

static void links(struct str *out, int i)
{
	str_addf(out, "\033]8;id=%d;http://%d", i, i * 7);
	add_bytes(out, 3000);
	str_adds(out, "\033\\x");
}

static void colours(struct str *out, int i)
{
	str_addf(out, "\033]4;%d;rgb:12/34/56;%d;#123456\a\033]10;#123;#456;#789\a", i % 300, i);
}

static void screens(struct str *out, int i)
{
	str_addf(out, "\033[?%dh\033#8\033[?%dl\033[%d;%dr\033[%d$x", 1047 + i % 3, 1047 + i % 3, i % 9, i % 30, i % 256);
}

static void history(struct str *out, int i)
{
	str_addf(out, "\033[38;2;1;2;%dm\xe6\xbc\xa2 line %d\r\n\n", i & 255, i);
}

static void memory_of_absurd_output_is_bounded(void **state)
{
	static const struct {
		const char *name;
		void (*turn)(struct str *out, int i);
		size_t most;
	} cases[] = {
		{ "long strings", long_string, 32 * KIB }, { "many parameters", many_parameters, 96 * KIB },
		{ "huge numbers", huge_numbers, 96 * KIB }, { "titles", titles, 64 * KIB }, { "marks", marks, 640 * KIB },
		{ "pens", pens, 640 * KIB }, { "saved pens", saved_pens, 64 * KIB },
		{ "links", links, 128 * KIB },
		{ "colours", colours, 32 * KIB }, { "screens", screens, 96 * KIB },
		/* 10 rows of scrollback and the screen. */
		{ "history", history, 64 * KIB },
	};
	static const struct terminal_events nobody = { .bell = NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal *term = terminal_new(24, 80, 10, &nobody, NULL);
		struct str text;
		size_t before, most = 0;

		str_init(&text);
		add_bytes(&text, 64 * KIB);	/* room, so that later growth is the terminal's */
		before = HEAP();
		for (int turn = 0; turn < TURNS; turn++) {
			str_clear(&text);
			cases[i].turn(&text, turn);
			terminal_write(term, text.text, text.len);
			if (turn % 64 == 0 && HEAP() > before + most)
				most = HEAP() - before;
		}
		if (most > cases[i].most)
			fail_msg("%s: %zu bytes", cases[i].name, most);
		str_finish(&text);
		terminal_free(term);
	}
}

/* What has no limit of its own must end in a moment; the screen is what bounds it. */
static void huge_numbers_do_no_more_than_fill_the_screen(void **state)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *term = terminal_new(5, 10, 1000, &nobody, NULL);

	(void)state;
	for (int i = 0; i < 1000; i++)
		terminal_write(term, "x\033[65535b", 9);
	/* A screen of them and the x each time. */
	assert_int_equal(terminal_lines(term), 1000 * 51 / 10 - 5);
	terminal_free(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_of_absurd_output_is_bounded),
		cmocka_unit_test(huge_numbers_do_no_more_than_fill_the_screen),
	};

	return cmocka_run_group_tests_name("terminal, memory", tests, NULL, NULL);
}
