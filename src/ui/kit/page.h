/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_PAGE_H
#define UI_KIT_PAGE_H

#include "ui/kit/theme.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A text to read: lines with an optional word in front, which are wrapped as
 * they are drawn.
 */
struct page_line {
	enum style style;
	char *label;		/* NULL: none */
	char *text;
};

struct page {
	struct page_line *lines;
	size_t count, size;
	int label_width;	/* columns kept for labels, 0: none */
};

void page_finish(struct page *);	/* leaves it empty */
void page_add(struct page *, enum style, const char *label, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Lines of a text as they are. */
void page_text(struct page *, const char *text);

/* Draws from line `top`, wrapped, inside of the frame that a window has, and in the frame which of the lines those are. */
void page_draw_framed(const struct page *, WINDOW *, const struct theme *, size_t top);
/* The highest top that still fills a window of this size. */
size_t page_last_top(const struct page *, int rows, int columns);

#endif
