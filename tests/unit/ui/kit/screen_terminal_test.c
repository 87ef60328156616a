/* SPDX-License-Identifier: MIT */
#include "ui/kit/screen.h"

#include "core/base/error.h"

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

/* How often this process has called write so far; -1: the kernel does not count. */
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

/* In a terminal: two draws with the cursor all over it. The calls to write that the second took. */
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_draw_is_one_write) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
