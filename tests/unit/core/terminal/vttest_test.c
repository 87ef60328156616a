/* SPDX-License-Identifier: MIT */
/*
 * Menus of vttest as recorded in xterm (tests/golden/terminal/README): after each page of a menu, our terminal must show
 * the characters and attributes that xterm shows. A menu is one stream; a page is compared even if one before differed.
 */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/base/utf8.h"
#include "core/terminal/terminal.h"
#include "core/terminal/width.h"
#include "fake/differences.h"
#include "fake/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RECORDINGS "tests/golden/terminal/vttest"
#define ROWS 24
#define COLUMNS 132		/* xterm widens itself for 132 columns */

/* A column of a recorded screen: a character and the marks over it, its pen spelled as in the recordings. */
struct column {
	uint32_t text[CELL_CHARS];
	char pen[40];		/* "" for the default one */
	bool tail;		/* the second half of a wide character */
};

struct page {
	char *name;		/* NULL before the first */
	int rows;		/* read so far */
	bool reversed;		/* the whole screen (DECSCNM), which the recorded pens do not say and our cells do */
	int drawn[ROWS];	/* columns that xterm has drawn; of the others it did not say the pen */
	struct column at[ROWS][COLUMNS];
};

/* A row: "|TEXT|". */
static void read_row(struct page *page, const char *line)
{
	size_t len = strlen(line) - 1;
	int column = 0;
	struct column *row = page->at[page->rows];

	assert_in_range(page->rows, 0, ROWS - 1);
	for (size_t at = 1; at < len;) {
		uint32_t character;
		size_t bytes = utf8_decode(line + at, len - at, &character);
		int width = width_of(character);

		assert_true(bytes > 0 && width >= 0 && column + width <= COLUMNS);
		at += bytes;
		if (width == 0) {
			uint32_t *mark = row[column > 0 ? column - 1 : 0].text;

			while (*mark)
				mark++;
			*mark = character;
			continue;
		}
		row[column].text[0] = character;
		if (width == 2)
			row[column + 1].tail = true;
		column += width;
	}
	page->drawn[page->rows++] = column;
}

/* A run of columns in the row before: ": FIRST-LAST LETTERS FOREGROUND BACKGROUND", columns from 1. */
static void read_span(struct page *page, const char *line)
{
	struct column *row = page->at[page->rows - 1];
	int first, last, pen;

	/* Recorded numbers, checked below. */
	if (sscanf(line, ": %3d-%3d %n", &first, &last, &pen) != 2 || first < 1 || last > COLUMNS)
		fail_msg("%s: a bad line: %s", page->name, line);
	for (int i = first - 1; i < last; i++)
		snprintf(row[i].pen, sizeof(row[i].pen), "%s", line + pen);
}

static void add_colour(struct str *out, int colour)
{
	if (colour >= 0 && colour & TERMINAL_RGB)
		str_addf(out, " #%06x", (unsigned)(colour & 0xffffff));
	else
		str_addf(out, " %d", colour);
}

/* The pen of a cell as recordings spell it. Concealed is not among them: xterm prints such cells as blank. */
static char *pen_of(const struct cell *cell, bool reversed)
{
	static const struct {
		uint16_t attribute;
		char letter;
	} letters[] = {
		{ CELL_BOLD, 'b' }, { CELL_DIM, 'd' }, { CELL_ITALIC, 'i' }, { CELL_UNDERLINE, 'u' },
		{ CELL_BLINK, 'k' }, { CELL_REVERSE, 'r' }, { CELL_STRIKE, 's' },
	};
	struct str out;

	str_init(&out);
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if ((cell->attributes ^ (reversed ? CELL_REVERSE : 0)) & letters[i].attribute)
			str_addc(&out, letters[i].letter);
	}
	if (out.len == 0 && cell->foreground == -1 && cell->background == -1)
		return str_detach(&out);
	if (out.len == 0)
		str_addc(&out, '-');
	add_colour(&out, cell->foreground);
	add_colour(&out, cell->background);
	return str_detach(&out);
}

/* Of the pen of a blank, only what is seen: no letters but u, r and s, and not the foreground unless one of them is set. */
static char *pen_of_blank(const char *pen)
{
	char letters[16] = "-", foreground[16] = "-1", background[16] = "-1", *to = letters;

	if (*pen && sscanf(pen, "%15s %15s %15s", letters, foreground, background) != 3)
		fail_msg("a bad pen: %s", pen);
	for (const char *at = letters; *at; at++) {
		if (strchr("urs", *at))
			*to++ = *at;
	}
	*to = '\0';
	if (!*letters && text_equal(background, "-1"))
		return mem_strdup("");
	return *letters ? mem_printf("%s %s %s", letters, foreground, background) : mem_printf("- * %s", background);
}

static char *pen_seen(char *pen, bool blank)
{
	char *seen = blank ? pen_of_blank(pen) : mem_strdup(pen);

	free(pen);
	return seen;
}

static uint32_t shown(const struct cell *cell, int i)
{
	if (i == 0 && (cell->text[0] == 0 || cell->attributes & CELL_CONCEAL))
		return ' ';
	return cell->attributes & CELL_CONCEAL ? 0 : cell->text[i];
}

/* Returns what differs in a column, or NULL. */
static char *column_difference(const struct terminal *term, const struct page *page, int row, int column)
{
	const struct column *want = &page->at[row][column];
	char *pen, *wanted_pen, *what = NULL;
	struct cell cell;

	if (want->tail)
		return NULL;
	terminal_cell(term, row, column, &cell);
	for (int i = 0; i < CELL_CHARS && !what; i++) {
		uint32_t wanted = i == 0 && want->text[0] == 0 ? ' ' : want->text[i];

		if (shown(&cell, i) != wanted)
			what = mem_printf("row %d column %d: U+%04X, xterm U+%04X", row + 1, column + 1,
			                  (unsigned)shown(&cell, i), (unsigned)wanted);
	}
	pen = pen_seen(pen_of(&cell, page->reversed), shown(&cell, 0) == ' ');
	wanted_pen = pen_seen(mem_strdup(want->pen), shown(&cell, 0) == ' ');
	if (!what && column < page->drawn[row] && !text_equal(pen, wanted_pen))
		what = mem_printf("row %d column %d: pen \"%s\", xterm \"%s\"", row + 1, column + 1, pen, wanted_pen);
	free(pen);
	free(wanted_pen);
	return what;
}

static void assert_same_screen(const struct terminal *a, const struct terminal *b, const char *name)
{
	for (int row = 0; row < ROWS; row++) {
		for (int column = 0; column < COLUMNS; column++) {
			struct cell one, other;

			terminal_cell(a, row, column, &one);
			terminal_cell(b, row, column, &other);
			if (memcmp(one.text, other.text, sizeof(one.text)) != 0 || one.foreground != other.foreground ||
			    one.background != other.background || one.attributes != other.attributes)
				fail_msg("%s: row %d column %d is another when written byte by byte", name, row + 1, column + 1);
		}
	}
}

/* slow: a terminal to which the same was written byte by byte. */
static void compare(struct differences *list, const struct terminal *term, const struct terminal *slow, struct page *page)
{
	char *what = NULL;

	assert_int_equal(page->rows, ROWS);
	assert_same_screen(term, slow, page->name);
	for (int row = 0; row < ROWS && !what; row++) {
		for (int column = 0; column < COLUMNS && !what; column++)
			what = column_difference(term, page, row, column);
	}
	differences_note(list, page->name, what);
	free(what);
	free(page->name);
	*page = (struct page){ .name = NULL };
}

static void write_bytes(struct terminal *term, const struct str *bytes)
{
	for (size_t i = 0; i < bytes->len; i++)
		terminal_write(term, bytes->text + i, 1);
}

static void compare_menu(struct differences *list, const char *menu, struct page *page)
{
	static const struct terminal_events nobody = { .bell = NULL };
	char *path = mem_printf(RECORDINGS "/%s.txt", menu), *rest;
	struct str text = recording_read(path), bytes;
	struct terminal *term = terminal_new(ROWS, 80, 100, &nobody, NULL);
	struct terminal *slow = terminal_new(ROWS, 80, 100, &nobody, NULL);

	str_init(&bytes);
	for (char *line = strtok_r(text.text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (text_starts(line, "page ")) {
			if (page->name)
				compare(list, term, slow, page);
			page->name = mem_printf("menu %s %.*s", menu, (int)strcspn(line + 5, " ") + 5, line);
			page->reversed = text_ends(line, " reversed");
		} else if (text_starts(line, "> ")) {
			str_clear(&bytes);
			escaped_read(line + 2, &bytes);
			terminal_write(term, bytes.text, bytes.len);
			write_bytes(slow, &bytes);
		} else if (*line == '|') {
			read_row(page, line);
		} else {
			read_span(page, line);
		}
	}
	compare(list, term, slow, page);
	terminal_free(term);
	terminal_free(slow);
	str_finish(&bytes);
	str_finish(&text);
	free(path);
}

static void pages_of_vttest_look_as_in_xterm(void **state)
{
	struct differences *list = differences_read("tests/golden/terminal/known-differences/vttest.txt");
	struct page *page = mem_alloc(sizeof(*page));
	struct strv menus = { .items = NULL };

	(void)state;
	recording_names(RECORDINGS, &menus);
	for (size_t i = 0; i < menus.count; i++)
		compare_menu(list, menus.items[i], page);
	strv_finish(&menus);
	free(page);
	differences_finish(list, "pages of vttest that look as in xterm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_vttest_look_as_in_xterm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
