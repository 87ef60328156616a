/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_input.h"

#include "core/base/str.h"

#include <stddef.h>
#include <stdio.h>

bool outer_input_extends(const struct input_modes *guest)
{
	return guest && (guest->other_keys || input_kitty_flags(guest, guest->alternate));
}

/* Level 2 tells apart all that a guest with the kitty protocol can be told without it. */
static uint8_t level_for(const struct input_modes *guest)
{
	return input_kitty_flags(guest, guest->alternate) || guest->other_keys > 2 ? 2 : guest->other_keys;
}

/* What a guest with the protocol gets of kinds of events and alternates only if the terminal reports them. */
static uint8_t kitty_for(const struct input_modes *guest)
{
	unsigned more = input_kitty_flags(guest, guest->alternate) ? input_kitty_asked(guest, guest->alternate) : 0;

	return (uint8_t)(KITTY_DISAMBIGUATE | (more & (KITTY_EVENT_TYPES | KITTY_ALTERNATES)));
}

struct outer_input outer_input_for(const struct input_modes *guest, bool kitty)
{
	bool extends = outer_input_extends(guest);

	return (struct outer_input){
		.focus = guest && guest->focus, .wheel_keys = guest && guest->alternate_scroll && guest->alternate,
		.kitty = extends && kitty ? kitty_for(guest) : 0, .other_keys = extends && !kitty ? level_for(guest) : 0,
	};
}

void outer_input_change(const struct outer_input *from, const struct outer_input *to, char out[OUTER_INPUT_MAX])
{
	char level[16] = "", keys[16] = "";

	/* Without a value, the resource gets the one that the user has chosen. */
	if (from->other_keys != to->other_keys && to->other_keys == 0)
		snprintf(level, sizeof(level), "\033[>4m");
	else if (from->other_keys != to->other_keys)
		snprintf(level, sizeof(level), "\033[>4;%dm", to->other_keys);
	if (from->kitty && to->kitty && from->kitty != to->kitty)
		snprintf(keys, sizeof(keys), "\033[=%d;1u", to->kitty);
	else if (to->kitty && !from->kitty)
		snprintf(keys, sizeof(keys), "\033[>%du", to->kitty);
	else if (from->kitty && !to->kitty)
		snprintf(keys, sizeof(keys), "\033[<u");
	/* The user may have chosen either: save and restore. */
	snprintf(out, OUTER_INPUT_MAX, "%s%s%s%s", from->focus == to->focus ? "" : to->focus ? "\033[?1004h" : "\033[?1004l",
	         from->wheel_keys == to->wheel_keys ? "" : to->wheel_keys ? "\033[?1007s\033[?1007h" : "\033[?1007r", level,
	         keys);
}

bool outer_input_safe(const char *term)
{
	static const char *const unsafe[] = { "linux", "vt", "dumb", "cons", "wsvt", "ansi" };

	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		if (!term || text_starts(term, unsafe[i]))
			return false;
	}
	return true;
}

bool outer_takes_copies(const char *term)
{
	static const char *const takers[] = { "alacritty", "contour", "foot", "ghostty", "kitty", "wezterm", "xterm-ghostty", "xterm-kitty" };

	for (size_t i = 0; term && i < sizeof(takers) / sizeof(takers[0]); i++) {
		if (text_starts(term, takers[i]))
			return true;
	}
	return false;
}

const char *outer_fallback(const char *term)
{
	static const struct { const char *prefix, *entry; } table[] = {
		{ "foot", "xterm-256color" }, { "xterm-", "xterm-256color" }, { "alacritty", "xterm-256color" },
		{ "kitty", "xterm-256color" }, { "ghostty", "xterm-256color" }, { "wezterm", "xterm-256color" },
		{ "contour", "xterm-256color" }, { "tmux", "screen-256color" },
	};

	for (size_t i = 0; term && i < sizeof(table) / sizeof(table[0]); i++) {
		if (text_starts(term, table[i].prefix) && !text_equal(term, table[i].entry))
			return table[i].entry;
	}
	return NULL;
}
