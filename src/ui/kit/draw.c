/* SPDX-License-Identifier: MIT */
#include "ui/kit/draw.h"

#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The next character in printable form, its bytes and its columns. */
struct glyph_at {
	wchar_t shown;
	size_t bytes;
	int columns;		/* 0: combines with the one before */
};

static struct glyph_at next_character(const char *text, size_t len)
{
	struct glyph_at at = { .shown = L'?', .bytes = 1, .columns = 1 };
	mbstate_t state = { 0 };
	wchar_t c;
	size_t used;

	/* ASCII is the same in every locale, and is nearly everything that is drawn. */
	if (len > 0 && *text >= ' ' && *text <= '~') {
		at.shown = (wchar_t)*text;
		return at;
	}
	used = mbrtowc(&c, text, len, &state);

	if (used == 0 || used > len)
		return at;
	at.bytes = used;

	int columns = c == L'\t' ? -1 : wcwidth(c);

	if (utf8_is_format((uint32_t)c))
		return at;

	if (columns >= 0) {
		at.shown = c;
		at.columns = columns;
	} else if (c == L'\t' || c == L'\n') {
		at.shown = L' ';
	}
	return at;
}

int text_columns(const char *text)
{
	int columns = 0;

	for (size_t left = strlen(text); left > 0; ) {
		struct glyph_at at = next_character(text, left);

		columns += at.columns;
		text += at.bytes;
		left -= at.bytes;
	}
	return columns;
}

/* Adds characters as long as they fit; returns the columns used. */
static int put(WINDOW *window, int row, int column, int width, const char *text, size_t left)
{
	int used = 0;

	if (width <= 0 || wmove(window, row, column) == ERR)
		return 0;
	while (left > 0) {
		struct glyph_at at = next_character(text, left);

		if (used + at.columns > width)
			break;
		/* Every character is placed by position, because ncurses may use another width. */
		if (at.columns > 0)
			mvwaddnwstr(window, row, column + used, &at.shown, 1);
		else if (used > 0)
			waddnwstr(window, &at.shown, 1);
		used += at.columns;
		text += at.bytes;
		left -= at.bytes;
	}
	return used;
}

int draw_text(WINDOW *window, const struct theme *theme, int row, int column, int width, const char *text)
{
	int right = getmaxx(window) - column;

	if (width > right)
		width = right;
	if (width <= 0)
		return 0;
	if (text_columns(text) <= width)
		return put(window, row, column, width, text, strlen(text));

	int used = put(window, row, column, width - 1, text, strlen(text));

	return used + put(window, row, column + used, 1, theme_glyph(theme, GLYPH_MORE), 3);
}

int draw_textf(WINDOW *window, const struct theme *theme, int row, int column, int width, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();

	int used = draw_text(window, theme, row, column, width, text);

	free(text);
	return used;
}

int draw_tail(WINDOW *window, const struct theme *theme, int row, int column, int width, const char *text)
{
	int columns = text_columns(text);
	size_t left = strlen(text);

	if (columns <= width || width < 2)
		return draw_text(window, theme, row, column, width, text);
	while (columns > width - 1 && left > 0) {
		struct glyph_at at = next_character(text, left);

		columns -= at.columns;
		text += at.bytes;
		left -= at.bytes;
	}

	int used = put(window, row, column, 1, theme_glyph(theme, GLYPH_MORE), 3);

	return used + put(window, row, column + used, width - used, text, left);
}

/* The bytes at the beginning of the text that take at most this many columns. */
static size_t bytes_in(const char *text, int columns)
{
	size_t len = strlen(text), at = 0;

	while (at < len) {
		struct glyph_at next = next_character(text + at, len - at);

		columns -= next.columns;
		if (columns < 0)
			break;
		at += next.bytes;
	}
	return at;
}

int draw_middle(WINDOW *window, const struct theme *theme, int row, int column, int width, const char *text, size_t telling)
{
	int columns = text_columns(text);
	size_t head, tail;

	if (columns <= width || width < 4)
		return draw_text(window, theme, row, column, width, text);
	head = bytes_in(text, width / 2);
	tail = bytes_in(text, columns - (width - width / 2 - 1));
	/* What tells them apart would be lost: it comes after a shorter beginning. */
	if (telling >= head && telling < tail) {
		size_t filling = bytes_in(text, columns - (width - width / 4 - 1));

		head = bytes_in(text, width / 4);
		tail = telling < filling ? telling : filling;
		while (tail > head && ((unsigned char)text[tail] & 0xc0) == 0x80)
			tail--;
	}

	int used = put(window, row, column, width, text, head);

	used += put(window, row, column + used, 1, theme_glyph(theme, GLYPH_MORE), 3);
	return used + draw_text(window, theme, row, column + used, width - used, text + tail);
}

void draw_blank(WINDOW *window, int row, int column, int width)
{
	for (int i = 0; i < width && column + i < getmaxx(window); i++)
		mvwaddch(window, row, column + i, ' ');
}

void draw_titled_frame(WINDOW *window, const struct theme *theme, bool focus, const struct frame_title *title)
{
	int room = getmaxx(window) - 6 - title->reserved, used;

	theme_set(theme, window, focus ? STYLE_FRAME_FOCUS : STYLE_FRAME);
	if (theme->utf8)
		wborder_set(window, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
	else
		wborder(window, '|', '|', '-', '-', '+', '+', '+', '+');
	if (title->name != NULL && room > 0) {
		mvwaddch(window, 0, 1, ' ');
		theme_set(theme, window, focus ? STYLE_HEADING : STYLE_NORMAL);
		used = draw_text(window, theme, 0, 2, room - text_columns(title->rest), title->name);
		used += draw_text(window, theme, 0, 2 + used, room - used, title->rest);
		mvwaddch(window, 0, 2 + used, ' ');
	}
	theme_set(theme, window, STYLE_NORMAL);
}

void draw_frame(WINDOW *window, const struct theme *theme, bool focus, const char *title)
{
	draw_titled_frame(window, theme, focus, &(struct frame_title){ .name = title, .rest = "" });
}

/* Length of the next line in bytes: up to a newline, or up to the last blank that fits, or as much as fits. */
static size_t line_length(const char *text, size_t left, int width)
{
	size_t blank = 0, at = 0;
	int columns = 0;

	while (at < left && text[at] != '\n') {
		struct glyph_at next = next_character(text + at, left - at);

		if (columns + next.columns > width && at > 0)
			return text[at] == ' ' ? at : blank > 0 ? blank : at;
		if (text[at] == ' ' && columns > 0)
			blank = at;
		columns += next.columns;
		at += next.bytes;
	}
	return at;
}

int text_wrap(const char *text, int width, wrap_fn *line_fn, void *data)
{
	size_t left = strlen(text);
	int line = 0;

	while (left > 0) {
		size_t len = line_length(text, left, width < 1 ? 1 : width);

		if (line_fn != NULL)
			line_fn(data, line, text, len);
		line++;
		/* Skip the newline or blank at which the line was broken. */
		if (len < left && (text[len] == '\n' || text[len] == ' '))
			len++;
		text += len;
		left -= len;
	}
	return line;
}
