/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include "core/base/number.h"
#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Answers to questions of the guest. They say what the terminal is and does;
 * what the guest itself has set as a title or a string is never sent back, since
 * a file that is merely shown could type commands that way.
 */
#define TERMINAL_ID "?65;6;9;15;21;22;28c"	/* VT520: selective erase, national and technical sets, sideways scrolling,
						 * colour, rectangles */
#define XTERM_LEVEL 379				/* programs choose what they use by xterm's number */

static void answer(struct terminal *term, const char *bytes, size_t len)
{
	if (term->answers && term->events->answer)
		term->events->answer(term->data, bytes, len);
}

/* kind: '[' CSI; 'P' DCS and ']' OSC, which a ST ends. */
void terminal_reply(struct terminal *term, char kind, const char *fmt, ...)
{
	char text[512];
	size_t at;
	va_list ap;
	int len;

	if (term->eight_bit) {
		at = utf8_encode((uint32_t)kind + 0x40, text);
	} else {
		text[0] = '\033';
		text[1] = kind;
		at = 2;
	}
	va_start(ap, fmt);
	len = vsnprintf(text + at, sizeof(text) - at - 4, fmt, ap);
	va_end(ap);
	at += (size_t)len < sizeof(text) - at - 4 ? (size_t)len : sizeof(text) - at - 5;
	if (kind != '[' && term->eight_bit)
		at += utf8_encode(0x9c, text + at);
	else if (kind != '[')
		at += (size_t)snprintf(text + at, 3, "\033\\");
	answer(term, text, at);
}

void terminal_device_attributes(struct terminal *term)
{
	const struct scan *scan = &term->scan;

	if (scan->param[0] != 0 && scan->final != 'Z')
		return;
	if (scan->prefix == '>' && scan->final == 'q')
		terminal_reply(term, 'P', ">|paddock " PADDOCK_VERSION);
	else if (scan->prefix == '>')
		terminal_reply(term, '[', ">64;%d;0c", XTERM_LEVEL);
	else if (scan->prefix == '=')
		terminal_reply(term, 'P', "!|00000000");
	else
		terminal_reply(term, '[', "%s", term->level == 1 ? "?1;2c" : TERMINAL_ID);
}

static void report_cursor(struct terminal *term)
{
	bool origin = terminal_has(term, FLAG_ORIGIN);
	int row = term->row + 1 - (origin ? term->top : 0), column = term->column + 1 - (origin ? term->left : 0);

	/* DECXCPR adds the page, from the VT420 on. */
	if (term->scan.prefix)
		terminal_reply(term, '[', "?%d;%d%sR", row, column, term->level >= 4 ? ";1" : "");
	else
		terminal_reply(term, '[', "%d;%dR", row, column);
}

/* DSR (VT510 manual). Questions after what a pane does not have are answered as by a terminal without it. */
void terminal_status(struct terminal *term)
{
	static const struct { uint8_t question; char answer[16]; } rows[] = {
		{ 15, "?13n" },		/* no printer */
		{ 25, "?20n" },		/* user-defined keys are not locked */
		{ 26, "?27;1;0;0n" },	/* a North American keyboard */
		{ 53, "?53n" }, { 55, "?53n" },	/* no locator */
		{ 56, "?57;0n" },
		{ 62, "0000*{" },		/* no room for macros */
		{ 75, "?70n" },		/* no errors */
		{ 85, "?83n" },		/* one session */
	};
	unsigned question = term->scan.param[0];

	if (question == 6) {
		report_cursor(term);
	} else if (!term->scan.prefix) {
		if (question == 5)
			terminal_reply(term, '[', "0n");
	} else if (question == 63) {
		terminal_reply(term, 'P', "%u!~0000", term->scan.param_count > 1 ? term->scan.param[1] : 0);
	} else {
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (rows[i].question == question)
				terminal_reply(term, '[', "%s", rows[i].answer);
	}
}

/* XTWINOPS: the size in characters, and the stack of titles. A pane cannot be moved or resized by its guest. */
void terminal_window(struct terminal *term)
{
	const struct scan *scan = &term->scan;
	unsigned which = scan->param_count > 1 ? scan->param[1] : 0;

	switch (scan->param[0]) {
	case 11:
		terminal_reply(term, '[', "1t");
		break;
	case 13:
		terminal_reply(term, '[', "3;0;0t");
		break;
	case 14:
		terminal_reply(term, '[', "4;%d;%dt", term->cells.grid->rows * TERM_CELL_HEIGHT,
		               term->cells.grid->columns * TERM_CELL_WIDTH);
		break;
	case 16:
		terminal_reply(term, '[', "6;%d;%dt", TERM_CELL_HEIGHT, TERM_CELL_WIDTH);
		break;
	case 18: case 19:
		terminal_reply(term, '[', "%u;%d;%dt", scan->param[0] - 10, term->cells.grid->rows, term->cells.grid->columns);
		break;
	case 22:
		terminal_push_title(term, which != 1, which != 2);
		break;
	case 23:
		terminal_pop_title(term, which != 1, which != 2);
		break;
	default:
		break;
	}
}

static int cursor_style(const struct terminal *term)
{
	bool blink = terminal_has(term, FLAG_BLINK);

	return term->cursor_style < 3 ? 2 - blink : (term->cursor_style + 1) / 2 * 2 - blink;
}

/* Returns the byte of two hexadecimal digits, or -1. */
static int hex_byte(const char *digits)
{
	int high = number_hex_digit(digits[0]), low = high < 0 ? -1 : number_hex_digit(digits[1]);

	return low < 0 ? -1 : high * 16 + low;
}

/* XTGETTCAP: names of capabilities in hexadecimal, separated by ';'. Answers up to the first that it does not know. */
void terminal_request_capability(struct terminal *term, const char *names)
{
	static const struct { char name[8], value[16]; } rows[] = {
		{ "Co", "256" }, { "colors", "256" }, { "TN", "xterm-256color" }, { "name", "xterm-256color" }, { "RGB", "8" },
	};

	while (*names) {
		size_t len = strcspn(names, ";"), row = 0, at = 0;
		char name[8] = "", answer[48] = "";

		for (size_t i = 0; i + 1 < len && i / 2 < sizeof(name) - 1; i += 2)
			name[i / 2] = (char)hex_byte(names + i);
		while (row < sizeof(rows) / sizeof(rows[0]) && strcmp(rows[row].name, name) != 0)
			row++;
		if (row == sizeof(rows) / sizeof(rows[0]) || len % 2 || len / 2 != strlen(name)) {
			terminal_reply(term, 'P', "0+r");
			return;
		}
		for (const char *value = rows[row].value; *value; value++)
			at += (size_t)snprintf(answer + at, sizeof(answer) - at, "%02X", (unsigned)*value);
		terminal_reply(term, 'P', "1+r%.*s=%s", (int)len, names, answer);
		names += len + (names[len] == ';');
	}
}

/* DECRQSS. */
void terminal_request_status(struct terminal *term, const char *what)
{
	char pen[160];

	if (strcmp(what, "m") == 0) {
		terminal_sgr_text(&term->pen, pen, sizeof(pen));
		terminal_reply(term, 'P', "1$r%sm", pen);
	} else if (strcmp(what, "r") == 0) {
		terminal_reply(term, 'P', "1$r%d;%dr", term->top + 1, term->bottom + 1);
	} else if (strcmp(what, "s") == 0 && term->level >= 4) {
		terminal_reply(term, 'P', "1$r%d;%ds", term->left + 1, term->right + 1);
	} else if (strcmp(what, " q") == 0) {
		terminal_reply(term, 'P', "1$r%d q", cursor_style(term));
	} else if (strcmp(what, "\"q") == 0) {
		terminal_reply(term, 'P', "1$r%d\"q", term->protection == PROTECTION_DEC && term->pen.is_protected);
	} else if (strcmp(what, "\"p") == 0) {
		terminal_reply(term, 'P', "1$r%d;%d\"p", 60 + term->level, !term->eight_bit);
	} else if (strcmp(what, "t") == 0) {
		terminal_reply(term, 'P', "1$r%dt", term->cells.grid->rows > 24 ? term->cells.grid->rows : 24);
	} else if (strcmp(what, "$|") == 0) {
		terminal_reply(term, 'P', "1$r%d$|", terminal_has(term, FLAG_132) ? 132 : 80);
	} else if (strcmp(what, "*|") == 0) {
		terminal_reply(term, 'P', "1$r%d*|", term->cells.grid->rows);
	} else if (strcmp(what, "*x") == 0) {
		terminal_reply(term, 'P', "1$r%d*x", term->exact_rectangle ? 2 : 0);
	} else {
		terminal_reply(term, 'P', "0$r");
	}
}
