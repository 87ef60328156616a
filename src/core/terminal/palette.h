/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_PALETTE_H
#define CORE_TERMINAL_PALETTE_H

/* The 256 colours of xterm: 16 by name, a cube of six levels a part, and a ramp of greys. Pure. */

int palette_rgb(int index);		/* 0xRRGGBB of a colour, 0 to 255 */
int palette_nearest(int rgb);		/* the colour of the cube or of the ramp that is nearest to 0xRRGGBB */

#endif
