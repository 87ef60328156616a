/* SPDX-License-Identifier: MIT */
#include "ui/kit/page.h"

#include "core/base/alloc.h"
#include "ui/kit/draw.h"
#include "ui/kit/scroller.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void page_finish(struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		free(page->lines[i].label);
		free(page->lines[i].text);
	}
	free(page->lines);
	*page = (struct page){ 0 };
}

static void take_line(struct page *page, enum style style, const char *label, char *text)
{
	page->lines = mem_grow(page->lines, &page->size, page->count + 1, sizeof(page->lines[0]));
	page->lines[page->count++] = (struct page_line){ style, mem_strdup(label), text };
}

void page_add(struct page *page, enum style style, const char *label, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	take_line(page, style, label, mem_vprintf(fmt, ap));
	va_end(ap);
}

void page_text(struct page *page, enum style style, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		take_line(page, style, NULL, mem_strndup(text, len));
		text += len;
		if (*text == '\n')
			text++;
	}
}

/* Drawing. */

struct drawing {
	WINDOW *window;
	const struct theme *theme;
	int row, column;
};

static void draw_piece(void *data, int line, const char *text, size_t len)
{
	struct drawing *drawing = data;
	int row = drawing->row + line;

	if (row >= getmaxy(drawing->window))
		return;

	char *copy = mem_strndup(text, len);

	draw_text(drawing->window, drawing->theme, row, drawing->column,
	          getmaxx(drawing->window) - drawing->column, copy);
	free(copy);
}

/* A narrow pane has no room for labels; a line without one begins at the left. */
static int text_column(const struct page *page, const struct page_line *line, int columns)
{
	if (line->label == NULL)
		return 0;
	return page->label_width > columns / 2 ? columns / 2 : page->label_width;
}

static int line_rows(const struct page *page, const struct page_line *line, int columns)
{
	int rows = text_wrap(line->text, columns - text_column(page, line, columns), NULL, NULL);

	return rows > 0 ? rows : 1;
}

/* Returns how many lines fit. */
static size_t draw_lines(const struct page *page, WINDOW *window, const struct theme *theme, size_t top)
{
	int rows = getmaxy(window), columns = getmaxx(window), row = 0;
	size_t at = top;

	for (; at < page->count && row < rows; at++) {
		const struct page_line *line = &page->lines[at];
		struct drawing drawing = { window, theme, row, text_column(page, line, columns) };

		if (line->label != NULL) {
			theme_set(theme, window, STYLE_DIM);
			draw_text(window, theme, row, 0, drawing.column - 1, line->label);
		}
		theme_set(theme, window, line->style);
		text_wrap(line->text, columns - drawing.column, draw_piece, &drawing);
		row += line_rows(page, line, columns);
	}
	theme_set(theme, window, STYLE_NORMAL);
	return at - top;
}

void page_draw_framed(const struct page *page, WINDOW *window, const struct theme *theme, size_t top)
{
	int rows = getmaxy(window), columns = getmaxx(window);
	WINDOW *inside = derwin(window, rows - 2, columns - 4, 1, 2);
	char extent[64];

	if (inside == NULL)
		return;

	size_t shown = draw_lines(page, inside, theme, top);

	delwin(inside);
	draw_text(window, theme, rows - 1, 2, columns - 4, scroller_extent(top, shown, page->count, extent, sizeof(extent)));
}

size_t page_last_top(const struct page *page, int rows, int columns)
{
	size_t top = page->count;

	while (top > 0) {
		rows -= line_rows(page, &page->lines[top - 1], columns);
		if (rows < 0)
			break;
		top--;
	}
	return top < page->count || page->count == 0 ? top : page->count - 1;
}
