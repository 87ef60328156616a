/* SPDX-License-Identifier: MIT */
#include "core/terminal/palette.h"

int palette_rgb(int index)
{
	static const int level[6] = { 0, 95, 135, 175, 215, 255 };
	static const int first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};

	if (index < 16)
		return first[index];
	if (index >= 232)
		return (8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

/* The level of the cube. */
static int nearest_level(int value)
{
	return value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
}

int palette_nearest(int rgb)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;

	if (r == g && g == b && r >= 8 && r < 248)
		return 232 + (r - 8) / 10;
	return 16 + 36 * nearest_level(r) + 6 * nearest_level(g) + nearest_level(b);
}
