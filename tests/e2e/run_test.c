/* SPDX-License-Identifier: MIT */
/* `paddock run`, with real QEMU and the tiny guest. */
#include "core/base/alloc.h"
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PID "vm/tiny.img-state/qemu.pid"

static struct tty *run_tiny(struct home *home)
{
	home_tiny_guest(home, "vm/tiny.img");
	struct tty *tty = tty_open(home, 24, 80, "run", "--mem", "64", "tiny.img");

	tty_wait(tty, "tiny>");
	return tty;
}

static void on_a_terminal_it_is_the_console_and_ends_as_qemu_does(void **state)
{
	struct tty *tty = run_tiny(*state);

	tty_type(tty, "c\r");
	tty_wait(tty, "red blue green reverse underlined");
	/* ^A, ^C and ^] are the guest's. */
	tty_type(tty, "\001\003\035\r");
	tty_type(tty, "n\r");
	tty_wait(tty, "8 bytes typed");
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void leaving_it_leaves_the_vm(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_tiny(home);

	tty_type(tty, "\r~.");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	assert_true(process_alive(home_pid(home, PID)));
	tty = tty_open(home, 24, 80, "attach", "tiny.img");
	tty_wait(tty, "tiny>");
	tty_type(tty, "\007d");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	expect(home, 0, "kill", "tiny.img");
}

static void a_second_run_of_a_running_image_is_told_how_to_come_back(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_tiny(home);

	expect_refused(home, WORDS("tiny.img is already running", "paddock attach tiny.img"), "run", "tiny.img");
	expect_refused(home, WORDS("tiny.img is already running", "paddock attach tiny.img"), "run", "--detached", "tiny.img");
	tty_type(tty, "n\r");
	tty_wait(tty, "2 bytes typed");
	tty_close(tty);
}

static void without_a_terminal_bytes_pass_as_they_are(void **state)
{
	struct home *home = *state;
	size_t len;

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *piped = tty_open_piped(home, "run", "--mem", "64", "tiny.img");
	tty_wait_bytes(piped, "tiny> ");
	/* Neither prefix nor tilde means anything here, and queries pass too; the keeper answers them. */
	tty_type(piped, "\007d\r~.\rn\r");
	tty_wait_bytes(piped, "8 bytes typed");
	tty_type(piped, "q\r");
	tty_wait_bytes(piped, "\033[6n");
	tty_wait_bytes(piped, ";1R");
	tty_type(piped, "p\r");
	assert_int_equal(tty_wait_end(piped), 0);
	assert_non_null(strstr(tty_bytes(piped, &len), "bye"));
	tty_close(piped);
}

static void the_end_of_input_does_not_end_the_vm(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *piped = tty_open_piped(home, "run", "--mem", "64", "tiny.img");
	tty_wait_bytes(piped, "tiny> ");
	tty_end_input(piped);
	struct tty *tty = tty_open(home, 24, 80, "attach", "tiny.img");
	tty_wait(tty, "tiny>");
	tty_type(tty, "hello\r");
	tty_wait_bytes(piped, "hello");
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(piped), 0);
	tty_close(tty);
	tty_close(piped);
}

static void sigterm_stops_the_vm_politely(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_tiny(home);

	tty_type(tty, "b\r");
	tty_wait(tty, "obeying the power button");
	kill(tty_pid(tty), SIGTERM);
	tty_wait(tty, "bye");
	tty_wait_end(tty);
	tty_close(tty);
}

static void a_killed_qemu_gives_its_status(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_tiny(home);

	kill(home_pid(home, PID), SIGKILL);
	tty_wait(tty, "signal 9");
	assert_int_equal(tty_wait_end(tty), 128 + SIGKILL);
	tty_close(tty);
}

static void argv_creates_nothing(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	struct result result = cli(home, "argv", "--lines", "tiny.img");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "\n<UUID>\n"));
	assert_non_null(strstr(result.out, "mac=<MAC>"));
	result_finish(&result);
	struct result explained = cli(home, "argv", "--explain", "--cpus", "3", "tiny.img");
	assert_non_null(strstr(explained.out, "--cpus"));
	result_finish(&explained);
	assert_false(home_has(home, "vm/tiny.img-state"));
	assert_false(home_has(home, "state/paddock"));
}

/* Whoever starts us closes its end, or kills us, without another word. */
static void with_rm_the_vm_ends_with_its_process(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *tty = tty_open(home, 24, 80, "run", "--rm", "--mem", "64", "tiny.img");
	tty_wait(tty, "tiny>");
	pid_t qemu = home_pid(home, PID);
	tty_type(tty, "b\r");
	tty_wait(tty, "obeying the power button");
	kill(tty_pid(tty), SIGKILL);
	process_wait_gone(qemu);
	tty_close(tty);
	wait_until_gone(home, "tiny.img");

	tty = tty_open(home, 24, 80, "run", "--rm", "--mem", "64", "tiny.img");
	tty_wait(tty, "tiny>");
	qemu = home_pid(home, PID);
	tty_type(tty, "b\r");
	tty_wait(tty, "obeying the power button");
	tty_type(tty, "\r~.");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	process_wait_gone(qemu);
}

static void the_status_says_that_the_guest_did_not_obey(void **state)
{
	struct home *home = *state;
	struct tty *tty = run_tiny(home);

	kill(tty_pid(tty), SIGTERM);
	wait_for_output(home, "stopping", "ls");
	kill(tty_pid(tty), SIGTERM);
	tty_wait(tty, "did not power off by itself");
	assert_int_equal(tty_wait_end(tty), 128 + SIGTERM);
	tty_close(tty);
}

static void an_ignored_hangup_stays_ignored(void **state)
{
	struct home *home = *state;
	char *line = mem_printf("trap '' HUP; exec '%s' run --mem 64 tiny.img", need_env("PADDOCK"));

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *piped = tty_start_piped(home, (const char *const[]){ "/bin/sh", "-c", line, NULL });
	tty_wait_bytes(piped, "tiny> ");
	kill(tty_pid(piped), SIGHUP);
	tty_type(piped, "b\r");
	tty_wait_bytes(piped, "obeying the power button");
	kill(tty_pid(piped), SIGTERM);
	assert_int_equal(tty_wait_end(piped), 0);
	tty_close(piped);
	free(line);
}

static void a_pipe_that_nobody_reads_ends_the_vm(void **state)
{
	struct home *home = *state;
	/* It may end while QEMU starts, or later: the guest has not been told to obey. */
	char *line = mem_printf("{ '%s' run --mem 64 tiny.img </dev/null; echo status $? >&2; } | head -c 64 >/dev/null",
	                        need_env("PADDOCK"));

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *piped = tty_start_piped(home, (const char *const[]){ "/bin/sh", "-c", line, NULL });
	tty_wait_bytes(piped, "nothing reads standard output any more");
	tty_wait_bytes(piped, "status 141");
	assert_int_equal(tty_wait_end(piped), 0);
	tty_close(piped);
	wait_until_gone(home, "tiny.img");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(on_a_terminal_it_is_the_console_and_ends_as_qemu_does),
		story(leaving_it_leaves_the_vm),
		story(a_second_run_of_a_running_image_is_told_how_to_come_back),
		story(without_a_terminal_bytes_pass_as_they_are),
		story(the_end_of_input_does_not_end_the_vm),
		story(sigterm_stops_the_vm_politely),
		story(with_rm_the_vm_ends_with_its_process),
		story(the_status_says_that_the_guest_did_not_obey),
		story(an_ignored_hangup_stays_ignored),
		story(a_pipe_that_nobody_reads_ends_the_vm),
		story(a_killed_qemu_gives_its_status),
		story(argv_creates_nothing),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
