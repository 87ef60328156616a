/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include <stdio.h>

/* SGR: parameters to a pen, and back. */

static bool is_sub(const struct scan *scan, int i)
{
	return i < scan->param_count && scan->sub >> i & 1;
}

/* Number of sub-parameters of param[i]. */
static int subs(const struct scan *scan, int i)
{
	int count = 0;

	while (is_sub(scan, i + 1 + count))
		count++;
	return count;
}

static int rgb(const uint32_t *parts)
{
	for (int i = 0; i < 3; i++)
		if (parts[i] > 255)
			return -1;
	return TERMINAL_RGB | (int)(parts[0] << 16 | parts[1] << 8 | parts[2]);
}

/*
 * Reads a colour after param[at], 38, 48 or 58: 5;N or 2;R;G;B, or the same as sub-parameters, where 2 may be followed
 * by the number of a colour space (ISO 8613-6). Leaves *colour as it is if it is malformed. Returns the index of its
 * last parameter.
 */
static int read_colour(const struct scan *scan, int at, int *colour)
{
	const uint32_t *parts = &scan->param[at + 1];
	int have = subs(scan, at), left = scan->param_count - at - 1, last = scan->param_count, read = -1;

	if (have > 0) {
		last = at + have;
		if (parts[0] == 5 && have >= 2)
			read = parts[1] <= 255 ? (int)parts[1] : -1;
		else if (parts[0] == 2 && have >= 4)
			read = rgb(parts + (have == 4 ? 1 : 2));
	} else if (left >= 2 && parts[0] == 5) {
		last = at + 2;
		read = parts[1] <= 255 ? (int)parts[1] : -1;
	} else if (left >= 4 && parts[0] == 2) {
		last = at + 4;
		read = rgb(parts + 1);
	}
	if (read >= 0)
		*colour = read;
	return last;
}

static void set_underline(struct pen *pen, unsigned style)
{
	if (style > UNDERLINE_DASHED)
		style = UNDERLINE_SINGLE;
	pen->underline = (uint8_t)style;
	pen->attributes = (uint16_t)(style ? pen->attributes | CELL_UNDERLINE : pen->attributes & ~CELL_UNDERLINE);
}

static void reset(struct pen *pen)
{
	pen->foreground = pen->background = pen->underline_colour = -1;
	pen->attributes = 0;
	pen->underline = UNDERLINE_NONE;
}

/* The parameters that need more than a look into a table. Returns the index of the last one that was used. */
static __attribute__((noinline)) int read_other(struct pen *pen, const struct scan *scan, int at)
{
	switch (scan->param[at]) {
	case 4:
		set_underline(pen, subs(scan, at) > 0 ? scan->param[at + 1] : UNDERLINE_SINGLE);
		break;
	case 21:
		set_underline(pen, UNDERLINE_DOUBLE);
		break;
	case 24:
		set_underline(pen, UNDERLINE_NONE);
		break;
	case 38:
		return read_colour(scan, at, &pen->foreground);
	case 48:
		return read_colour(scan, at, &pen->background);
	case 53:
		pen->attributes |= CELL_OVERLINE;
		break;
	case 55:
		pen->attributes &= (uint16_t)~CELL_OVERLINE;
		break;
	case 58:
		return read_colour(scan, at, &pen->underline_colour);
	case 59:
		pen->underline_colour = -1;
		break;
	default:
		break;
	}
	return at;
}

/* What the parameters do that need no look at others. */
struct change {
	uint16_t clear, set;		/* attributes */
	int16_t foreground, background;	/* KEEP, or the new colour */
	bool known;			/* false: one for read_other */
};

#define KEEP (-2)
#define ATTRIBUTES(clear, set) { clear, set, KEEP, KEEP, true }
#define FOREGROUND(first, i) [(first) + (i)] = { 0, 0, (first) == 90 ? 8 + (i) : (i), KEEP, true }
#define BACKGROUND(first, i) [(first) + (i)] = { 0, 0, KEEP, (first) == 100 ? 8 + (i) : (i), true }
#define EIGHT(kind, first) kind(first, 0), kind(first, 1), kind(first, 2), kind(first, 3), kind(first, 4), \
	kind(first, 5), kind(first, 6), kind(first, 7)

static const struct change changes[108] = {
	[1] = ATTRIBUTES(0, CELL_BOLD), [2] = ATTRIBUTES(0, CELL_DIM), [3] = ATTRIBUTES(0, CELL_ITALIC),
	[5] = ATTRIBUTES(0, CELL_BLINK), [6] = ATTRIBUTES(0, CELL_BLINK), [7] = ATTRIBUTES(0, CELL_REVERSE),
	[8] = ATTRIBUTES(0, CELL_CONCEAL), [9] = ATTRIBUTES(0, CELL_STRIKE),
	[22] = ATTRIBUTES(CELL_BOLD | CELL_DIM, 0), [23] = ATTRIBUTES(CELL_ITALIC, 0), [25] = ATTRIBUTES(CELL_BLINK, 0),
	[27] = ATTRIBUTES(CELL_REVERSE, 0), [28] = ATTRIBUTES(CELL_CONCEAL, 0), [29] = ATTRIBUTES(CELL_STRIKE, 0),
	[39] = { 0, 0, -1, KEEP, true }, [49] = { 0, 0, KEEP, -1, true },
	EIGHT(FOREGROUND, 30), EIGHT(BACKGROUND, 40), EIGHT(FOREGROUND, 90), EIGHT(BACKGROUND, 100),
};

void terminal_sgr(const struct scan *scan, struct pen *pen)
{
	for (int at = 0; at < scan->param_count; at++) {
		uint32_t value = scan->param[at];

		if (scan->sub >> at & 1)
			continue;
		if (value == 0) {
			reset(pen);
		} else if (value < sizeof(changes) / sizeof(changes[0]) && changes[value].known) {
			const struct change *change = &changes[value];

			pen->attributes = (uint16_t)((pen->attributes & ~change->clear) | change->set);
			pen->foreground = change->foreground == KEEP ? pen->foreground : change->foreground;
			pen->background = change->background == KEEP ? pen->background : change->background;
		} else {
			at = read_other(pen, scan, at);
		}
	}
}

static int colour_text(char *out, size_t size, int colour, int base)
{
	if (colour < 0)
		return 0;
	if (colour >= TERMINAL_RGB)
		return snprintf(out, size, ";%d:2::%d:%d:%d", base + 8, colour >> 16 & 255, colour >> 8 & 255, colour & 255);
	if (colour >= 16 || base == 50)
		return snprintf(out, size, ";%d:5:%d", base + 8, colour);
	return snprintf(out, size, ";%d", colour < 8 ? base + colour : base + 60 + colour - 8);
}

void terminal_sgr_text(const struct pen *pen, char *out, size_t size)
{
	static const struct { uint16_t attribute; char text[3]; } attributes[] = {
		{ CELL_BOLD, ";1" }, { CELL_DIM, ";2" }, { CELL_ITALIC, ";3" }, { CELL_BLINK, ";5" },
		{ CELL_REVERSE, ";7" }, { CELL_CONCEAL, ";8" }, { CELL_STRIKE, ";9" },
	};
	size_t at = (size_t)snprintf(out, size, "0");

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (pen->attributes & attributes[i].attribute)
			at += (size_t)snprintf(out + at, size - at, "%s", attributes[i].text);
		if (i == 2 && pen->underline)
			at += (size_t)snprintf(out + at, size - at, pen->underline > 1 ? ";4:%d" : ";4", pen->underline);
	}
	if (pen->attributes & CELL_OVERLINE)
		at += (size_t)snprintf(out + at, size - at, ";53");
	at += (size_t)colour_text(out + at, size - at, pen->foreground, 30);
	at += (size_t)colour_text(out + at, size - at, pen->background, 40);
	colour_text(out + at, size - at, pen->underline_colour, 50);
}
