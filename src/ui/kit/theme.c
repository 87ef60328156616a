/* SPDX-License-Identifier: MIT */
#include "ui/kit/theme.h"

#include "core/terminal/palette.h"
#include "ui/kit/outer_entry.h"
#include "ui/kit/screen.h"

#include <string.h>

#define RGB 0x1000000

struct look {
	attr_t attributes;
	short foreground, background;
};

static const struct look looks[STYLES] = {
	[STYLE_NORMAL]        = { A_NORMAL, -1, -1 },
	[STYLE_TITLE]         = { A_BOLD | A_REVERSE, -1, -1 },
	[STYLE_FRAME]         = { A_DIM, -1, -1 },
	[STYLE_FRAME_FOCUS]   = { A_BOLD, COLOR_CYAN, -1 },
	[STYLE_SELECTED]      = { A_REVERSE, -1, -1 },
	[STYLE_SELECTED_IDLE] = { A_BOLD, -1, -1 },
	[STYLE_HEADING]       = { A_BOLD, -1, -1 },
	[STYLE_DIM]           = { A_DIM, -1, -1 },
	[STYLE_RUNNING]       = { A_BOLD, COLOR_GREEN, -1 },
	[STYLE_BUSY]          = { A_BOLD, COLOR_YELLOW, -1 },
	[STYLE_FAILED]        = { A_BOLD, COLOR_RED, -1 },
	[STYLE_WARNING]       = { A_BOLD, COLOR_YELLOW, -1 },
	[STYLE_KEY]           = { A_BOLD, -1, -1 },
	[STYLE_FIELD]         = { A_UNDERLINE, -1, -1 },
};

/*
 * How many small numbers are the palette in the entry of a terminal with direct
 * colours (xterm-direct): usually 8. The others are shades of blue.
 */
static int count_palette(void)
{
	const char *set = tigetstr("setaf");
	int count = 0;

	while (set != NULL && set != (const char *)-1 && count < 256) {
		const char *as = tiparm(set, count);

		if (as == NULL || strstr(as, "8:2:") != NULL || strstr(as, "8;2;") != NULL)
			break;
		count++;
	}
	return count;
}

/* Returns the attribute if the entry of the terminal gives it this meaning, or else what is used instead. */
static attr_t look(const char *capability, const char *meaning, attr_t attribute, attr_t instead)
{
	const char *set = tigetstr(capability);

	return set != NULL && set != (const char *)-1 && strcmp(set, meaning) == 0 ? attribute : instead;
}

static void choose_looks(struct theme *theme)
{
	theme->strike = look("ehhlm", OUTER_STRIKE, A_HORIZONTAL, A_DIM);
	theme->overline = look("ethlm", OUTER_OVERLINE, A_TOP, A_NORMAL);
	theme->underline[UNDERLINE_SINGLE] = A_UNDERLINE;
	theme->underline[UNDERLINE_DOUBLE] = look("elhlm", OUTER_DOUBLE, A_LEFT, A_UNDERLINE);
	theme->underline[UNDERLINE_CURLY] = look("elohlm", OUTER_CURLY, A_LOW, A_UNDERLINE);
	theme->underline[UNDERLINE_DOTTED] = look("erhlm", OUTER_DOTTED, A_RIGHT, A_UNDERLINE);
	theme->underline[UNDERLINE_DASHED] = look("evhlm", OUTER_DASHED, A_VERTICAL, A_UNDERLINE);
}

void theme_init(struct theme *theme, bool utf8, bool no_color)
{
	*theme = (struct theme){ .utf8 = utf8 };
	choose_looks(theme);
	if (!no_color && has_colors()) {
		start_color();
		theme->colour = use_default_colors() == OK && COLORS >= 8;
		theme->palette = COLORS > 256 ? count_palette() : COLORS;
	}
	for (int i = 0; i < STYLES; i++) {
		theme->attributes[i] = looks[i].attributes;
		if (!theme->colour || looks[i].foreground < 0)
			continue;
		int pair = alloc_pair(looks[i].foreground, looks[i].background);

		theme->pairs[i] = pair > 0 ? (short)pair : 0;
	}
}

void theme_set(const struct theme *theme, WINDOW *window, enum style style)
{
	wattr_set(window, theme->attributes[style], theme->pairs[style], NULL);
}

const char *theme_glyph(const struct theme *theme, enum glyph glyph)
{
	static const char *const glyphs[GLYPHS][2] = {
		[GLYPH_RUNNING] = { "*", "●" },
		[GLYPH_OFF]     = { "-", "○" },
		[GLYPH_BUSY]    = { "~", "◐" },
		[GLYPH_FAILED]  = { "x", "✗" },
		[GLYPH_UNKNOWN] = { "?", "?" },
		[GLYPH_OPEN]    = { "v", "▾" },
		[GLYPH_FOLDED]  = { ">", "▸" },
		[GLYPH_ARROW]   = { ">", "→" },
		[GLYPH_DASH]    = { "-", "─" },
		[GLYPH_MORE]    = { ">", "…" },
		[GLYPH_CHANGED] = { "!", "▌" },
		[GLYPH_CLIPPED_LEFT]  = { "<", "‹" },
		[GLYPH_CLIPPED_RIGHT] = { ">", "›" },
		[GLYPH_DIFFERS] = { "#", "≠" },
		[GLYPH_UNSTARTABLE] = { "!", "!" },
		[GLYPH_MARKED]  = { "+", "✓" },
	};

	return glyphs[glyph][theme->utf8];
}

static int rgb_to_16(int rgb)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;
	int most = r > g ? (r > b ? r : b) : (g > b ? g : b);

	if (most < 48)
		return 0;

	int colour = (r > most / 2) | (g > most / 2) << 1 | (b > most / 2) << 2;

	if (colour == 7 && most < 128)
		return 8;
	return colour + (most > 200 ? 8 : 0);
}

/* The number is the colour itself, except for the palette's numbers; such colours get a little green instead. */
static int to_direct(const struct theme *theme, int colour)
{
	if (colour >= 0 && colour < theme->palette)
		return colour;
	colour = colour >= RGB ? colour & 0xffffff : palette_rgb(colour);
	return colour < theme->palette ? colour | 0x100 : colour;
}

static int bring_down(const struct theme *theme, int colour)
{
	if (colour < 0)
		return -1;
	if (COLORS > RGB)	/* from outer_entry.c: the same numbers as here */
		return colour;
	if (COLORS == RGB)
		return to_direct(theme, colour);
	if (colour >= RGB)
		colour = COLORS >= 256 ? palette_nearest(colour & 0xffffff) : rgb_to_16(colour & 0xffffff);
	else if (colour >= 16 && COLORS < 256)
		colour = rgb_to_16(palette_rgb(colour));
	if (colour >= 8 && COLORS < 16)
		colour %= 8;
	return colour;
}

int theme_pair(const struct theme *theme, int foreground, int background)
{
	if (!theme->colour || (foreground < 0 && background < 0))
		return 0;

	foreground = bring_down(theme, foreground);
	background = bring_down(theme, background);
	if (COLORS > 256)
		return screen_pair(foreground, background);

	int pair = alloc_pair(foreground, background);

	return pair > 0 ? pair : 0;
}

int theme_pair_lined(const struct theme *theme, int foreground, int background, int underline)
{
	if (!theme->colour || underline < 0 || COLORS != OUTER_COLOURS_LINED)
		return theme_pair(theme, foreground, background);
	outer_line_colour(underline < 16 || underline >= RGB ? underline : RGB | palette_rgb(underline), &foreground, &background);
	return screen_pair(foreground, background);
}

bool theme_pairs_used_up(int pair)
{
	return COLORS > 256 ? screen_pairs_reused() > 0 : pair > 0 && pair == COLOR_PAIRS - 1;
}
