/* SPDX-License-Identifier: MIT */
#include "core/terminal/charset.h"

#include <stdbool.h>
#include <stddef.h>

struct designation {
	char second, final;
	uint8_t set;
	bool wide;		/* of 96 characters */
};

/* The first row of a set is the one that charset_designation returns. */
static const struct designation designations[] = {
	{ 0, 'B', CHARSET_ASCII, false }, { 0, '1', CHARSET_ASCII, false }, { 0, '2', CHARSET_ASCII, false },
	{ 0, '0', CHARSET_GRAPHICS, false },
	{ 0, 'A', CHARSET_BRITISH, false },
	{ 0, '4', CHARSET_DUTCH, false },
	{ 0, 'C', CHARSET_FINNISH, false }, { 0, '5', CHARSET_FINNISH, false },
	{ 0, 'R', CHARSET_FRENCH, false }, { 0, 'f', CHARSET_FRENCH, false },
	{ 0, 'Q', CHARSET_FRENCH_CANADIAN, false }, { 0, '9', CHARSET_FRENCH_CANADIAN, false },
	{ 0, 'K', CHARSET_GERMAN, false },
	{ 0, 'Y', CHARSET_ITALIAN, false },
	{ 0, '`', CHARSET_NORWEGIAN, false }, { 0, 'E', CHARSET_NORWEGIAN, false }, { 0, '6', CHARSET_NORWEGIAN, false },
	{ '%', '6', CHARSET_PORTUGUESE, false },
	{ 0, 'Z', CHARSET_SPANISH, false },
	{ 0, 'H', CHARSET_SWEDISH, false }, { 0, '7', CHARSET_SWEDISH, false },
	{ 0, '=', CHARSET_SWISS, false },
	{ 0, 'A', CHARSET_LATIN1, true },
	{ '%', '5', CHARSET_SUPPLEMENTAL, false }, { 0, '<', CHARSET_SUPPLEMENTAL, false },
	{ 0, '>', CHARSET_TECHNICAL, false },
};

int charset_of(char first, char second, char final)
{
	bool wide = first >= '-' && first <= '/';

	for (size_t i = 0; i < sizeof(designations) / sizeof(designations[0]); i++) {
		const struct designation *row = &designations[i];

		if (row->wide == wide && row->second == second && row->final == final)
			return row->set;
	}
	return -1;
}

static const struct designation *first_designation(enum charset set)
{
	size_t i = 0;

	while (designations[i].set != set)
		i++;
	return &designations[i];
}

const char *charset_designation(enum charset set)
{
	static const char *const texts[CHARSET_COUNT] = {
		"B", "0", "A", "4", "C", "R", "Q", "K", "Y", "`", "%6", "Z", "H", "=", "A", "%5", ">",
	};

	return texts[set];
}

int charset_is_96(enum charset set)
{
	return first_designation(set)->wide;
}

int charset_is_national(enum charset set)
{
	return set >= CHARSET_DUTCH && set <= CHARSET_SWISS;
}

/* What national sets have in the place of # @ [ \ ] ^ _ ` { | } ~ (ISO 646 and the VT220 manual). */
static const char national_places[] = "#@[\\]^_`{|}~";

static const uint16_t national[][12] = {
	[CHARSET_BRITISH] = { 0xa3, '@', '[', '\\', ']', '^', '_', '`', '{', '|', '}', '~' },
	[CHARSET_DUTCH] = { 0xa3, 0xbe, 0x133, 0xbd, '|', '^', '_', '`', 0xa8, 0x192, 0xbc, 0xb4 },
	[CHARSET_FINNISH] = { '#', '@', 0xc4, 0xd6, 0xc5, 0xdc, '_', 0xe9, 0xe4, 0xf6, 0xe5, 0xfc },
	[CHARSET_FRENCH] = { 0xa3, 0xe0, 0xb0, 0xe7, 0xa7, '^', '_', '`', 0xe9, 0xf9, 0xe8, 0xa8 },
	[CHARSET_FRENCH_CANADIAN] = { '#', 0xe0, 0xe2, 0xe7, 0xea, 0xee, '_', 0xf4, 0xe9, 0xf9, 0xe8, 0xfb },
	[CHARSET_GERMAN] = { '#', 0xa7, 0xc4, 0xd6, 0xdc, '^', '_', '`', 0xe4, 0xf6, 0xfc, 0xdf },
	[CHARSET_ITALIAN] = { 0xa3, 0xa7, 0xb0, 0xe7, 0xe9, '^', '_', 0xf9, 0xe0, 0xf2, 0xe8, 0xec },
	[CHARSET_NORWEGIAN] = { '#', 0xc4, 0xc6, 0xd8, 0xc5, 0xdc, '_', 0xe4, 0xe6, 0xf8, 0xe5, 0xfc },
	[CHARSET_PORTUGUESE] = { '#', '@', 0xc3, 0xc7, 0xd5, '^', '_', '`', 0xe3, 0xe7, 0xf5, '~' },
	[CHARSET_SPANISH] = { 0xa3, 0xa7, 0xa1, 0xd1, 0xbf, '^', '_', '`', 0xb0, 0xf1, 0xe7, '~' },
	[CHARSET_SWEDISH] = { '#', 0xc9, 0xc4, 0xd6, 0xc5, 0xdc, '_', 0xe9, 0xe4, 0xf6, 0xe5, 0xfc },
	[CHARSET_SWISS] = { 0xf9, 0xe0, 0xe9, 0xe7, 0xea, 0xee, 0xe8, 0xf4, 0xe4, 0xf6, 0xfc, 0xfb },
};

/* From 0x5f on. */
static const uint16_t graphics[] = {
	' ', 0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0xb0, 0xb1, 0x2424, 0x240b, 0x2518, 0x2510, 0x250c, 0x2514,
	0x253c, 0x23ba, 0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524, 0x2534, 0x252c, 0x2502, 0x2264, 0x2265, 0x3c0,
	0x2260, 0xa3, 0xb7,
};

/* From 0x21 on; 0: undefined. */
static const uint16_t technical[] = {
	0x23b7, 0x250c, 0x2500, 0x2320, 0x2321, 0x2502, 0x23a1, 0x23a3, 0x23a4, 0x23a6, 0x239b, 0x239d, 0x239e, 0x23a0,
	0x23a8, 0x23ac, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2264, 0x2260, 0x2265, 0x222b,
	0x2234, 0x221d, 0x221e, 0xf7, 0x394, 0x2207, 0x3a6, 0x393, 0x223c, 0x2243, 0x398, 0xd7, 0x39b, 0x21d4, 0x21d2, 0x2261,
	0x3a0, 0x3a8, 0, 0x3a3, 0, 0, 0x221a, 0x3a9, 0x39e, 0x3a5, 0x2282, 0x2283, 0x2229, 0x222a, 0x2227, 0x2228,
	0xac, 0x3b1, 0x3b2, 0x3c7, 0x3b4, 0x3b5, 0x3c6, 0x3b3, 0x3b7, 0x3b9, 0x3b8, 0x3ba, 0x3bb, 0, 0x3bd, 0x2202,
	0x3c0, 0x3c8, 0x3c1, 0x3c3, 0x3c4, 0, 0x192, 0x3c9, 0x3be, 0x3c5, 0x3b6, 0x2190, 0x2191, 0x2192, 0x2193,
};

/* DEC supplemental is Latin-1 but for these places. */
static uint32_t supplemental(uint32_t position)
{
	switch (position) {
	case 0x28: return 0xa4;
	case 0x57: return 0x152;
	case 0x5d: return 0x178;
	case 0x77: return 0x153;
	case 0x7d: return 0xff;
	default: return position | 0x80;
	}
}

static uint32_t national_map(enum charset set, uint32_t position)
{
	for (size_t i = 0; national_places[i]; i++)
		if ((unsigned char)national_places[i] == position)
			return national[set][i];
	return position;
}

uint32_t charset_map(enum charset set, uint32_t position)
{
	switch (set) {
	case CHARSET_ASCII:
		return position;
	case CHARSET_GRAPHICS:
		return position >= 0x5f && position <= 0x7e ? graphics[position - 0x5f] : position;
	case CHARSET_LATIN1:
		return position | 0x80;
	case CHARSET_SUPPLEMENTAL:
		return supplemental(position);
	case CHARSET_TECHNICAL:
		if (position < 0x21 || position > 0x7e)
			return position;
		return technical[position - 0x21] ? technical[position - 0x21] : 0xfffd;
	default:
		return national_map(set, position);
	}
}
