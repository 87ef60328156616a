/* SPDX-License-Identifier: MIT */
#include "fake/keepers_impl.h"
#include "fake/world.h"

#include "core/base/alloc.h"
#include "ui/console/console.h"
#include "ui/kit/app.h"
#include "ui/kit/keys.h"
#include "ui/kit/screen.h"

#include <curses.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The screen on web, which runs, with its console open and the keys in it. */
static void open_console(struct fixture *f, int rows, int columns)
{
	web_runs();
	open_world(f, rows, columns, "xterm-256color", "C.UTF-8", a_small_world);
	web_tells(f);
	go_to(f, "web");
	press(f, "Enter");
	assert_int_equal(keepers.consoles, 1);
}

static void says(struct fixture *f, const char *text, bool history)
{
	keepers.console->console(keepers.console_data, text, strlen(text), history);
	turn(f);
}

static void live(struct fixture *f)
{
	keepers.console->history_end(keepers.console_data);
	turn(f);
}

static void open_live_console(struct fixture *f, int rows, int columns)
{
	open_console(f, rows, columns);
	live(f);
}

static void reports(struct fixture *f, const struct keeper_state *state)
{
	keepers.console->state(keepers.console_data, state);
	turn(f);
}

static void ends(struct fixture *f, const struct keeper_end *end)
{
	keepers.console->ended(keepers.console_data, end);
	turn(f);
}

static void assert_typed(const char *want)
{
	assert_int_equal(keepers.typed_len, strlen(want));
	assert_memory_equal(keepers.typed, want, strlen(want));
}

static void history_is_shown_and_only_later_queries_are_answered(void **state)
{
	struct fixture *f = *state;

	open_console(f, 30, 100);
	assert_true(sees("connecting"));
	keepers.console->answerer(keepers.console_data, true);
	says(f, "login: \033[6n\033[c", true);
	assert_true(sees("login:"));
	assert_int_equal(keepers.answered_len, 0);
	live(f);
	assert_true(sees_not("connecting"));
	says(f, "\033[6n", false);
	assert_int_equal(keepers.answered_len, 6);
	assert_memory_equal(keepers.answered, "\033[1;8R", 6);
	keepers.console->answerer(keepers.console_data, false);
	says(f, "\033[6n", false);
	assert_int_equal(keepers.answered_len, 6);
}

/* All in one read: the scrollback from before comes later, and must not undo it. */
static void the_end_is_told_even_right_behind_the_screen(void **state)
{
	struct fixture *f = *state;
	const struct keeper_end end = { .started = true, .reason = "guest-shutdown", .error = "" };
	const char *text = "login:";

	open_console(f, 30, 100);
	keepers.console->screen(keepers.console_data, 24, 80, 1);
	keepers.console->console(keepers.console_data, text, strlen(text), true);
	keepers.console->history_end(keepers.console_data);
	keepers.console->ended(keepers.console_data, &end);
	turn(f);
	turn(f);
	assert_true(sees("login:"));
	assert_true(sees("the guest powered off"));
}

/* The rest of the screen is for the size that was announced. */
static void a_resize_while_the_screen_arrives_loses_no_row(void **state)
{
	struct fixture *f = *state;

	open_console(f, 45, 100);
	keepers.console->screen(keepers.console_data, 40, 80, -1);
	says(f, "\033[1;1Hfirst", true);
	resize_world(f, 30, 100);
	says(f, "\033[40;1Hlast", true);
	live(f);
	assert_true(sees("last"));
	press(f, "C-g [ g");
	assert_true(sees("first"));
}

static void every_key_but_the_prefix_goes_to_the_guest(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	press(f, "q C-c ? Tab Up A-x Esc F5 C-a C-z Enter");
	assert_typed("q\003?\t\033[A\033x\033\033[15~\001\032\r");
	keepers.typed_len = 0;
	press(f, "C-g C-g");
	assert_typed("\007");
	press(f, "C-g x");
	assert_true(sees("Ctrl-g x is not a command"));
	assert_typed("\007");
	press(f, "y");
	assert_true(sees_not("is not a command"));
	assert_typed("\007y");
}

static void leaving_gives_the_keys_to_the_list_and_the_vm_goes_on(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	says(f, "still here", false);
	assert_true(sees_not("Machines"));
	press(f, "C-g d");
	assert_true(sees("Machines"));
	press(f, "j k");
	assert_int_equal(keepers.typed_len, 0);
	assert_int_equal(keepers.commands, 0);
}

static void a_large_pane_shows_the_console_until_it_is_zoomed(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 40, 150);
	says(f, "hello", false);
	assert_true(sees("Machines"));
	assert_true(sees("Ctrl-g d list"));
	press(f, "C-g z");
	assert_true(sees_not("Machines"));
	assert_true(sees("hello"));
	press(f, "C-g z");
	assert_true(sees("Machines"));
}

static void a_small_window_follows_the_cursor(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 14, 60);
	says(f, "\033[HTOP\033[24;1HBOTTOM", false);
	assert_true(sees("BOTTOM"));
	assert_true(sees_not("TOP\n"));
	says(f, "\033[24;75HRIGHT", false);
	assert_true(sees("RIGHT"));
	assert_true(sees_not("BOTTOM"));
	says(f, "\033[H", false);
	assert_true(sees("TOP"));
}

static void skipped_output_is_marked_and_the_screen_is_kept(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	says(f, "before\033[?1049hin an editor\033[31", false);
	keepers.console->gap(keepers.console_data, 12345);
	says(f, "after", true);
	assert_true(sees("12345 bytes skipped here"));
	assert_true(sees("after"));
	press(f, "C-g [ g");
	assert_true(sees("before"));
}

static void the_end_is_shown_below_the_last_screen(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = {
		.started = true, .status = 1, .reason = "failed", .ended = 1700000000,
		.error = "qemu: could not\nopen \033[2J disk",
	};

	open_live_console(f, 30, 100);
	says(f, "last words\033[5;20r\033[?6h", false);
	ends(f, &end);
	assert_true(sees("last words"));
	assert_true(sees("ended with status 1: qemu: could not open ?[2J disk"));
	assert_true(sees("Enter goes back"));
	press(f, "x");
	assert_true(sees("it has ended"));
	assert_int_equal(keepers.typed_len, 0);
	press(f, "C-g d");
	assert_true(sees("Machines"));
}

static void the_end_does_not_cover_text_of_the_guest(void **state)
{
	struct fixture *f = *state;
	struct keeper_end end = { .started = true, .reason = "guest-shutdown", .ended = 1700000000, .error = "" };

	open_live_console(f, 30, 100);
	says(f, "\033[2J\033[Hthe title\033[3;1Hfirst choice\033[24;1Hthe last row\033[3;1H", false);
	ends(f, &end);
	assert_true(sees("first choice"));
	assert_true(sees("the last row"));
	assert_true(sees("the guest powered off"));
}

static void a_broken_connection_is_shown_as_an_end(void **state)
{
	struct fixture *f = *state;

	open_console(f, 30, 100);
	keepers.console->lost(keepers.console_data, "the keeper of this VM has exited");
	turn(f);
	assert_true(sees("connection lost: the keeper of this VM has exited"));
	press(f, "Enter");
	assert_true(sees("Machines"));
}

static void feed_lines(struct fixture *f, int from, int to)
{
	for (int i = from; i <= to; i++) {
		char *line = mem_printf("line %d of many\r\n", i);

		says(f, line, false);
		free(line);
	}
}

static void scrolling_holds_still_while_the_guest_writes(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	feed_lines(f, 1, 200);
	assert_true(sees("line 200 of"));
	press(f, "C-g [ g");
	assert_true(sees("line 1 of"));
	press(f, "C-e");
	assert_true(sees_not("line 1 of"));
	assert_true(sees("line 2 of"));
	feed_lines(f, 201, 300);
	assert_true(sees("line 2 of"));
	assert_true(sees_not("line 201"));
	press(f, "G");
	assert_true(sees("line 300 of"));
	press(f, "PgUp");
	assert_true(sees_not("line 300 of"));
	assert_int_equal(keepers.typed_len, 0);
	press(f, "q x");
	assert_true(sees("line 300 of"));
	assert_typed("x");
}

static void a_search_goes_up_and_back_down(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	feed_lines(f, 1, 200);
	press(f, "C-g [ / l i n e Space 1 7 Space");
	assert_true(sees("/line 17"));
	press(f, "Enter");
	assert_true(sees("line 17 of"));
	press(f, "n");
	assert_true(sees("no match for \"line 17 \" above"));
	press(f, "/ Backspace Backspace / L I N E Enter");
	assert_true(sees("no match for \"LINE\" above"));	/* a capital counts */
	press(f, "/ o f Space m Enter n n N");
	assert_true(sees_not("no match"));
	press(f, "/ x Esc q z");
	assert_typed("z");
}

static void scrolling_reaches_columns_outside_the_window(void **state)
{
	struct fixture *f = *state;
	char line[81];

	memset(line, '.', 80);
	memcpy(line, "begins", 6);
	memcpy(line + 70, "Needle", 6);
	line[80] = '\0';
	open_live_console(f, 12, 40);
	says(f, line, false);
	says(f, "\r\n", false);
	assert_true(sees("begins"));
	assert_true(sees_not("Needle"));
	assert_true(sees("›"));
	assert_true(sees_not("‹"));
	press(f, "C-g [ k $");
	says(f, "$ ", false);		/* what the guest does moves nothing */
	assert_true(sees_not("begins"));
	assert_true(sees("Needle"));
	assert_true(sees("‹"));
	assert_true(sees_not("›"));
	press(f, "0");
	assert_true(sees("begins"));
	/* A match is brought into the window. */
	press(f, "/ N e e d l e Enter");
	assert_true(sees("Needle"));
	press(f, "q");
	assert_true(sees("begins"));
}

static void a_narrow_bottom_line_keeps_the_most_important_keys(void **state)
{
	struct fixture *f = *state;
	int row, column;

	open_live_console(f, 12, 40);
	assert_true(sees("Ctrl-g d list  p power  ? help"));
	press(f, "C-g");
	assert_true(sees("... d list  z zoom  p power  ?"));
	press(f, "[");
	assert_true(sees("/ search  q back"));
	/* The cursor is where one types. */
	press(f, "/ a b c");
	assert_true(sees(" web   /abc"));
	getyx(newscr, row, column);
	assert_int_equal(row, 11);
	assert_int_equal(column, 11);
}

static void open_blank_console(struct fixture *f, int rows, int columns)
{
	world_blank_ms = 1;
	open_console(f, rows, columns);
	world_blank_ms = 0;
	live(f);
}

/* SeaBIOS writes a banner and clears the screen. */
static void a_blank_screen_is_explained_until_there_is_output(void **state)
{
	struct fixture *f = *state;

	open_blank_console(f, 30, 100);
	says(f, "SeaBIOS (version 1.16.3)\r\niPXE\r\n\033[2J\033[H", false);
	assert_true(comes_to_see(f, "Probably the system draws"));
	assert_true(sees("--gui"));
	says(f, "\033[2J\033[H  \033[6n", false);
	assert_true(sees("Probably the system draws"));
	press(f, "C-g [");
	assert_true(sees_not("Probably"));
	press(f, "q");
	assert_true(sees("Probably"));
	says(f, "login: ", false);
	assert_true(sees("login:"));
	assert_true(sees_not("Probably"));
	says(f, "\033[2J\033[H", false);
	assert_true(comes_to_see(f, "blank for 30 s"));
}

static void a_kernel_without_a_console_is_explained_on_the_smallest_screen(void **state)
{
	struct fixture *f = *state;

	world_append = "quiet page_poison=1";
	open_blank_console(f, 12, 40);
	assert_true(comes_to_see(f, "console=ttyS0"));
	assert_true(sees("start it again."));
	hold_against_golden("console-blank-40x12");
	close_world(f);
	world_append = NULL;
}

static void a_blank_screen_is_explained_late_and_only_while_the_guest_runs(void **state)
{
	struct fixture *f = *state;
	struct keeper_state told = { .phase = VM_RUNNING, .name = "web", .paused = true };
	struct keeper_end end = { .started = true, .reason = "guest-shutdown", .ended = 1700000000, .error = "" };

	open_live_console(f, 30, 100);
	assert_true(sees_not("has been blank"));
	close_world(f);

	open_blank_console(f, 30, 100);
	assert_true(comes_to_see(f, "has been blank"));
	reports(f, &told);
	assert_true(sees("paused"));
	assert_true(sees_not("has been blank"));
	told.paused = false;
	keepers.console->state(keepers.console_data, &told);
	assert_true(comes_to_see(f, "has been blank"));
	ends(f, &end);
	assert_true(sees("the guest powered off"));
	assert_true(sees_not("has been blank"));
}

static void type_code(struct fixture *f, wint_t code)
{
	struct key key = { .code = code, .is_code = true };

	app_key(f->app, &key);
}

static void pasted_text_is_never_a_command(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	says(f, "\033[?2004h", false);
	type_code(f, KEY_PASTE_BEGIN);
	press(f, "C-g d Enter");
	type_code(f, KEY_PASTE_END);
	assert_typed("\033[200~\007d\r\033[201~");
	assert_true(sees_not("Machines"));
	says(f, "\033[?2004l", false);
	keepers.typed_len = 0;
	type_code(f, KEY_PASTE_BEGIN);
	press(f, "x");
	type_code(f, KEY_PASTE_END);
	assert_typed("x");
}

static void the_power_menu_opens_after_the_prefix(void **state)
{
	struct fixture *f = *state;

	open_live_console(f, 30, 100);
	press(f, "C-g p");
	assert_true(sees("power button"));
	press(f, "b");
	assert_int_equal(keepers.commands, 1u << KEEPER_POWERDOWN);
	press(f, "C-g ?");
	assert_true(sees("After the prefix: back to the list"));
	press(f, "Esc");
	assert_int_equal(keepers.typed_len, 0);
}

static void the_bottom_line_shows_title_and_state(void **state)
{
	struct fixture *f = *state;
	struct keeper_state told = { .phase = VM_STOPPING, .name = "web", .unresponsive = true };

	open_live_console(f, 30, 100);
	says(f, "\033]0;vim notes\a\033[3;5Htext", false);
	assert_true(sees("web: vim notes"));
	reports(f, &told);
	assert_true(sees("does not react"));
	hold_against_golden("console-100x30");
}

/* Every cell, attributes and colours too. */
static cchar_t *all_cells(void)
{
	cchar_t *cells = mem_array((size_t)LINES * (size_t)(COLS + 1), sizeof(*cells));

	for (int row = 0; row < LINES; row++)
		mvwin_wchnstr(curscr, row, 0, cells + row * (COLS + 1), COLS);
	return cells;
}

static void assert_drawn_as_if_anew(struct fixture *f, unsigned step)
{
	cchar_t *seen = all_cells(), *anew;

	app_resized(f->app);
	app_draw(f->app);
	anew = all_cells();
	for (int row = 0; row < LINES; row++)
		if (memcmp(seen + row * (COLS + 1), anew + row * (COLS + 1), (size_t)COLS * sizeof(*seen)) != 0)
			fail_msg("row %d after step %u", row, step);
	free(seen);
	free(anew);
}

/* Only changes are drawn; they must leave what a whole draw would. */
static void redraw_at_size(struct fixture *f, int rows, int columns)
{
	static const char *const pieces[] = {
		"\r\n", "\033[H", "\033[2J", "\033[K", "\033[1K", "\033[5;10H", "\033[20;70H", "\033[3L", "\033[2M", "\033[4@", "\033[3P",
		"\033M", "\033D", "\033[5;15r", "\033[r", "\033[?1049h", "\033[?1049l", "\033[?5h", "\033[?5l", "\033[1;33;44m", "\033[7m",
		"\033[38;2;9;200;30m", "\033[m", "\033]0;a title\a", "\033]0;\a", "\033[?25l", "\033[?25h", "\033[3J", "\033c",
		"some text", "wide \xe4\xb8\xad\xe6\x96\x87", "mark e\xcc\x81", "\r\n\r\n\r\n\r\n\r\n", "\033[30S", "\033[9T", "\a",
		"a line that is long enough to be put as a run and to come to the right edge of the screen, and then on",
	};
	uint64_t random = 1;

	open_live_console(f, rows, columns);
	for (unsigned step = 0; step < 400; step++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		says(f, pieces[(random >> 33) % (sizeof(pieces) / sizeof(pieces[0]))], false);
		/* Most changes come on top of others that were not drawn whole either. */
		if (step % 4 == 3)
			assert_drawn_as_if_anew(f, step);
	}
	press(f, "C-g [ k k q");
	assert_drawn_as_if_anew(f, 400);
	close_world(f);
}

static void drawing_changes_gives_the_same_as_drawing_everything(void **state)
{
	struct fixture *f = *state;

	redraw_at_size(f, 30, 100);
	redraw_at_size(f, 40, 150);
	redraw_at_size(f, 14, 60);
}

static void the_console_shows_what_a_start_waits_for(void **state)
{
	struct fixture *f = *state;
	struct keeper_state told = { .phase = VM_STARTING, .name = "web" };

	open_console(f, 30, 100);
	keepers.console->step(keepers.console_data, "creating disk d.img, 4 MiB");
	reports(f, &told);
	assert_true(sees("starting: creating disk d.img, 4 MiB"));
	told.pid = 77;
	reports(f, &told);
	assert_true(sees("starting: QEMU does not answer on its monitor yet"));
	told.phase = VM_RUNNING;
	reports(f, &told);
	assert_true(sees_not("starting"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(history_is_shown_and_only_later_queries_are_answered),
		world_test(the_end_is_told_even_right_behind_the_screen),
		world_test(a_resize_while_the_screen_arrives_loses_no_row),
		world_test(every_key_but_the_prefix_goes_to_the_guest),
		world_test(leaving_gives_the_keys_to_the_list_and_the_vm_goes_on),
		world_test(a_large_pane_shows_the_console_until_it_is_zoomed),
		world_test(a_small_window_follows_the_cursor),
		world_test(skipped_output_is_marked_and_the_screen_is_kept),
		world_test(the_end_is_shown_below_the_last_screen),
		world_test(the_end_does_not_cover_text_of_the_guest),
		world_test(a_broken_connection_is_shown_as_an_end),
		world_test(scrolling_holds_still_while_the_guest_writes),
		world_test(a_search_goes_up_and_back_down),
		world_test(scrolling_reaches_columns_outside_the_window),
		world_test(a_narrow_bottom_line_keeps_the_most_important_keys),
		world_test(a_blank_screen_is_explained_until_there_is_output),
		world_test(a_kernel_without_a_console_is_explained_on_the_smallest_screen),
		world_test(a_blank_screen_is_explained_late_and_only_while_the_guest_runs),
		world_test(pasted_text_is_never_a_command),
		world_test(the_power_menu_opens_after_the_prefix),
		world_test(the_bottom_line_shows_title_and_state),
		world_test(drawing_changes_gives_the_same_as_drawing_everything),
		world_test(the_console_shows_what_a_start_waits_for),
	};

	return cmocka_run_group_tests_name("console view", tests, NULL, NULL);
}
