/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_PAGE_H
#define UI_KIT_PAGE_H

#include "ui/kit/theme.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A text to read: lines with an optional label before them. Lines are wrapped
 * when they are drawn.
 */
struct page_line {
	enum style style;
	char *label;		/* NULL: none */
	char *text;
};

struct page {
	struct page_line *lines;
	size_t count, size;
	int label_width;	/* columns reserved for labels; 0: none */
};

void page_finish(struct page *);	/* leaves it empty */
void page_add(struct page *, enum style, const char *label, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds the lines of a text unchanged. */
void page_text(struct page *, enum style, const char *text);

/* Draws the wrapped lines from line `top` in a window with a frame; the frame shows which lines are visible. */
void page_draw_framed(const struct page *, WINDOW *, const struct theme *, size_t top);
/* The largest top with which the text still fills a window of this size. */
size_t page_last_top(const struct page *, int rows, int columns);

#endif
