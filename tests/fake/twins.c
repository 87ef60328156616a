/* SPDX-License-Identifier: MIT */
#include "fake/twins.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void on_answer(void *data, const void *bytes, size_t len)
{
	str_add(&((struct twin *)data)->heard, bytes, len);
}

static void on_bell(void *data)
{
	str_adds(&((struct twin *)data)->heard, "<bell>");
}

static void on_title(void *data, const char *utf8)
{
	str_addf(&((struct twin *)data)->heard, "<title %s>", utf8);
}

void twin_open(struct twin *twin, int rows, int columns, size_t scrollback)
{
	static const struct terminal_events events = { .answer = on_answer, .bell = on_bell, .title = on_title };

	str_init(&twin->heard);
	twin->term = terminal_new(rows, columns, scrollback, &events, twin);
	terminal_answers(twin->term, true);
}

void twin_close(struct twin *twin)
{
	terminal_free(twin->term);
	str_finish(&twin->heard);
}

static const char *link_of(const struct twin *twin, const struct cell *cell)
{
	const char *uri = terminal_link(twin->term, cell->link);

	return uri ? uri : "";
}

static char *cells_differ(const struct twin *a, const struct twin *b)
{
	for (int row = -(int)terminal_scrollback(a->term); row < terminal_rows(a->term); row++) {
		for (int column = 0; column < terminal_columns(a->term); column++) {
			struct cell one, two;

			terminal_cell(a->term, row, column, &one);
			terminal_cell(b->term, row, column, &two);
			if (memcmp(one.text, two.text, sizeof(one.text)) != 0 || one.foreground != two.foreground ||
			    one.background != two.background || one.underline_colour != two.underline_colour ||
			    one.attributes != two.attributes || one.underline != two.underline ||
			    strcmp(link_of(a, &one), link_of(b, &two)) != 0)
				return mem_printf("the cell in row %d, column %d: U+%04X, U+%04X", row, column,
				                  (unsigned)one.text[0], (unsigned)two.text[0]);
		}
	}
	return NULL;
}

static char *screens_differ(const struct twin *a, const struct twin *b)
{
	int row, column, shape, other_row, other_column, other_shape;
	bool visible = terminal_cursor(a->term, &row, &column, &shape);

	if (terminal_rows(a->term) != terminal_rows(b->term) || terminal_columns(a->term) != terminal_columns(b->term) ||
	    terminal_scrollback(a->term) != terminal_scrollback(b->term) ||
	    terminal_lines(a->term) != terminal_lines(b->term))
		return mem_strdup("the size, or the scrollback");
	if (terminal_cursor(b->term, &other_row, &other_column, &other_shape) != visible || row != other_row ||
	    column != other_column || shape != other_shape)
		return mem_printf("the cursor: %d,%d, %d,%d", row, column, other_row, other_column);
	if (terminal_alternate(a->term) != terminal_alternate(b->term) ||
	    terminal_synchronized(a->term) != terminal_synchronized(b->term))
		return mem_strdup("the screen that is shown");
	return cells_differ(a, b);
}

static char *escaped_from(const struct str *heard, size_t from)
{
	struct str out;

	str_init(&out);
	while (from > 0 && heard->text[from] != '\033')
		from--;
	for (size_t i = from; i < heard->len && i < from + 60; i++)
		str_addf(&out, heard->text[i] < ' ' ? "\\x%02x" : "%c", (unsigned char)heard->text[i]);
	return str_detach(&out);
}

static char *words_differ(const struct twin *a, const struct twin *b)
{
	size_t same = 0;
	char *one, *two, *what;

	while (same < a->heard.len && same < b->heard.len && a->heard.text[same] == b->heard.text[same])
		same++;
	if (same == a->heard.len && same == b->heard.len)
		return NULL;
	one = escaped_from(&a->heard, same);
	two = escaped_from(&b->heard, same);
	what = mem_printf("what they said: %s, %s", one, two);
	free(one);
	free(two);
	return what;
}

static void ask_for_modes(struct str *out)
{
	static const struct { int from, to; } ranges[] = { { 1, 100 }, { 1000, 1050 }, { 2004, 2005 }, { 2026, 2027 } };

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		for (int mode = ranges[i].from; mode < ranges[i].to; mode++)
			str_addf(out, "\033[?%d$p", mode);
	for (int mode = 1; mode < 23; mode++)
		str_addf(out, "\033[%d$p", mode);
}

/* Level 5 first: others do not answer. It makes a soft reset, so what a reset loses comes before. */
static void add_questions(struct str *out)
{
	static const char *const early[] = {
		/* The end of a sequence that was begun; then a pending wrap, the shift and the sets. */
		"1;2H", "\033[6n", "x\033[6n", "q~\xe4\xf6\xc3\xa9\xe6\xbc\xa2", "\033nq\033oq\033~\xe9\033}\xe9\033|\xe9\033(B\x0eq\x0fq",
		"\033P$qm\033\\\033P$qr\033\\\033P$qs\033\\\033P$q q\033\\\033P$q\"q\033\\\033P$q\"p\033\\\033P$q*x\033\\",
		"\033[?6n\033[?4m\033[?u\033[c\033[>c\033[18t\033[1;1;1;1;9;99*y", "\r\t\033[6n\t\033[6n\t\033[6n\033[Z\033[6n",
		"\033[m\033[K\033[?2J\033[J",
	};
	static const char *const late[] = {
		"\033]4;0;?;1;?;7;?;200;?\033\\\033]5;0;?;1;?\033\\\033]10;?;?;?\033\\",
		"\033[23t\033[23t\033[23t\033[#}\033P$qm\033\\\033[#}\033P$qm\033\\", "\0338\033[6n\033P$qm\033\\w\x0ew\x0f",
		"\033[?1;3;5;6;7;12;25;45;69;1000;1006;2004r",
	};

	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++)
		str_adds(out, early[i]);
	ask_for_modes(out);
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		str_adds(out, late[i]);
	str_adds(out, "\033[65;1\"p");
	ask_for_modes(out);
	str_adds(out, "\033[?1049l\0338\033[6n");
}

char *twins_differ(struct twin *a, struct twin *b)
{
	char *what = screens_differ(a, b);
	struct str questions;

	if (!what)
		what = words_differ(a, b);
	if (what)
		return what;
	str_init(&questions);
	add_questions(&questions);
	terminal_write(a->term, questions.text, questions.len);
	terminal_write(b->term, questions.text, questions.len);
	str_finish(&questions);
	what = words_differ(a, b);
	return what ? what : screens_differ(a, b);
}
