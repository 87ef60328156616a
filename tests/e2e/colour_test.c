/* SPDX-License-Identifier: MIT */
/* The colours of a guest, on terminals that have many and on those that have few. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define GREETING "fake guest ready"
#define PROFILE "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/state\n"

/* As ncurses's own entry of that name, made from one that is everywhere. */
#define DIRECT_ENTRY \
	"xterm-direct|xterm with colours as numbers,\n" \
	"\tRGB,\n" \
	"\tcolors#0x1000000, pairs#0x7fff,\n" \
	"\tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n" \
	"\tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n" \
	"\tuse=xterm-256color,\n"

/* The same written with `Tc`, as tmux and others know it. */
#define TC_ENTRY "xterm-tc|xterm that says it has 24 bits,\n\tTc,\n\tuse=xterm-256color,\n"

static bool has_bytes(struct tty *tty, const char *bytes)
{
	size_t len;
	const char *all = tty_bytes(tty, &len);

	return memmem(all, len, bytes, strlen(bytes)) != NULL;
}

/* What the terminal gets for each letter of the guest's line. */
static const char line[] = "!raw \\ec\\e[31mA\\e[91mB\\e[38;5;208mC\\e[38;2;255;100;0mD\\e[38:2::1:2:3mE\\e[0;48;2;4;5;6mF\\e[0m\r";

struct terminal_kind {
	const char *term, *colorterm, *sty;
	const char *gets[6];
};

#define EXACT_BASE "\033[31mA", "\033[91mB", "\033[38;5;208mC"
#define EXACT { EXACT_BASE, "\033[38;2;255;100;0mD", "\033[38;2;1;2;3mE", "\033[48;2;4;5;6mF" }
#define NEAREST { EXACT_BASE, "\033[38;5;202mD", "\033[38;5;16mE", "\033[48;5;16mF" }

static const struct terminal_kind kinds[] = {
	{ "xterm-256color", "truecolor", NULL, EXACT },
	{ "xterm-256color", "24bit", NULL, EXACT },
	{ "tmux-256color", "truecolor", NULL, EXACT },
	{ "screen-256color", "truecolor", NULL, EXACT },
	{ "xterm", "truecolor", NULL, EXACT },
	{ "xterm-tc", NULL, NULL, EXACT },
	{ "xterm-256color", NULL, NULL, NEAREST },
	{ "xterm-256color", "yes", NULL, NEAREST },
	/* GNU screen, which would take the numbers for other attributes. */
	{ "screen-256color", "truecolor", "1.pts-0", NEAREST },
	{ "xterm-direct", NULL, NULL, { "\033[31mA", "\033[38:2::255:0:0mB", "\033[38:2::255:135:0mC", "\033[38:2::255:100:0mD",
	                                "\033[38:2::1:2:3mE", "\033[48:2::4:5:6mF" } },
	{ "xterm-direct", "truecolor", NULL, { "\033[31mA", "\033[38:2::255:0:0mB", "\033[38:2::255:135:0mC",
	                                       "\033[38:2::255:100:0mD", "\033[38:2::1:2:3mE", "\033[48:2::4:5:6mF" } },
};

static void make_entries(struct home *home)
{
	home_write(home, "entries", DIRECT_ENTRY TC_ENTRY);
	struct tty *tty = tty_start(home, 24, 80, (const char *const[]){ "/usr/bin/tic", "-x", "-o", home_path(home, "terminfo"),
	                                                                 home_path(home, "entries"), NULL });
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	home_set(home, "TERMINFO_DIRS", home_path(home, "terminfo:"));
}

/* Without what the screen remembers: from its tab, the console would be resized when it opens, and say so. */
static struct tty *open_console(struct home *home)
{
	struct tty *tty;

	unlink(home_path(home, "state/paddock/screen.ini"));
	tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "web");
	tty_type(tty, "\r");
	tty_wait(tty, "Ctrl-g d list");
	return tty;
}

static void colours_reach_the_terminal_as_it_has_them(void **state)
{
	struct home *home = *state;

	make_entries(home);
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct terminal_kind *kind = &kinds[i];

		home_set(home, "TERM", kind->term);
		home_set(home, "COLORTERM", kind->colorterm);
		home_set(home, "STY", kind->sty);
		struct tty *tty = open_console(home);

		tty_type(tty, line);
		for (size_t j = 0; j < sizeof(kind->gets) / sizeof(kind->gets[0]); j++)
			tty_wait_bytes(tty, kind->gets[j]);
		tty_type(tty, "\007dq");
		assert_int_equal(tty_wait_end(tty), 0);
		tty_close(tty);
	}
}

/* What the terminal gets for each letter of the guest's line, whatever else ncurses sets before it. */
static const char looks[] = "!raw \\ec\\e[9mS\\e[0;53mO\\e[0;4:2mD\\e[0;4:3mC\\e[0;4:4mT\\e[0;4:5mA\\e[0;4mU\\e[0;31;1;9mB\\e[0mN\r";

#define RESET "\033(B\033[m"
#define FULL { "\033[9mS" RESET "\033[53mO" RESET "\033[4:2mD" RESET "\033[4:3mC" RESET "\033[4:4mT" RESET "\033[4:5mA" \
	RESET "\033[4mU", "\033[9mB", RESET "N" }
#define STRUCK { "\033[9mS", "\033[4mDCTAU" }
#define BASIC(dim, underlined) { dim "S", underlined "DCTAU" }

static const struct {
	const char *term, *vte, *setting, *no_color;
	const char *gets[3], *never;
} look_kinds[] = {
	{ "xterm-256color", "7600", "", NULL, FULL, NULL },
	{ "xterm-256color", "7600", "", "1", FULL, NULL },
	{ "xterm-256color", NULL, "full", NULL, FULL, NULL },
	{ "xterm-256color", NULL, "", NULL, STRUCK, "\033[4:" },
	{ "xterm-256color", "7600", "basic", NULL, BASIC("\033[0;2m", "\033[0;4m"), "\033[9m" },
	{ "screen-256color", "7600", "", NULL, BASIC("\033[0;2m\017", "\033[0;4m\017"), "\033[9m" },
	{ "linux", "7600", "", NULL, BASIC("\033[0;10;2m\017", "\033[0;10;4m\017"), "\033[9m" },
	{ "vt100", NULL, "", NULL, { "\033[0;4m\017DCTAU" }, "\033[9m" },
};

/* The screen writes all of `gets`, up to a NULL, for what is typed into the guest, and nothing of `never` unless it is NULL. */
static void assert_draws(struct home *home, const char *typed, const char *const *gets, size_t count, const char *never)
{
	struct tty *tty = open_console(home);

	tty_type(tty, typed);
	for (size_t i = 0; i < count && gets[i]; i++)
		tty_wait_bytes(tty, gets[i]);
	tty_type(tty, "\007dq");
	assert_int_equal(tty_wait_end(tty), 0);
	if (never)
		assert_false(has_bytes(tty, never));
	tty_close(tty);
}

static void looks_reach_the_terminal_as_it_has_them(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
	for (size_t i = 0; i < sizeof(look_kinds) / sizeof(look_kinds[0]); i++) {
		char settings[64];

		snprintf(settings, sizeof(settings), "[terminal]\nattributes = %s\n", look_kinds[i].setting);
		home_write(home, "config/paddock/paddock.ini", *look_kinds[i].setting ? settings : "");
		home_set(home, "TERM", look_kinds[i].term);
		home_set(home, "VTE_VERSION", look_kinds[i].vte);
		home_set(home, "NO_COLOR", look_kinds[i].no_color);
		assert_draws(home, looks, look_kinds[i].gets, sizeof(look_kinds[i].gets) / sizeof(look_kinds[i].gets[0]),
		             look_kinds[i].never);
	}
}

static const char lines[] = "!raw \\ec\\e[4:3;58:2::255:0:0mR\\e[38:2::1:2:3mS\\e[59mT\\e[31;44;4;58:5:1mV\\e[59mW\\e[58:5:3mX\\e[24mY\\e[0mZ\r";

/* Only together with 24-bit colours; otherwise an underline has the colour of its text. */
static void an_underline_has_its_colour_where_the_terminal_has_it(void **state)
{
	static const struct { const char *colorterm, *never, *gets[8]; } rows[] = {
		{ "truecolor", NULL, { "\033[39m\033[49m\033[58:2::255:0:0m\033[4:3mR", "\033[38;2;1;2;3m\033[49m\033[58:2::255:0:0m\033[4:3mS",
		  "\033[39;49;59m\033[38;2;1;2;3m\033[4:3mT", "\033[31m\033[44m\033[58:5:1m\033[4mV", "\033[31m\033[44m\033[59mW",
		  "\033[31m\033[44m\033[58:5:3mX", "Y", "Z" } },
		{ NULL, "\033[58", { "\033[4:3mR", "\033[4mVWX", "Y", "Z" } },
	};
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
	home_set(home, "VTE_VERSION", "7600");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		home_set(home, "COLORTERM", rows[i].colorterm);
		assert_draws(home, lines, rows[i].gets, sizeof(rows[i].gets) / sizeof(rows[i].gets[0]), rows[i].never);
	}
}

static const char linked[] =
	"!raw \\ec\\e]8;;http://one.example/\\x07One\\e]8;;mailto:a@b\\x07\\e[1mTwo\\e]8;;file:///etc/passwd\\x07Bad\\e]8;;\\x07Off\r";

#define LINK(uri) ";" uri "\033\\"

static void a_link_is_one_in_the_terminal_that_has_links(void **state)
{
	static const struct { const char *term, *setting, *never, *gets[4]; } rows[] = {
		{ "xterm-256color", "auto", "file:", { LINK("http://one.example/"), LINK("mailto:a@b"), "Two\033]8;;\033\\" } },
		{ "xterm-256color", "no", "\033]8", { "One", "TwoBadOff" } },
		{ "linux", "auto", "\033]8", { "One", "TwoBadOff" } },
		{ "screen-256color", "auto", "\033]8", { "One", "TwoBadOff" } },
		{ "screen-256color", "yes", "file:", { LINK("http://one.example/"), "One\033]8;" } },
	};
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char settings[64];

		snprintf(settings, sizeof(settings), "[terminal]\nlinks = %s\n", rows[i].setting);
		home_write(home, "config/paddock/paddock.ini", settings);
		home_set(home, "TERM", rows[i].term);
		assert_draws(home, linked, rows[i].gets, sizeof(rows[i].gets) / sizeof(rows[i].gets[0]), rows[i].never);
	}
}

/* The environment of what the screen starts is the user's. */
static void an_editor_gets_terminfo_as_it_was(void **state)
{
	struct home *home = *state;

	home_set(home, "COLORTERM", "truecolor");
	home_script(home, "editor", "echo \"terminfo=${TERMINFO-none}.\"\n");
	home_set(home, "EDITOR", home_path(home, "bin/editor"));
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	struct tty *tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "web");
	tty_type(tty, "E");
	tty_wait_bytes(tty, "terminfo=none.");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(colours_reach_the_terminal_as_it_has_them),
		story(looks_reach_the_terminal_as_it_has_them),
		story(an_underline_has_its_colour_where_the_terminal_has_it),
		story(a_link_is_one_in_the_terminal_that_has_links),
		story(an_editor_gets_terminfo_as_it_was),
	};

	return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
