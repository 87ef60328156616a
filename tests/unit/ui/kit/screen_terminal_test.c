/* SPDX-License-Identifier: MIT */
#include "ui/kit/screen.h"

#include "core/base/error.h"
#include "core/base/str.h"
#include "core/terminal/input_modes.h"

#include <curses.h>
#include <locale.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* How often this process has called write; -1 if the kernel does not count it. */
static long writes(void)
{
	FILE *io = fopen("/proc/self/io", "re");
	char line[64];
	long count = -1;

	while (io && fgets(line, sizeof(line), io))
		if (strncmp(line, "syscw: ", 7) == 0)
			count = strtol(line + 7, NULL, 10);
	if (io)
		fclose(io);
	return count;
}

/* Draws twice in many places of a terminal. Returns how often the second draw called write. */
static int draw_and_count(void)
{
	struct error err;
	long before, after;

	setenv("TERM", "xterm-256color", 1);
	if (!screen_open(&err))
		return 99;
	for (int row = 0; row < 20; row += 2)
		mvaddstr(row, row, "first");
	refresh();
	for (int row = 1; row < 20; row += 2)
		mvaddstr(row, 40 - row, "second");
	wnoutrefresh(stdscr);
	before = writes();
	doupdate();
	after = writes();
	screen_close();
	return before < 0 ? 98 : (int)(after - before);
}

static void a_draw_is_one_write(void **state)
{
	(void)state;
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };
	char chunk[4096];
	int terminal, status;
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(draw_and_count());
	while (read(terminal, chunk, sizeof(chunk)) > 0)
		;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(terminal);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 98)
		skip();
	assert_int_equal(WEXITSTATUS(status), 1);
}

/* In a terminal of this type: a guest wants the focus and more keys; then it ends as `how` says. */
static int follow_a_guest(const char *term, int how)
{
	struct input_modes guest = { .focus = true, .other_keys = 2 };
	struct error err;

	setenv("TERM", term, 1);
	if (!screen_open(&err))
		return 99;
	screen_guest_input(&guest);
	screen_guest_input(&guest);
	if (how == 'k')
		screen_has_kitty();
	if (how == 'l') {
		screen_lend();
		screen_guest_input(&guest);
		screen_mouse(MOUSE_GUEST);
		screen_cursor_shape(2);
		printf("<lent>");
		fflush(stdout);
		screen_resume();
	}
	if (how == 'n')
		screen_guest_input(NULL);
	if (how == 'a')
		abort();
	screen_close();
	return 0;
}

/* What was written after the screen was open, without the sequences of curses; the caller frees it. */
static struct str bytes_of(const char *term, int how)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };
	static const char *const ours[] = {
		"\033[?1004h", "\033[?1004l", "\033[?u", "\033[>4;2m", "\033[>4m", "\033[>1u", "\033[<u", "<lent>", "\033[?1049l",
		"\033[?1000h", "\033[2 q",
	};
	struct str all, found;
	char chunk[4096];
	ssize_t got;
	int terminal, status;
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(follow_a_guest(term, how));
	str_init(&all);
	str_init(&found);
	while ((got = read(terminal, chunk, sizeof(chunk))) > 0)
		str_add(&all, chunk, (size_t)got);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(terminal);
	assert_true(how == 'a' ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 0);
	const char *open = strstr(all.text, "\033[?2004h");

	for (size_t at = open ? (size_t)(open - all.text) : 0; at < all.len; at++) {
		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
			if (strncmp(all.text + at, ours[i], strlen(ours[i])) == 0)
				str_adds(&found, ours[i]);
		}
	}
	str_finish(&all);
	return found;
}

static void what_a_guest_wants_is_undone_wherever_the_terminal_is_given_back(void **state)
{
	(void)state;
#define ON "\033[?u\033[?1004h\033[>4;2m"
#define OFF "\033[?1004l\033[>4m"
	static const struct { const char *term; int how; const char *bytes; } table[] = {
		{ "xterm-256color", 'c', ON OFF "\033[?1049l" },
		{ "xterm-256color", 'n', ON OFF "\033[?1049l" },
		{ "xterm-256color", 'a', ON OFF "\033[?1049l" },
		{ "xterm-256color", 'l', ON OFF "\033[?1049l<lent>\033[?1004h\033[>4;2m\033[?1000h" OFF "\033[?1049l" },
		{ "xterm-256color", 'k', ON "\033[>4m\033[>1u\033[?1004l\033[<u\033[?1049l" },
		{ "linux", 'c', "\033[?1004h\033[?1004l" },
		{ "vt100", 'c', "" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct str got = bytes_of(table[i].term, table[i].how);

		assert_string_equal(got.len ? got.text : "", table[i].bytes);
		str_finish(&got);
	}
}

static int open_without_entry(void)
{
	struct error err;
	bool fine;

	setenv("TERM", "foot-of-a-test", 1);
	fine = screen_open(&err) && screen_fallback() && strcmp(screen_fallback(), "xterm-256color") == 0;
	screen_close();
	return fine && !screen_fallback() ? 0 : 1;
}

static void a_terminal_without_its_entry_is_used_like_xterm(void **state)
{
	(void)state;
	char chunk[4096];
	int terminal, status;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(open_without_entry());
	while (read(terminal, chunk, sizeof(chunk)) > 0)
		;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(terminal);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draw_is_one_write),
		cmocka_unit_test(what_a_guest_wants_is_undone_wherever_the_terminal_is_given_back),
		cmocka_unit_test(a_terminal_without_its_entry_is_used_like_xterm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
