/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qemu_process.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_data.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A shell as QEMU. */
struct guest {
	struct loop *loop;
	struct qemu_process *qemu;
	struct str console;
	char deaf[256];		/* why */
	bool ended;
	int status;
	uint64_t deadline;
	unsigned busy;		/* ms that each part of the console's output takes */
	int parts, turns;	/* since it is busy */
};

static void on_console(void *data, const void *bytes, size_t len)
{
	struct guest *guest = data;
	uint64_t begin = loop_now();

	str_add(&guest->console, bytes, len);
	guest->parts += guest->busy > 0;
	while (loop_now() - begin < guest->busy)
		;
}

/* As a client that went away leaves it behind: whoever looks at errno after this sees the wrong failure. */
static unsigned on_output_idle(void *data)
{
	struct guest *guest = data;

	guest->turns += guest->busy > 0;
	errno = EPIPE;
	return 0;
}

static void on_nothing(void *data)
{
	(void)data;
}

static void on_event(void *data, const char *name, const char *detail)
{
	(void)data, (void)name, (void)detail;
}

static void on_deaf(void *data, const char *why)
{
	struct guest *guest = data;

	snprintf(guest->deaf, sizeof(guest->deaf), "%s", why);
}

static void on_ended(void *data, int status)
{
	struct guest *guest = data;

	guest->ended = true;
	guest->status = status;
}

static void start(struct guest *guest, const char *script)
{
	static const struct qemu_process_events events = {
		.console = on_console, .output_idle = on_output_idle, .writable = on_nothing, .ready = on_nothing,
		.event = on_event, .deaf = on_deaf, .ended = on_ended,
	};
	struct plan_arg args[] = { { .text = (char[]){ "sh" } }, { .text = (char[]){ "-c" } }, { .text = NULL } };
	char copy[512], shell[] = "/bin/sh", here[] = "/";
	struct plan plan = { .qemu = shell, .cwd = here, .args = args, .arg_count = 3 };
	struct error err;
	int lock = open("/dev/null", O_RDONLY | O_CLOEXEC);

	snprintf(copy, sizeof(copy), "%s", script);
	args[2].text = copy;
	memset(guest, 0, sizeof(*guest));
	str_init(&guest->console);
	guest->deadline = loop_now() + 15000;
	guest->loop = loop_new();
	guest->qemu = qemu_process_start(guest->loop, &plan, lock, &events, guest, &err);
	assert_non_null(guest->qemu);
	close(lock);
}

static void turn(struct guest *guest)
{
	uint64_t now = loop_now();

	if (now >= guest->deadline)
		fail_msg("nothing follows '%s'", guest->console.text);
	loop_turn(guest->loop, (int)(guest->deadline - now));
}

static void finish(struct guest *guest)
{
	while (!guest->ended)
		turn(guest);
	qemu_process_free(guest->qemu);
	loop_free(guest->loop);
	str_finish(&guest->console);
}

static void failures_of_others_do_not_end_the_console(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do head -c 1024 /dev/zero | tr '\\0' x; done; "
	              "read line; echo \"alive $line\"");
	while (!guest.ended && guest.console.len < 12 * 1024)
		turn(&guest);
	assert_false(guest.ended);
	assert_int_equal(qemu_process_type(guest.qemu, "here\n", 5), 5);
	while (!guest.ended)
		turn(&guest);
	assert_non_null(strstr(guest.console.text, "alive here"));
	assert_int_equal(guest.status, 0);
	finish(&guest);
}

static void until_console(struct guest *guest, const char *text)
{
	while (!strstr(guest->console.text, text))
		turn(guest);
}

static void qemus_words_never_stand_in_the_middle_of_a_line(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "printf half; read x; echo odd >&2; read x; printf 'more\\n'; read x; echo odder >&2");
	until_console(&guest, "half");
	qemu_process_type(guest.qemu, "\n", 1);
	until_console(&guest, "odd");
	assert_string_equal(guest.console.text, "half\r\n[QEMU] odd\r\n");
	qemu_process_type(guest.qemu, "\n", 1);
	until_console(&guest, "more\n");
	qemu_process_type(guest.qemu, "\n", 1);
	until_console(&guest, "odder");
	assert_string_equal(guest.console.text, "half\r\n[QEMU] odd\r\nmore\n[QEMU] odder\r\n");
	finish(&guest);
}

/* SeaBIOS turns it off behind its reset; what follows would lose the ends of its lines. */
static void autowrap_stays_on_behind_the_firmware(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "printf '\\033c\\033[?7lSea'");
	until_console(&guest, "Sea");
	assert_string_equal(guest.console.text, "\033c\033[?7hSea");
	finish(&guest);
}

/* It may have no time left for the newline. */
static void words_without_a_newline_are_heard_at_the_end(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "printf 'cut sho' >&2");
	until_console(&guest, "[QEMU] cut sho\r\n");
	assert_string_equal(qemu_process_stderr(guest.qemu), "cut sho");
	finish(&guest);
}

static void of_many_words_the_last_whole_lines_are_kept(void **state)
{
	(void)state;
	struct guest guest;
	const char *words;

	start(&guest, "for i in $(seq 100 299); do echo \"line $i of what it says\" >&2; done");
	until_console(&guest, "line 299");
	words = qemu_process_stderr(guest.qemu);
	assert_in_range(strlen(words), 1950, 2000);
	assert_int_equal(strncmp(words, "line 2", 6), 0);
	assert_string_equal(words + strlen(words) - 25, "\nline 299 of what it says");
	finish(&guest);
}

static void a_line_without_end_is_told_in_pieces(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "head -c 2500 /dev/zero | tr '\\0' x >&2; echo . >&2");
	until_console(&guest, "x.\r\n");
	assert_int_equal(guest.console.len, 2501 + 3 * strlen("[QEMU] \r\n"));
	assert_in_range(strlen(qemu_process_stderr(guest.qemu)), 1500, 2000);
	finish(&guest);
}

/* Nobody could tell why power and pause do nothing. */
static void a_monitor_that_talks_nonsense_is_told_and_the_console_goes_on(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "echo '{\"QMP\": {}}' >&3; read line <&3; echo '{\"return\": {}, \"id\": 0}' >&3; "
	              "read x; echo nonsense >&3; read x; echo \"alive $x\"");
	while (!qemu_process_answers(guest.qemu))
		turn(&guest);
	qemu_process_type(guest.qemu, "\n", 1);
	while (!guest.deaf[0])
		turn(&guest);
	assert_false(qemu_process_answers(guest.qemu));
	assert_non_null(strstr(guest.deaf, "QEMU's monitor"));
	qemu_process_type(guest.qemu, "here\n", 5);
	until_console(&guest, "alive here");
	finish(&guest);
}

/* The hang-up is told once, not over and over; what is typed is for nobody. */
static void a_console_that_is_closed_early_leaves_the_rest(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "printf last; exec 0<&- 1>&-; echo '{\"QMP\": {}}' >&3; read x <&3; "
	              "echo '{\"return\": {}, \"id\": 0}' >&3; read x <&3; echo words >&2; exit 7");
	while (!qemu_process_answers(guest.qemu))
		turn(&guest);
	until_console(&guest, "last");
	uint64_t begin;
	do {
		assert_true(loop_now() < guest.deadline);
		begin = loop_now();
		loop_turn(guest.loop, 30);
	} while (loop_now() - begin < 25);
	assert_int_equal(qemu_process_type(guest.qemu, "typed", 5), 5);
	qemu_process_execute(guest.qemu, "quit", NULL, NULL, NULL);
	until_console(&guest, "[QEMU] words");
	while (!guest.ended)
		turn(&guest);
	assert_int_equal(guest.status, 7 << 8);
	finish(&guest);
}

static void a_monitor_that_is_closed_at_the_end_is_no_news(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "exec 3>&-; read x");
	for (int i = 0; i < 5; i++)
		loop_turn(guest.loop, 10);
	qemu_process_type(guest.qemu, "\n", 1);
	finish(&guest);
	assert_string_equal(guest.deaf, "");
}

static void output_that_takes_long_does_not_keep_others_waiting(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "read x; head -c 40000 /dev/zero | tr '\\0' x");
	guest.busy = 12;
	qemu_process_type(guest.qemu, "\n", 1);
	while (guest.console.len < 40000)
		turn(&guest);
	assert_in_range(guest.parts, 3, guest.turns);
	finish(&guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_of_others_do_not_end_the_console),
		cmocka_unit_test(qemus_words_never_stand_in_the_middle_of_a_line),
		cmocka_unit_test(autowrap_stays_on_behind_the_firmware),
		cmocka_unit_test(words_without_a_newline_are_heard_at_the_end),
		cmocka_unit_test(of_many_words_the_last_whole_lines_are_kept),
		cmocka_unit_test(a_line_without_end_is_told_in_pieces),
		cmocka_unit_test(a_monitor_that_talks_nonsense_is_told_and_the_console_goes_on),
		cmocka_unit_test(a_console_that_is_closed_early_leaves_the_rest),
		cmocka_unit_test(a_monitor_that_is_closed_at_the_end_is_no_news),
		cmocka_unit_test(output_that_takes_long_does_not_keep_others_waiting),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("keeper machine", tests, NULL, NULL);
}
