/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_TERMINAL_IMPL_H
#define CORE_TERMINAL_TERMINAL_IMPL_H

#include "core/terminal/scan.h"
#include "core/terminal/surface.h"
#include "core/terminal/terminal.h"

/*
 * The inside of a terminal, for the files terminal_*.c only. What sequences
 * mean follows xterm's control sequences document and, where that is silent,
 * DEC's manuals of the VT420 and VT510. Rows and columns count from 0 here.
 */
enum terminal_flag {
	FLAG_KEYBOARD_LOCK, FLAG_INSERT, FLAG_ECHO, FLAG_NEWLINE,	/* ANSI modes 2, 4, 12, 20 */
	FLAG_REVERSE_VIDEO, FLAG_ORIGIN, FLAG_AUTOWRAP, FLAG_BLINK, FLAG_CURSOR, FLAG_ALLOW_132, FLAG_132, FLAG_NATIONAL,
	FLAG_REVERSE_WRAP, FLAG_REVERSE_WRAP_FAR, FLAG_MARGINS, FLAG_KEEP_ON_132, FLAG_MORE_FIX, FLAG_SYNCHRONIZED,
	FLAG_INPUT,			/* not a bit: kept in struct input_modes */
	FLAG_OTHERS,			/* one for each mode that is only remembered, in the order of its table */
};

/* What else was changed since the beginning, even if it is back at its default; for terminal_leave. */
enum terminal_touched {
	TOUCHED_G0 = 1, TOUCHED_G1 = 2, TOUCHED_G2 = 4, TOUCHED_G3 = 8, TOUCHED_INSERT = 16, TOUCHED_NEWLINE = 32,
	TOUCHED_MARGINS = 64, TOUCHED_CURSOR = 128, TOUCHED_PROTECTION = 256, TOUCHED_OTHER_KEYS = 512, TOUCHED_KITTY = 1024,
};

/* Set by DECSCA and SPA: which kinds of erasing spare protected characters. */
enum protection { PROTECTION_OFF, PROTECTION_DEC, PROTECTION_ISO };

struct terminal_sets {
	uint8_t g[4];			/* enum charset */
	uint8_t gl, gr;			/* which of them is used for 0x20..0x7f and 0xa0..0xff */
};

struct terminal_saved {
	bool valid;
	int row, column;
	bool wrap, origin;
	struct pen pen;
	struct terminal_sets sets;
};

#define TITLES 10
#define TITLE_MAX 1024			/* bytes; the rest is dropped */
#define LINKS 256			/* distinct hyperlinks */
#define LINK_TEXT_MAX (64 * 1024)	/* bytes of all of them */
#define PEN_STACK 10
#define SPECIAL 5			/* colours for bold, underlined, blinking, reversed, italic text */

struct link {
	char *uri, *id;			/* NULL: the number is free */
};

struct terminal_colours {
	int32_t palette[256 + SPECIAL];	/* -1: not changed, or 0xrrggbb; the last ones are OSC 5's */
	int32_t dynamic[10];		/* OSC 10..19 */
};

struct terminal {
	struct surface cells;
	int row, column;
	bool wrap;			/* the last column was written: the next character goes to the next row */
	int top, bottom, left, right;	/* margins, the last row and column inside */
	uint64_t flags;			/* bits by enum terminal_flag */
	uint64_t stored;		/* by XTSAVE; a bit for each row of the table of private modes */
	uint64_t touched;		/* the same bits: set or reset since the beginning */
	uint32_t touched_others;	/* enum terminal_touched */
	struct pen pen;
	bool packed_valid;		/* cells.held is the packed pen */
	uint32_t last;			/* the character that REP repeats, 0: none */
	struct terminal_sets sets;
	bool plain;			/* the set in GL is ASCII */
	int8_t shift;			/* G2 or G3 for the next character, -1: none */
	uint8_t level;			/* conformance level (DECSCL), 1 to 5 */
	uint8_t protection;		/* enum protection */
	bool exact_rectangle;		/* DECSACE 2 */
	bool eight_bit;			/* answers begin with C1 controls */
	uint8_t checksum;		/* XTCHECKSUM */
	uint64_t bytes;			/* written to it */
	uint64_t rectangle_bytes;	/* the same at the last rectangle */
	uint64_t rectangle_cells;	/* worked on until then and not earned by bytes since, see terminal_rectangle.c */
	uint8_t cursor_style;		/* of DECSCUSR; 0: the user's */
	struct terminal_saved saved[2];	/* primary, alternate screen */
	uint8_t *tabs;			/* one for each column, 1: a stop */
	int tab_count;
	struct pen pens[PEN_STACK];
	int pen_count;
	char *title, *icon;		/* NULL: never set */
	struct { char *title, *icon; } titles[TITLES];
	int title_count;
	struct link links[LINKS];	/* [0] is not used */
	size_t link_text;		/* bytes of all of them */
	int last_link;			/* the newest; those behind it, around the end, are the oldest */
	int link_wait;			/* links that get no number before the screens are searched again */
	struct terminal_colours *colours;	/* NULL: none was changed */
	struct input_modes modes;
	struct terminal_point *followed;
	size_t followed_count;
	bool answers;
	const struct terminal_events *events;
	void *data;
	struct scan scan;
};

/* Brings any terminal into the modes in which a snapshot is drawn, on the primary screen. */
#define TERMINAL_PLAIN "\033[?1049l\033[!p\033[?5;9;45;69;1000;1004;1005;1006;1007;1015;1016;2004;2026l\033[20l\033[?7;25h" \
                       "\033(B\033)B\017\033[m"

static inline bool terminal_has(const struct terminal *term, enum terminal_flag flag)
{
	return term->flags >> flag & 1;
}

static inline void terminal_pen_changed(struct terminal *term)
{
	term->packed_valid = false;
}

/* A parameter of the sequence; a missing one is 0. */
static inline int terminal_param(const struct terminal *term, int i)
{
	return i < term->scan.param_count ? (int)term->scan.param[i] : 0;
}

/* terminal_text.c: characters, cursor, scrolling, erasing. */
void terminal_print_ascii(struct terminal *, const unsigned char *text, size_t len);
void terminal_print(struct terminal *, const uint32_t *characters, int count);
void terminal_repeat(struct terminal *, int count);
void terminal_sets_changed(struct terminal *);
uint32_t terminal_packed_pen(struct terminal *);
uint32_t terminal_blank_pen(struct terminal *);
/* Moves to a position that is relative to the margins in origin mode. */
void terminal_move(struct terminal *, int row, int column);
void terminal_index(struct terminal *, int count);
void terminal_reverse_index(struct terminal *, int count);
void terminal_return(struct terminal *);
void terminal_up(struct terminal *, int count);
void terminal_down(struct terminal *, int count);
void terminal_forward(struct terminal *, int count);
void terminal_back(struct terminal *, int count);
void terminal_tab(struct terminal *, int count);
void terminal_back_tab(struct terminal *, int count);
bool terminal_inside(const struct terminal *);		/* the cursor is within the margins */
void terminal_scroll(struct terminal *, struct grid_rect, int up, int left);
struct grid_rect terminal_region(const struct terminal *);
void terminal_erase(struct terminal *, struct grid_rect, bool selective);

/* terminal_escape.c: controls, escape sequences, resets. */
void terminal_control(struct terminal *, unsigned char control);
void terminal_escape(struct terminal *);
void terminal_save_cursor(struct terminal *);
void terminal_restore_cursor(struct terminal *);
void terminal_reset_margins(struct terminal *);
void terminal_soft_reset(struct terminal *);
void terminal_full_reset(struct terminal *);
void terminal_default_tabs(struct terminal *, int from);

/* terminal_csi.c, terminal_sgr.c, terminal_modes.c, terminal_rectangle.c: control sequences. */
void terminal_csi(struct terminal *);
void terminal_sgr(const struct scan *, struct pen *);
void terminal_sgr_text(const struct pen *, char *out, size_t size);	/* parameters that set it from any state */
void terminal_set_modes(struct terminal *, bool private, bool on);
void terminal_set_mode(struct terminal *, int mode, bool on);		/* a private one */
void terminal_store_modes(struct terminal *, bool restore);
void terminal_report_mode(struct terminal *, bool private);
void terminal_reset_modes(struct terminal *);
void terminal_write_modes(const struct terminal *, struct str *out);
void terminal_write_column_mode(const struct terminal *, struct str *out);	/* DECCOLM and what it depends on */
void terminal_write_stored_modes(const struct terminal *, struct str *out);
bool terminal_rectangle(struct terminal *);		/* returns false for other sequences */
bool terminal_may_work(struct terminal *, int rows, int columns);	/* false: the guest has asked for too much work */

/* terminal_report.c: answers. terminal_string.c: OSC and DCS. */
void terminal_reply(struct terminal *, char kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void terminal_device_attributes(struct terminal *);
void terminal_status(struct terminal *);
void terminal_window(struct terminal *);
void terminal_request_status(struct terminal *, const char *what);
void terminal_request_capability(struct terminal *, const char *names);
void terminal_string(struct terminal *);
void terminal_set_title(struct terminal *, const char *text, bool title, bool icon);
void terminal_push_title(struct terminal *, bool title, bool icon);
void terminal_pop_title(struct terminal *, bool title, bool icon);
void terminal_forget_titles(struct terminal *);		/* those on the stack */
void terminal_strings_finish(struct terminal *);

#endif
