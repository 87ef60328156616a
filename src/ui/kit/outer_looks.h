/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_OUTER_LOOKS_H
#define UI_KIT_OUTER_LOOKS_H

#include <stdbool.h>

/*
 * The looks of text that the user's terminal has beyond those that curses
 * knows. Many terminals call themselves xterm-256color, and misread what they
 * do not know, so a look is used only where the terminfo entry has it, or where
 * the name or the environment identifies a terminal that has it. Pure.
 */
enum outer_look {
	LOOK_STRIKE = 1 << 0,
	LOOK_OVERLINE = 1 << 1,
	LOOK_DOUBLE = 1 << 2,		/* styles of underlines */
	LOOK_CURLY = 1 << 3,
	LOOK_DOTTED = 1 << 4,
	LOOK_DASHED = 1 << 5,
	LOOK_LINE_COLOUR = 1 << 6,	/* an underline has a colour of its own */
	LOOKS_ALL = (1 << 7) - 1
};

/* [terminal] attributes and links in paddock.ini */
enum outer_attributes { ATTRIBUTES_AUTO, ATTRIBUTES_BASIC, ATTRIBUTES_FULL };
enum outer_link_use { LINKS_AUTO, LINKS_NO, LINKS_YES };

struct outer_facts {
	const char *term;		/* as in $TERM */
	const char *(*variable)(const char *name);	/* of the environment; NULL if it is not set */
	bool (*capability)(const char *name);	/* true if the terminfo entry has this extended capability */
};

/* Returns the looks, a set of enum outer_look. */
unsigned outer_looks(const struct outer_facts *, enum outer_attributes);

/* True if hyperlinks (OSC 8) are written: auto means for terminals that are known to show them or to ignore them. */
bool outer_has_links(const struct outer_facts *, enum outer_link_use);

#endif
