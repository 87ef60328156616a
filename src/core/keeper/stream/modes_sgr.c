/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/modes_sgr.h"

#include "core/base/str.h"
#include "core/terminal/sequence.h"

/*
 * Reads a colour after SGR 38, 48 or 58 at parameter i, with semicolons or colons.
 * Returns the index of its last parameter.
 */
static unsigned read_colour(const struct sequence *seq, unsigned i, uint32_t *out)
{
	unsigned subs = 0;

	while (i + 1 + subs < seq->count && seq->sub >> (i + 1 + subs) & 1)
		subs++;

	unsigned have = subs ? subs : seq->count - i - 1u;
	const uint16_t *at = seq->param + i + 1;

	if (have >= 2 && at[0] == 5) {
		*out = UINT32_C(1) << 24 | (at[1] & 255u);
		return i + (subs ? subs : 2);
	}
	if (have >= 4 && at[0] == 2) {
		/* With colons, a colour space may come first: 38:2:SPACE:R:G:B. */
		at += subs >= 5 ? 2 : 1;
		*out = UINT32_C(2) << 24 | (at[0] & 255u) << 16 | (at[1] & 255u) << 8 | (at[2] & 255u);
		return i + (subs ? subs : 4);
	}
	return subs ? i + subs : seq->count - 1u;
}

/* Resets the attributes that SGR 20 + n turns off. */
static void clear_attribute(struct modes_pen *pen, unsigned number)
{
	if (number == 22)
		pen->attributes &= (uint16_t)~(1u << 1 | 1u << 2);
	else if (number == 24)
		pen->underline = 0;
	else if (number == 25)
		pen->attributes &= (uint16_t)~(1u << 5 | 1u << 6);
	else
		pen->attributes &= (uint16_t)~(1u << (number - 20));
}

static void clear_sgr(struct modes_pen *pen)
{
	pen->foreground = pen->background = pen->line = 0;
	pen->attributes = 0;
	pen->underline = pen->font = pen->overline = pen->script = 0;
}

/* Numbers other than colours. */
static void sgr_attribute(struct modes_pen *pen, unsigned number)
{
	if (number == 0)
		clear_sgr(pen);
	else if (number == 4)
		pen->underline = 1;
	else if (number <= 9)
		pen->attributes |= (uint16_t)(1u << number);
	else if (number <= 19)
		pen->font = (uint8_t)(number - 10);
	else if (number == 21)
		pen->underline = 2;
	else if (number >= 22 && number <= 29 && number != 26)
		clear_attribute(pen, number);
	else if (number == 53 || number == 55)
		pen->overline = number == 53;
	else if (number >= 73 && number <= 75)
		pen->script = number == 75 ? 0 : (uint8_t)number;
}

static void sgr_colour(struct modes_pen *pen, unsigned number)
{
	if (number >= 30 && number <= 37)
		pen->foreground = UINT32_C(1) << 24 | (number - 30);
	else if (number == 39)
		pen->foreground = 0;
	else if (number >= 40 && number <= 47)
		pen->background = UINT32_C(1) << 24 | (number - 40);
	else if (number == 49)
		pen->background = 0;
	else if (number == 59)
		pen->line = 0;
	else if (number >= 90 && number <= 97)
		pen->foreground = UINT32_C(1) << 24 | (number - 90 + 8);
	else if (number >= 100 && number <= 107)
		pen->background = UINT32_C(1) << 24 | (number - 100 + 8);
	else
		sgr_attribute(pen, number);
}

void modes_sgr(struct modes_pen *pen, const struct sequence *seq)
{
	for (unsigned i = 0; i < seq->count; i++) {
		unsigned number = seq->param[i];

		if (number == 38)
			i = read_colour(seq, i, &pen->foreground);
		else if (number == 48)
			i = read_colour(seq, i, &pen->background);
		else if (number == 58)
			i = read_colour(seq, i, &pen->line);
		else if (number == 4 && i + 1u < seq->count && seq->sub >> (i + 1) & 1)
			pen->underline = seq->param[++i] <= 5 ? (uint8_t)seq->param[i] : 1;
		else
			sgr_colour(pen, number);
		while (i + 1u < seq->count && seq->sub >> (i + 1) & 1)
			i++;
	}
}

static void write_colour(struct str *out, uint32_t colour, unsigned base)
{
	unsigned index = colour & 0xffffff;

	if (colour >> 24 == 2)
		str_addf(out, ";%u;2;%u;%u;%u", base + 8, index >> 16, index >> 8 & 255, index & 255);
	else if (colour >> 24 == 1 && index < 16 && base < 50)
		str_addf(out, ";%u", index < 8 ? base + index : base + 60 + index - 8);
	else if (colour >> 24 == 1)
		str_addf(out, ";%u;5;%u", base + 8, index);
}

void modes_write_sgr(const struct modes_pen *pen, struct str *out)
{
	str_adds(out, "\033[0");
	for (unsigned number = 1; number <= 9; number++)
		if (pen->attributes >> number & 1)
			str_addf(out, ";%u", number);
	if (pen->underline == 1)
		str_adds(out, ";4");
	else if (pen->underline == 2)
		str_adds(out, ";21");
	else if (pen->underline)
		str_addf(out, ";4:%u", pen->underline);
	if (pen->font)
		str_addf(out, ";%u", pen->font + 10u);
	if (pen->overline)
		str_adds(out, ";53");
	if (pen->script)
		str_addf(out, ";%u", pen->script);
	write_colour(out, pen->foreground, 30);
	write_colour(out, pen->background, 40);
	write_colour(out, pen->line, 50);
	str_addc(out, 'm');
}
