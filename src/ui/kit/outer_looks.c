/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_looks.h"

#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"

#include <stddef.h>
#include <stdint.h>

#define STYLES (LOOK_DOUBLE | LOOK_CURLY | LOOK_DOTTED | LOOK_DASHED)
#define MODERN (LOOK_STRIKE | STYLES | LOOK_LINE_COLOUR)

static unsigned by_capability(const struct outer_facts *facts)
{
	static const struct { const char *name; unsigned looks; } table[] = {
		{ "Smulx", STYLES }, { "Su", STYLES }, { "Setulc", LOOK_LINE_COLOUR }, { "smxx", LOOK_STRIKE }, { "Smol", LOOK_OVERLINE },
	};
	unsigned looks = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (facts->capability(table[i].name))
			looks |= table[i].looks;
	}
	return looks;
}

/* Not every version of their entries has the capabilities. */
static unsigned by_name(const char *term)
{
	static const struct { const char *prefix; unsigned looks; } table[] = {
		{ "alacritty", MODERN }, { "foot", MODERN }, { "xterm-kitty", MODERN }, { "wezterm", LOOKS_ALL },
		{ "xterm-ghostty", LOOKS_ALL }, { "ghostty", LOOKS_ALL }, { "mintty", LOOKS_ALL }, { "contour", LOOKS_ALL },
		/* tmux shows what the terminal around it has, and the nearest otherwise. */
		{ "tmux", LOOK_STRIKE | LOOK_OVERLINE | STYLES | LOOK_LINE_COLOUR },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (text_starts(term, table[i].prefix))
			return table[i].looks;
	}
	return 0;
}

struct mark {
	const char *variable;
	const char *value;		/* NULL: a number */
	uint64_t least;			/* the smallest number that means the looks */
	unsigned looks;
};

static bool has_mark(const struct outer_facts *facts, const struct mark *mark)
{
	const char *value = facts->variable(mark->variable);
	struct error err;
	uint64_t number;

	if (!value)
		return false;
	return mark->value ? text_equal(value, mark->value) : number_parse(value, mark->least, UINT64_MAX, &number, &err);
}

/* A terminal that was started in another one inherits these variables, so they count for the name xterm only. */
static unsigned by_environment(const struct outer_facts *facts)
{
	static const struct mark marks[] = {
		{ "VTE_VERSION", NULL, 5200, LOOK_STRIKE | LOOK_OVERLINE | LOOK_DOUBLE | LOOK_CURLY | LOOK_LINE_COLOUR },
		{ "VTE_VERSION", NULL, 7600, LOOK_DOTTED | LOOK_DASHED },
		{ "KITTY_WINDOW_ID", NULL, 0, MODERN },
		{ "TERM_PROGRAM", "WezTerm", 0, LOOKS_ALL }, { "TERM_PROGRAM", "ghostty", 0, LOOKS_ALL },
		{ "TERM_PROGRAM", "mintty", 0, LOOKS_ALL },
		{ "TERM_PROGRAM", "iTerm.app", 0, LOOK_STRIKE | LOOK_DOUBLE | LOOK_CURLY | LOOK_LINE_COLOUR },
	};
	unsigned looks = 0;

	if (!text_starts(facts->term, "xterm") || facts->variable("XTERM_VERSION"))
		return 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (has_mark(facts, &marks[i]))
			looks |= marks[i].looks;
	}
	return looks;
}

/* The default of tmux is the name of GNU screen. */
static bool is_tmux(const struct outer_facts *facts)
{
	return text_equal(facts->variable("TERM_PROGRAM"), "tmux") && !facts->variable("STY");
}

unsigned outer_looks(const struct outer_facts *facts, enum outer_attributes attributes)
{
	if (attributes != ATTRIBUTES_AUTO)
		return attributes == ATTRIBUTES_FULL ? LOOKS_ALL : 0;
	if (!facts->term)
		return 0;
	/* GNU screen has none of them. */
	if (text_starts(facts->term, "screen"))
		return is_tmux(facts) ? by_name("tmux") : 0;
	return by_capability(facts) | by_name(facts->term) | by_environment(facts);
}

bool outer_has_links(const struct outer_facts *facts, enum outer_link_use use)
{
	static const char *const known[] = {
		"xterm", "alacritty", "contour", "foot", "ghostty", "gnome", "kitty", "konsole", "mintty", "tmux", "vte", "wezterm",
	};

	if (use != LINKS_AUTO || !facts->term)
		return use == LINKS_YES;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_starts(facts->term, known[i]))
			return true;
	return text_starts(facts->term, "screen") && is_tmux(facts);
}
