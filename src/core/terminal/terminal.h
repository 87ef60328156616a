/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_H
#define CORE_TERMINAL_TERMINAL_H

#include "core/terminal/cell.h"
#include "core/terminal/terminal_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/*
 * The terminal in the console pane: libvterm's parser and state layers over
 * a grid of our own. Rows are in a ring, so a scroll moves nothing and a row
 * that leaves the top is the scrollback. The only file that knows libvterm.
 * No curses here: the pane view paints what this holds.
 */
struct terminal;

struct terminal_events {
	void (*answer)(void *data, const void *bytes, size_t len);	/* to the guest: replies to queries */
	void (*bell)(void *data);
	void (*title)(void *data, const char *utf8);
};

struct terminal *terminal_new(int rows, int columns, size_t scrollback, const struct terminal_events *, void *data);
void terminal_free(struct terminal *);
void terminal_resize(struct terminal *, int rows, int columns);
void terminal_write(struct terminal *, const void *bytes, size_t len);
void terminal_reset(struct terminal *);			/* as switched on; scrollback stays */
void terminal_turn_page(struct terminal *);		/* reset, but what the screen shows goes into the scrollback */
void terminal_answers(struct terminal *, bool);		/* whether queries are answered at all */

int terminal_rows(const struct terminal *);
int terminal_columns(const struct terminal *);
size_t terminal_scrollback(const struct terminal *);	/* lines above the top */
/* Lines that ever left the top: row + this is a number that a line keeps. Of the screen that is seen. */
uint64_t terminal_lines(const struct terminal *);
/* row < 0 is scrollback (-1: the newest); outside everything: a blank. */
void terminal_cell(const struct terminal *, int row, int column, struct cell *out);
/* The same for a run of ASCII in one pen that begins there: its characters and their number, 0: it is something else. */
int terminal_run(const struct terminal *, int row, int column, char *out, int size, struct cell *pen);
int terminal_row_width(const struct terminal *, int row);	/* columns up to the last cell that is not blank in the default pen */
/* UTF-8 of a row without trailing blanks; returns bytes, cut at size - 1. */
size_t terminal_row_text(const struct terminal *, int row, char *out, size_t size);
/* Another number whenever the row looks different; no two rows of a terminal share one. 0: outside. */
uint64_t terminal_row_version(const struct terminal *, int row);
/* Cursor; false while the guest hides it. shape: DECSCUSR's 1 block 3 underline 5 bar (blinking 1 less... 0). */
bool terminal_cursor(const struct terminal *, int *row, int *column, int *shape);
bool terminal_wants_mouse(const struct terminal *);
bool terminal_alternate(const struct terminal *);

/* Keys to bytes, in the modes the guest asked for (application cursor keys, bracketed paste, mouse). */
/* Each writes the bytes of a key, at most 64, to out and returns their number. */
size_t terminal_key(struct terminal *, enum terminal_key, int modifiers, char out[64]);
size_t terminal_char(struct terminal *, uint32_t character, int modifiers, char out[64]);
size_t terminal_paste_begin(struct terminal *, char out[64]);	/* 0 bytes unless bracketed paste is on */
size_t terminal_paste_end(struct terminal *, char out[64]);
/* button 1..3, 4/5 wheel, 0: none (motion). 0 bytes when the guest did not ask. */
size_t terminal_mouse(struct terminal *, int row, int column, int button, bool pressed, int modifiers, char out[64]);

#endif
