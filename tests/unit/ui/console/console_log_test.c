/* SPDX-License-Identifier: MIT */
/* What a console reads from the log above the screen that the keeper sends. */
#include "fake/keepers_impl.h"
#include "fake/scratch.h"

#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/terminal/terminal.h"
#include "ui/console/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define LINES 80

struct stage {
	struct loop *loop;
	struct console *console;
	struct str log;
};

static void nothing(void *data)
{
	(void)data;
}

static void say_nothing(void *data, const char *text)
{
	(void)data;
	(void)text;
}

static const struct console_watcher watcher = { .changed = nothing, .bell = nothing, .said = say_nothing };

/* The state directory, with a log of so many lines, is where the test works. */
static void stage_init(struct stage *stage, char *directory, int lines)
{
	struct registry_entry entry = { .state = directory };
	struct error err;

	str_init(&stage->log);
	for (int i = 1; i <= lines; i++)
		str_addf(&stage->log, "line %d\r\n", i);
	scratch_put("console.log", stage->log.text, stage->log.len, 0);
	stage->loop = loop_new();
	assert_non_null(stage->loop);
	stage->console = console_new("web", &watcher, NULL);
	assert_true(console_connect(stage->console, stage->loop, &entry, &err));
}

static void stage_finish(struct stage *stage)
{
	console_free(stage->console);
	loop_free(stage->loop);
	str_finish(&stage->log);
}

static void says(const char *text, bool history)
{
	keepers.console->console(keepers.console_data, text, strlen(text), history);
}

/* The keeper's part: the screen that the log leads to. */
static void sends_screen(struct stage *stage)
{
	keepers.console->screen(keepers.console_data, 24, 80, (int64_t)stage->log.len);
	says("\033[Hline 79\033[2;1Hline 80\033[3;1H", true);
	keepers.console->history_end(keepers.console_data);
	loop_turn(stage->loop, 1000);
}

static void assert_line(const struct stage *stage, int64_t line, const char *text)
{
	const struct terminal *term = console_screen(stage->console);
	char shown[200];

	terminal_row_text(term, (int)(line - (int64_t)terminal_lines(term)), shown, sizeof(shown));
	assert_string_equal(shown, text);
}

static void the_log_is_read_above_the_screen(void **state)
{
	struct stage stage;

	stage_init(&stage, *state, LINES);
	sends_screen(&stage);
	const struct terminal *term = console_screen(stage.console);
	int64_t screen = (int64_t)terminal_lines(term);

	assert_true(terminal_scrollback(term) > 0);
	assert_line(&stage, screen - (int64_t)terminal_scrollback(term), "line 1");
	assert_line(&stage, screen, "line 79");
	stage_finish(&stage);
}

/* A place that a reader has chosen on the screen before the log is there. */
static void a_point_on_the_screen_is_followed_from_then_on(void **state)
{
	struct stage stage;
	struct terminal_point point = { 1, 5 };

	stage_init(&stage, *state, LINES);
	terminal_follow(console_terminal(stage.console), &point, 1);
	sends_screen(&stage);
	assert_line(&stage, point.line, "line 80");
	says("a line of more than eighty columns, which are all that there are, takes two rows until the window is wider\r\n"
	     "here\r\n", false);
	for (int i = 0; i < 40; i++)
		says("more\r\n", false);
	assert_line(&stage, point.line, "line 80");
	point.line += 3;
	assert_line(&stage, point.line, "here");
	console_resize(stage.console, 30, 130);
	assert_line(&stage, point.line, "here");
	stage_finish(&stage);
}

/* What a full-screen program has drawn for hours is no scrollback of the shell that it was started from. */
static void output_of_the_alternate_screen_does_not_become_scrollback(void **state)
{
	struct stage stage;

	stage_init(&stage, *state, 120000);
	keepers.console->screen(keepers.console_data, 24, 80, (int64_t)stage.log.len);
	says("\033[Hshell\r\n\033[?1049h\033[Hline 120000", true);
	keepers.console->history_end(keepers.console_data);
	loop_turn(stage.loop, 1000);
	says("\033[?1049l", false);
	const struct terminal *term = console_screen(stage.console);

	assert_int_equal(terminal_scrollback(term), 0);
	assert_line(&stage, (int64_t)terminal_lines(term), "shell");
	stage_finish(&stage);
}

static void a_screen_without_end_is_not_kept_for_the_log(void **state)
{
	static char blanks[64 * 1024];
	struct stage stage;

	stage_init(&stage, *state, LINES);
	keepers.console->screen(keepers.console_data, 24, 80, (int64_t)stage.log.len);
	memset(blanks, '\r', sizeof(blanks) - 1);
	for (int i = 0; i < 300; i++)
		says(blanks, true);
	says("end", true);
	keepers.console->history_end(keepers.console_data);
	loop_turn(stage.loop, 0);
	assert_int_equal(terminal_scrollback(console_screen(stage.console)), 0);
	assert_line(&stage, 0, "end");
	stage_finish(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_log_is_read_above_the_screen, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(output_of_the_alternate_screen_does_not_become_scrollback, scratch_enter,
		                                scratch_leave),
		cmocka_unit_test_setup_teardown(a_screen_without_end_is_not_kept_for_the_log, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_point_on_the_screen_is_followed_from_then_on, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests_name("console log", tests, NULL, NULL);
}
