/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_WIDTH_H
#define CORE_TERMINAL_WIDTH_H

#include <stdint.h>

/*
 * How many columns a character takes (Unicode 15.1), independent of the locale.
 * Characters are counted one by one, as xterm and glibc do it: a regional
 * indicator takes one column, a variation selector or joiner none, and nothing
 * changes the width of the character before it. A sequence that the outer
 * terminal joins into one picture leaves blank columns there, but every later
 * cell is where the guest expects it, because the screen places cells one by one.
 */

/* For characters from U+0300 on; lower ones are answered by width_of. */
int width_lookup(uint32_t character);

/*
 * Returns 2 for wide characters and those shown as emoji by default, 0 for marks
 * that are drawn with the character before them and for invisible ones, -1 for
 * C0, DEL and C1, else 1. What is not a character takes 1, as U+FFFD in its place.
 */
static inline int width_of(uint32_t character)
{
	if (character < 0x300)
		return character < 0x20 || (character >= 0x7f && character < 0xa0) ? -1 : 1;
	return width_lookup(character);
}

#endif
