/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_PAGE_H
#define UI_KIT_PAGE_H

#include "core/vm/spec.h"
#include "ui/kit/theme.h"

#include <stdbool.h>
#include <stddef.h>

struct host_facts;
struct item;
struct machine;
struct plan;
struct problems;
struct vm_config;

/*
 * What the tabs of the details show, as lines with an optional word in
 * front. Building a page looks at nothing but its arguments.
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

/* What is known of a VM when its overview is drawn; everything but item may be NULL. */
struct overview {
	const struct item *item;
	const struct machine *machine;
	const struct vm_config *config;
	const struct vm_spec *spec;
	const struct host_facts *facts;
	const struct problems *problems;
	enum boot_mode detected;	/* what the image is, BOOT_AUTO: not looked */
	bool differs;			/* what runs was started with other settings than the profile has now */
	long now;
};

/* A line for each tab that shows what runs where the profile says something else by now. */
#define PAGE_DIFFERS "shown is what runs; the profile was changed since, which counts at the next start"

void page_overview(struct page *, const struct theme *, const struct overview *);
void page_settings(struct page *, const struct vm_config *, const struct problems *);
void page_command(struct page *, const struct vm_config *, const struct plan *, const struct problems *);
/* Lines of a text as they are. */
void page_text(struct page *, const char *text);

/* Draws from line `top`, wrapped; returns how many lines found room. */
size_t page_draw(const struct page *, WINDOW *, const struct theme *, size_t top);
/* The same inside of the frame that a window has, and in the frame which of the lines those are. */
void page_draw_framed(const struct page *, WINDOW *, const struct theme *, size_t top);
/* The highest top that still fills a window of this size. */
size_t page_last_top(const struct page *, int rows, int columns);
/* top moved by so many lines, within 0 and last. */
size_t page_scrolled(size_t top, long by, size_t last);

/*
 * A console's log as text: control sequences are dropped, a carriage return
 * begins its line again, a backspace takes one character. The caller's.
 */
char *log_clean(const char *bytes, size_t len);

#endif
