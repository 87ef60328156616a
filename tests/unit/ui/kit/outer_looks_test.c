/* SPDX-License-Identifier: MIT */
#include "ui/kit/outer_looks.h"

#include "fake/store_memory.h"
#include "core/base/error.h"
#include "ui/kit/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define STYLES (LOOK_DOUBLE | LOOK_CURLY | LOOK_DOTTED | LOOK_DASHED)
#define MODERN (LOOK_STRIKE | STYLES | LOOK_LINE_COLOUR)

/* "NAME=value NAME=value" and "name name" of the row that is tested. */
static const char *environment, *capabilities;

static const char *variable(const char *name)
{
	static char value[64];
	const char *at = environment;
	size_t len = strlen(name);

	while (at && (strncmp(at, name, len) != 0 || at[len] != '='))
		at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL;
	if (!at)
		return NULL;
	at += len + 1;
	len = strcspn(at, " ");
	memcpy(value, at, len);
	value[len] = '\0';
	return value;
}

static bool capability(const char *name)
{
	const char *at = strstr(capabilities, name);

	return at && (at[strlen(name)] == ' ' || !at[strlen(name)]);
}

static void a_look_is_used_where_the_terminal_is_known_to_have_it(void **state)
{
	static const struct { const char *term, *environment, *capabilities; unsigned looks; } rows[] = {
		{ "xterm-256color", "", "", 0 },
		{ "xterm-256color", "", "rmxx smxx", LOOK_STRIKE },
		{ "xterm-256color", "", "Smulx", STYLES },
		{ "xterm-256color", "", "Su", STYLES },
		{ "xterm-256color", "", "Setulc Smol", LOOK_LINE_COLOUR | LOOK_OVERLINE },
		{ "linux", "VTE_VERSION=7600", "", 0 },
		{ "xterm-256color", "VTE_VERSION=4800", "", 0 },
		{ "xterm-256color", "VTE_VERSION=7003", "", LOOK_STRIKE | LOOK_OVERLINE | LOOK_DOUBLE | LOOK_CURLY | LOOK_LINE_COLOUR },
		{ "xterm-256color", "VTE_VERSION=7600", "", LOOKS_ALL },
		{ "xterm-256color", "VTE_VERSION=7600x", "", 0 },
		/* xterm, started from such a terminal */
		{ "xterm-256color", "VTE_VERSION=7600 XTERM_VERSION=XTerm(379)", "smxx", LOOK_STRIKE },
		{ "xterm-256color", "KITTY_WINDOW_ID=1", "", MODERN },
		{ "xterm-256color", "TERM_PROGRAM=WezTerm", "", LOOKS_ALL },
		{ "xterm-256color", "TERM_PROGRAM=Apple_Terminal", "", 0 },
		{ "xterm-kitty", "", "", MODERN },
		{ "foot-extra", "", "", MODERN },
		{ "tmux-256color", "", "", MODERN | LOOK_OVERLINE },
		{ "screen", "TERM_PROGRAM=tmux", "", MODERN | LOOK_OVERLINE },
		{ "screen", "TERM_PROGRAM=tmux STY=1.pts", "", 0 },
		{ "screen", "TERM_PROGRAM=WezTerm", "", 0 },
		{ "vt100", "", "", 0 },
		{ NULL, "", "smxx", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct outer_facts facts = { rows[i].term, variable, capability };

		environment = rows[i].environment;
		capabilities = rows[i].capabilities;
		assert_int_equal(outer_looks(&facts, ATTRIBUTES_AUTO), rows[i].looks);
		assert_int_equal(outer_looks(&facts, ATTRIBUTES_BASIC), 0);
		assert_int_equal(outer_looks(&facts, ATTRIBUTES_FULL), LOOKS_ALL);
	}
}

static void a_setting_decides_for_the_terminal(void **state)
{
	struct store *store = store_memory_new();
	struct error err;

	(void)state;
	assert_int_equal(settings_attributes(NULL), ATTRIBUTES_AUTO);
	assert_int_equal(settings_attributes(store), ATTRIBUTES_AUTO);
	store_memory_set(store, "terminal", "attributes", "Full");
	assert_int_equal(settings_attributes(store), ATTRIBUTES_FULL);
	assert_true(settings_check(store, &err));
	store_memory_set(store, "terminal", "attributes", "basic");
	assert_int_equal(settings_attributes(store), ATTRIBUTES_BASIC);
	store_memory_set(store, "terminal", "attributes", "some");
	assert_int_equal(settings_attributes(store), ATTRIBUTES_AUTO);
	assert_false(settings_check(store, &err));
	assert_string_equal(err.text, "terminal.attributes: 'some' is not auto, basic or full; auto is used");
	store_memory_free(store);
}

static const char *no_variable(const char *name)
{
	(void)name;
	return NULL;
}

static const char *in_tmux(const char *name)
{
	return strcmp(name, "TERM_PROGRAM") == 0 ? "tmux" : NULL;
}

static void links_go_to_terminals_that_show_or_ignore_them(void **state)
{
	static const struct { const char *term; bool links; } rows[] = {
		{ "xterm-256color", true }, { "foot", true }, { "tmux-256color", true }, { "alacritty", true }, { "linux", false },
		{ "vt100", false }, { "vt220", false }, { "dumb", false }, { "screen-256color", false }, { "ansi", false }, { NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct outer_facts facts = { .term = rows[i].term, .variable = no_variable };

		assert_int_equal(outer_has_links(&facts, LINKS_AUTO), rows[i].links);
		assert_true(outer_has_links(&facts, LINKS_YES));
		assert_false(outer_has_links(&facts, LINKS_NO));
	}
	assert_true(outer_has_links(&(struct outer_facts){ .term = "screen", .variable = in_tmux }, LINKS_AUTO));
}

static void a_setting_decides_about_links(void **state)
{
	static const struct { const char *value; enum outer_link_use use; } rows[] = {
		{ "auto", LINKS_AUTO }, { "Yes", LINKS_YES }, { "no", LINKS_NO },
	};
	struct store *store = store_memory_new();
	struct error err;

	(void)state;
	assert_int_equal(settings_links(NULL), LINKS_AUTO);
	assert_int_equal(settings_links(store), LINKS_AUTO);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		store_memory_set(store, "terminal", "links", rows[i].value);
		assert_int_equal(settings_links(store), rows[i].use);
		assert_true(settings_check(store, &err));
	}
	store_memory_set(store, "terminal", "links", "some");
	assert_int_equal(settings_links(store), LINKS_AUTO);
	assert_false(settings_check(store, &err));
	assert_string_equal(err.text, "terminal.links: 'some' is not auto, yes or no; auto is used");
	store_memory_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_is_used_where_the_terminal_is_known_to_have_it),
		cmocka_unit_test(a_setting_decides_for_the_terminal),
		cmocka_unit_test(links_go_to_terminals_that_show_or_ignore_them),
		cmocka_unit_test(a_setting_decides_about_links),
	};

	return cmocka_run_group_tests_name("outer looks", tests, NULL, NULL);
}
