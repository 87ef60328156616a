/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include <stdio.h>

/* SGR: parameters to a pen, and back. */

struct reader {
	const struct scan *scan;
	int at;
};

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
 * Reads a colour after 38, 48 or 58, which is at reader->at: 5;N or 2;R;G;B, or
 * the same as sub-parameters, where 2 may be followed by the number of a colour
 * space (ISO 8613-6). Advances over it. Returns -2 if it is malformed.
 */
static int read_colour(struct reader *reader)
{
	const struct scan *scan = reader->scan;
	const uint32_t *parts = &scan->param[reader->at + 1];
	int have = subs(scan, reader->at), left = scan->param_count - reader->at - 1, colour = -1;

	if (have > 0) {
		reader->at += have;
		if (parts[0] == 5 && have >= 2)
			colour = parts[1] <= 255 ? (int)parts[1] : -1;
		else if (parts[0] == 2 && have >= 4)
			colour = rgb(parts + (have == 4 ? 1 : 2));
	} else if (left >= 2 && parts[0] == 5) {
		reader->at += 2;
		colour = parts[1] <= 255 ? (int)parts[1] : -1;
	} else if (left >= 4 && parts[0] == 2) {
		reader->at += 4;
		colour = rgb(parts + 1);
	} else {
		reader->at = scan->param_count;
	}
	return colour < 0 ? -2 : colour;
}

static void set_underline(struct pen *pen, unsigned style)
{
	if (style > UNDERLINE_DASHED)
		style = UNDERLINE_SINGLE;
	pen->underline = (uint8_t)style;
	pen->attributes = (uint16_t)(style ? pen->attributes | CELL_UNDERLINE : pen->attributes & ~CELL_UNDERLINE);
}

static void set_colour(struct reader *reader, int *colour)
{
	int read = read_colour(reader);

	if (read != -2)
		*colour = read;
}

static void reset(struct pen *pen)
{
	*pen = (struct pen){ .foreground = -1, .background = -1, .underline_colour = -1,
	                     .is_protected = pen->is_protected, .link = pen->link };
}

static void read_one(struct pen *pen, struct reader *reader)
{
	static const uint16_t on[10] = {
		[1] = CELL_BOLD, [2] = CELL_DIM, [3] = CELL_ITALIC, [5] = CELL_BLINK, [6] = CELL_BLINK,
		[7] = CELL_REVERSE, [8] = CELL_CONCEAL, [9] = CELL_STRIKE,
	};
	static const uint16_t off[10] = {
		[2] = CELL_BOLD | CELL_DIM, [3] = CELL_ITALIC, [5] = CELL_BLINK, [7] = CELL_REVERSE, [8] = CELL_CONCEAL,
		[9] = CELL_STRIKE,
	};
	int value = (int)reader->scan->param[reader->at];

	switch (value) {
	case 0:
		reset(pen);
		break;
	case 4:
		set_underline(pen, subs(reader->scan, reader->at) > 0 ? reader->scan->param[reader->at + 1] : UNDERLINE_SINGLE);
		break;
	case 21:
		set_underline(pen, UNDERLINE_DOUBLE);
		break;
	case 24:
		set_underline(pen, UNDERLINE_NONE);
		break;
	case 38:
		set_colour(reader, &pen->foreground);
		break;
	case 39:
		pen->foreground = -1;
		break;
	case 48:
		set_colour(reader, &pen->background);
		break;
	case 49:
		pen->background = -1;
		break;
	case 53:
		pen->attributes |= CELL_OVERLINE;
		break;
	case 55:
		pen->attributes &= (uint16_t)~CELL_OVERLINE;
		break;
	case 58:
		set_colour(reader, &pen->underline_colour);
		break;
	case 59:
		pen->underline_colour = -1;
		break;
	default:
		if (value < 10)
			pen->attributes |= on[value];
		else if (value >= 20 && value < 30)
			pen->attributes &= (uint16_t)~off[value - 20];
		else if (value >= 30 && value < 38)
			pen->foreground = value - 30;
		else if (value >= 40 && value < 48)
			pen->background = value - 40;
		else if (value >= 90 && value < 98)
			pen->foreground = value - 90 + 8;
		else if (value >= 100 && value < 108)
			pen->background = value - 100 + 8;
		break;
	}
}

void terminal_sgr(struct terminal *term, struct pen *pen)
{
	struct reader reader = { .scan = &term->scan };

	for (; reader.at < reader.scan->param_count; reader.at++) {
		if (!is_sub(reader.scan, reader.at))
			read_one(pen, &reader);
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
