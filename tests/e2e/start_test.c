/* SPDX-License-Identifier: MIT */
/* What comes before the guest, and what is left of it: disks, programs, windows, detaching. */
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
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define GREETING "fake guest ready"
#define STATE "vm/disk.img-state"
#define PID STATE "/qemu.pid"

/* The last line of what was said on stderr, without its newline; cuts the text. */
static const char *last_line(struct result *result)
{
	char *newline;

	assert_true(result->err_len > 0);
	result->err[strcspn(result->err, "\n") == result->err_len ? result->err_len : result->err_len - 1] = '\0';
	newline = strrchr(result->err, '\n');
	return newline ? newline + 1 : result->err;
}

static void qemu_img_says_itself_why_a_disk_cannot_be_made(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_script(home, "qemu-img", "echo half >\"$4\"; echo Formatting; echo 'qemu-img: the moon is full' >&2;"
	            "echo 'qemu-img: try another one' >&2; exit 1");
	struct result run = cli(home, "run", "--disk", "size=1G", "disk.img");
	assert_int_equal(run.status, 1);
	assert_string_equal(last_line(&run), "paddock: cannot create disk.img-state/disk.img: "
	                    "qemu-img: the moon is full; qemu-img: try another one");
	assert_false(home_has(home, STATE "/disk.img"));
	assert_false(home_has(home, PID));
	result_finish(&run);
}

static void a_disk_that_is_made_is_told_as_a_step(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_script(home, "qemu-img", "echo $4 $5 >\"$4\"");
	struct tty *tty = tty_open(home, 24, 80, "run", "--disk", "size=1t", "disk.img");
	tty_wait(tty, "creating disk disk.img-state/disk.img, 1048576 MiB");
	tty_wait(tty, GREETING);
	tty_type(tty, "!poweroff\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	char *made = home_read(home, STATE "/disk.img");
	assert_string_equal(made, "disk.img-state/disk.img 1048576M\n");
	free(made);
}

static void a_disk_that_is_there_is_never_made_again(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/data.img", HOME_DISK);
	home_script(home, "qemu-img", "echo gone >\"$4\"");
	expect(home, 0, "run", "--detached", "--disk", "data.img,size=1G", "disk.img");
	char *text = home_read(home, "vm/data.img");
	assert_string_equal(text, HOME_DISK);
	free(text);
}

static void the_program_that_was_named_is_the_one_that_runs(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_script(home, "qemu-system-x86_64", "echo 'the wrong one' >&2; exit 5");
	home_script(home, "my-qemu", "echo 'the right one' >&2; exit 6");
	struct result run = cli(home, "run", "--arch", "x86_64", "--qemu", home_path(home, "bin/my-qemu"), "disk.img");
	assert_int_equal(run.status, 6);
	assert_non_null(strstr(run.err, "the right one"));
	result_finish(&run);
}

static void detached_leaves_the_vm_and_returns_when_it_answers(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct result run = cli(home, "run", "--detached", "disk.img");
	assert_int_equal(run.status, 0);
	assert_non_null(strstr(run.err, "paddock attach disk.img"));
	result_finish(&run);
	wait_for_output(home, "running", "ls");
	pid_t qemu = home_pid(home, PID);
	assert_true(process_alive(qemu));
	assert_int_not_equal(getsid(qemu), getsid(0));
	struct tty *tty = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait(tty, GREETING);
	tty_type(tty, "!exit 3\r");
	assert_int_equal(tty_wait_end(tty), 3);
	tty_close(tty);
	process_wait_gone(qemu);
}

/* Far more than a plan is otherwise. */
static void metadata_may_be_large(void **state)
{
	struct home *home = *state;
	struct stat iso;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/data", "");
	assert_int_equal(truncate(home_path(home, "vm/data"), 40 << 20), 0);
	expect(home, 0, "run", "--detached", "--data-file", "data", "disk.img");
	assert_int_equal(stat(home_path(home, "vm/disk.img-state/data.iso"), &iso), 0);
	assert_true(iso.st_size > 40 << 20);
}

static void detached_tells_of_a_qemu_that_fails(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "stderr=qemu: no such luck,exit=4");
	struct result run = cli(home, "run", "--detached", "disk.img");
	assert_int_equal(run.status, 1);
	assert_non_null(strstr(run.err, "qemu: no such luck"));
	result_finish(&run);
}

static void sigterm_to_run_leaves_no_qemu_behind(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	struct tty *tty = tty_open(home, 24, 80, "run", "disk.img");
	tty_wait(tty, GREETING);
	pid_t qemu = home_pid(home, PID);
	assert_true(process_alive(qemu));
	kill(tty_pid(tty), SIGTERM);
	tty_wait_end(tty);
	tty_close(tty);
	process_wait_gone(qemu);
	wait_until_gone(home, "disk.img");
}

static void with_a_window_the_serial_console_is_still_here(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	struct tty *tty = tty_open(home, 24, 80, "run", "--mem", "64", "--gui", "--arg=-display", "--arg=none", "tiny.img");
	tty_wait(tty, "tiny>");
	tty_type(tty, "n\r");
	tty_wait(tty, "2 bytes typed");
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_window_that_cannot_be_opened_is_told_in_qemus_words(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_set(home, "DISPLAY", NULL);
	home_set(home, "WAYLAND_DISPLAY", NULL);
	/* Whether QEMU has no GTK or GTK no display, the reason has its name. */
	struct result run = cli(home, "run", "--gui", "--arg=-display", "--arg=gtk", "tiny.img");
	assert_int_equal(run.status, 1);
	assert_non_null(strstr(last_line(&run), "gtk"));
	result_finish(&run);
}

static void several_are_started_and_a_wrong_name_starts_none(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/a.img");
	home_write(home, "vm/b.img", HOME_DISK);
	expect_refused(home, WORDS("nobody"), "start", "a.img", "b.img", "nobody");
	wait_until_gone(home, "a.img");
	expect(home, 0, "start", "a.img", "b.img");
	wait_for_output(home, "a.img", "ls");
	wait_for_output(home, "b.img", "ls");
	expect(home, 0, "kill", "a.img", "b.img");
	expect(home, 2, "start");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(several_are_started_and_a_wrong_name_starts_none),
		story(qemu_img_says_itself_why_a_disk_cannot_be_made),
		story(a_disk_that_is_made_is_told_as_a_step),
		story(a_disk_that_is_there_is_never_made_again),
		story(the_program_that_was_named_is_the_one_that_runs),
		story(detached_leaves_the_vm_and_returns_when_it_answers),
		story(metadata_may_be_large),
		story(detached_tells_of_a_qemu_that_fails),
		story(sigterm_to_run_leaves_no_qemu_behind),
		story(with_a_window_the_serial_console_is_still_here),
		story(a_window_that_cannot_be_opened_is_told_in_qemus_words),
	};

	return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
