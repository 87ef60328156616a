/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_H
#define CORE_TERMINAL_TERMINAL_H

#include "core/terminal/cell.h"
#include "core/terminal/terminal_keys.h"
#include "core/terminal/terminal_mouse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * A terminal without a screen: takes the output of a guest, as xterm would,
 * and holds what it shows. Any bytes in any pieces are safe, and use a bounded
 * amount of memory. No curses here: the pane paints what this holds.
 */
struct terminal;

struct terminal_events {
	void (*answer)(void *data, const void *bytes, size_t len);	/* replies to queries, for the guest */
	void (*bell)(void *data);
	void (*title)(void *data, const char *utf8);
};

struct terminal *terminal_new(int rows, int columns, size_t scrollback, const struct terminal_events *, void *data);
void terminal_free(struct terminal *);
/* For a new terminal that will take the place of another: no row gets a version that the other's rows have had. */
void terminal_succeed(struct terminal *, const struct terminal *other);
void terminal_resize(struct terminal *, int rows, int columns);
void terminal_write(struct terminal *, const void *bytes, size_t len);
void terminal_reset(struct terminal *);			/* as after power-on; keeps the scrollback */
void terminal_turn_page(struct terminal *);		/* resets, after moving the screen content into the scrollback */
void terminal_answers(struct terminal *, bool);		/* enables or disables answers to queries */

/*
 * Appends bytes that draw the same screen in any terminal of the same size, with the same modes and cursor. A terminal of
 * ours that was reset before is the same in every respect but the scrollback. About 100 bytes, and what the screen shows;
 * links beyond 256 KiB are left out.
 */
void terminal_snapshot(const struct terminal *, struct str *out);

/* A place in a terminal, permanent until it is resized. */
struct terminal_point {
	int64_t line;		/* row + terminal_lines */
	int column;
};

#define TERMINAL_POINTS 4
/* Every resize moves these points with their characters. Borrowed until the next call; count: at most TERMINAL_POINTS. */
void terminal_follow(struct terminal *, struct terminal_point *, size_t count);
/* Takes over the points of a terminal that it takes the place of: they keep their rows of the screen. */
void terminal_take_points(struct terminal *, struct terminal *from);

/*
 * For a terminal that follows what is written to another one, of any size: append what undoes all modes that were
 * changed there, without moving the cursor if that is possible; and what sets the modes again.
 */
void terminal_leave(const struct terminal *, struct str *out);
void terminal_resume(const struct terminal *, struct str *out);
/* True if a mode was ever set that makes a terminal send more than keys: mouse or focus. */
bool terminal_may_report(const struct terminal *);

int terminal_rows(const struct terminal *);
int terminal_columns(const struct terminal *);
size_t terminal_scrollback(const struct terminal *);	/* number of lines above the screen */
/* Returns how many lines have left the visible screen at the top: row + this number identifies a line permanently. */
uint64_t terminal_lines(const struct terminal *);
/* Reads a cell. row < 0 is in the scrollback (-1: the newest line); cells outside are blank. */
void terminal_cell(const struct terminal *, int row, int column, struct cell *out);
/* Reads a run of ASCII characters with the same pen. Returns their number, or 0 if the cell contains something else. */
int terminal_run(const struct terminal *, int row, int column, char *out, int size, struct cell *pen);
bool terminal_row_wrapped(const struct terminal *, int row);	/* true if its text continues on the next row */
int terminal_row_width(const struct terminal *, int row);	/* number of columns up to the last cell that is not blank in the default pen */
/* Writes a row as UTF-8 without trailing spaces, at most size - 1 bytes. Returns the number of bytes. */
size_t terminal_row_text(const struct terminal *, int row, char *out, size_t size);
/* Returns a number that changes whenever the row changes, unique among the rows of a terminal; 0 if row is outside. */
uint64_t terminal_row_version(const struct terminal *, int row);
/* Returns false while the guest hides the cursor. shape: as in DECSCUSR (block, underline or bar; blinking or not). */
bool terminal_cursor(const struct terminal *, int *row, int *column, int *shape);
/* Returns the URI of a cell's hyperlink, as the guest wrote it, valid until the next write; NULL if there is none. */
const char *terminal_link(const struct terminal *, unsigned number);
bool terminal_alternate(const struct terminal *);
bool terminal_synchronized(const struct terminal *);	/* the guest is in the middle of an update (mode 2026) */
/* The modes that the guest has set for its input, for a view that follows them. Borrowed. */
const struct input_modes *terminal_input_modes(const struct terminal *);
bool terminal_wants_mouse(const struct terminal *);

/* Encode input in these modes, as in terminal_keys.h and terminal_mouse.h. Each writes at most 64 bytes to out and returns
 * their number. */
size_t terminal_key(struct terminal *, enum terminal_key, int modifiers, char out[64]);
size_t terminal_char(struct terminal *, uint32_t character, int modifiers, char out[64]);
size_t terminal_paste_begin(struct terminal *, char out[64]);	/* returns 0 unless bracketed paste is on */
size_t terminal_paste_end(struct terminal *, char out[64]);
size_t terminal_mouse(struct terminal *, const struct mouse_event *, char out[64]);
size_t terminal_focus(struct terminal *, bool gained, char out[64]);

#endif
