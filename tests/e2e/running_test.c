/* SPDX-License-Identifier: MIT */
/* Which machine is which, and what is shown of those that run. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static bool shows_two_running(struct tty *tty, const void *unused)
{
	int rows = 0;

	(void)unused;
	for (int row = 1; row < 24; row++)
		rows += strstr(tty_row(tty, row), "\xe2\x97\x8f") != NULL;
	return rows >= 2;
}

/* An image names the machine in its own state directory; of others it must be said which. */
static void of_two_machines_of_one_image_none_is_stopped_by_its_name(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--state", "a", "disk.img");
	expect(home, 0, "kill", "disk.img");
	expect(home, 0, "run", "--detached", "--state", "a", "disk.img");
	expect(home, 0, "run", "--detached", "--state", "b", "disk.img");
	expect_refused(home, WORDS("more than one running VM matches disk.img", "vm/a)", "vm/b)"), "kill", "disk.img");
	expect_refused(home, WORDS("more than one running VM matches ../vm/disk.img"), "attach", "../vm/disk.img");

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, "2 running");
	tty_wait_for(screen, shows_two_running, NULL, "two rows that say running");
	tty_close(screen);
	expect(home, 0, "kill", "a");
	expect(home, 0, "kill", "disk.img");
}

/* Whoever means the one that is off must not stop the one that runs. */
static void the_name_of_a_machine_that_is_off_stops_no_other(void **state)
{
	struct home *home = *state;
	static const char *const both[] = { "disk.img is ambiguous", "vm/disk.img-state is off", "vm/a)", NULL };

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "disk.img");
	expect(home, 0, "run", "--detached", "--state", "a", "disk.img");
	expect_refused(home, WORDS("more than one running VM matches disk.img", "disk.img-state)", "vm/a)"), "kill", "disk.img");
	expect(home, 0, "kill", "disk.img-state");
	wait_for_output(home, "ready", "log", "disk.img-state");
	expect_refused(home, both, "kill", "disk.img");
	expect_refused(home, both, "attach", "disk.img");
	expect_refused(home, both, "log", "disk.img");
	expect_refused(home, both, "start", "disk.img");
	expect(home, 0, "start", "disk.img-state");
	expect(home, 0, "kill", "a");
	expect(home, 0, "kill", "disk.img");
}

/* A profile and what runs without one can have the same name, or a UUID that begins with the name of the other. */
static void a_word_that_means_a_profile_and_a_running_machine_stops_neither(void **state)
{
	struct home *home = *state;

	assert_int_equal(mkdir(home_path(home, "vm/sub"), 0755), 0);
	home_fake_qemu(home, "vm/disk.img");
	home_fake_qemu(home, "vm/sub/web");
	home_fake_qemu(home, "vm/sub/1234");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/p1\n");
	home_profile(home, "other", "[vm]\nuuid = 12345678-2fa1-11d2-883f-0016d3cca427\n[boot]\nimage = @/disk.img\n"
	             "[state]\ndirectory = @/p2\n");
	expect(home, 0, "start", "web");
	expect(home, 0, "start", "other");
	expect(home, 0, "run", "--detached", "sub/web");
	expect(home, 0, "run", "--detached", "sub/1234");
	expect_refused(home, WORDS("web is ambiguous", "p1)", "web-state)"), "kill", "web");
	expect_refused(home, WORDS("1234 is ambiguous", "p2)", "1234-state)"), "kill", "1234");
	expect(home, 0, "kill", "12345");
	expect(home, 0, "kill", "p1");
	/* Off by now, and the other may be meant. A start means the profile. */
	expect_refused(home, WORDS("web is ambiguous", "web-state)"), "stop", "web");
	expect_refused(home, WORDS("web is ambiguous", "web-state)"), "attach", "web");
	expect(home, 0, "start", "web");
	expect(home, 0, "kill", "p1");
	expect(home, 0, "kill", "sub/web");
	expect(home, 0, "kill", "sub/1234");
	wait_until_gone(home, "1234");
}

/* Of a machine that runs beside its image n makes a profile as it runs, and not of the image's defaults. */
static void new_on_a_row_of_another_state_directory_takes_that_machine(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--state", "other", "--mem", "300", "disk.img");

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, "1 running");
	tty_type(screen, "/other\r");
	tty_wait(screen, "300 MiB");
	tty_type(screen, "n");
	tty_wait(screen, "Name of the new VM");
	tty_type(screen, "\x15" "kept\r");
	tty_wait(screen, "new kept");
	tty_wait(screen, "these are the settings of its last start");
	tty_type(screen, "\x13");
	tty_wait_gone(screen, "new kept");
	tty_close(screen);

	char *profile = home_read(home, "config/paddock/vms/kept.ini");

	assert_non_null(profile);
	assert_non_null(strstr(profile, "memory = 300\n"));
	assert_non_null(strstr(profile, "/vm/disk.img\n"));
	assert_non_null(strstr(profile, "/vm/other\n"));
	free(profile);
	expect(home, 0, "kill", "kept");
}

static void what_runs_is_shown_and_not_the_profile_as_it_is_by_now(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[vm]\nmemory = 256\n[boot]\nimage = @/disk.img\n[network]\npublish = 28230:22\n");
	expect(home, 0, "start", "web");
	home_profile(home, "web", "[vm]\nmemory = 512\n[boot]\nimage = @/disk.img\n[network]\npublish = 28231:22\n");

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, ":28230");
	tty_type(screen, "gj");
	tty_wait(screen, "256 MiB");
	tty_wait(screen, "\xe2\x89\xa0 1 change waits for a restart: memory");
	tty_wait(screen, "\xe2\x89\xa0 1 change can be applied now with A: publish");
	tty_wait(screen, "\xe2\x89\xa0 memory 512 MiB at the next start");
	tty_wait(screen, "running \xe2\x89\xa0");
	tty_wait(screen, "*:28230");
	tty_wait(screen, "\xe2\x89\xa0 publish 28231:22 added at the next start");
	wait_for_output(home, "\"vm.memory\",", "ls", "--json");
	tty_type(screen, "3");
	tty_wait(screen, "memory       256");
	home_profile(home, "web", "[vm]\nmemory = 512\n[boot]\nimage = @/later.img\n[state]\ndirectory = @/disk.img-state\n");
	wait_for_output(home, "/vm/disk.img\"", "ls", "--json");
	home_profile(home, "web", "[vm]\nmemory = 512\n[boot]\nimage = @/disk.img\n[network]\npublish = 28231:22\n");
	tty_type(screen, "4");
	tty_wait(screen, "  256");
	expect(home, 0, "kill", "web");
	tty_type(screen, "1");
	tty_wait(screen, "512 MiB");
	tty_wait_gone(screen, "for a restart");
	wait_for_output(home, "\"pending\": null", "ls", "--json");
	expect(home, 0, "start", "web");
	tty_wait(screen, "*:28231");
	wait_for_output(home, "\"pending\": []", "ls", "--json");
	expect(home, 0, "kill", "web");
	tty_close(screen);
}

static void diff_prints_what_the_next_start_changes(void **state)
{
	struct home *home = *state;
	struct result result;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[vm]\nmemory = 256\n[boot]\nimage = @/disk.img\n[metadata]\ndata = old-secret\n");
	result = cli(home, "diff", "web");
	assert_int_equal(result.status, 2);
	assert_string_equal(result.err, "paddock: web does not run; diff compares a running VM with its profile\n");
	result_finish(&result);
	expect(home, 2, "diff", "nothing");
	expect(home, 2, "diff");
	expect(home, 0, "start", "web");
	expect(home, 0, "diff", "web");
	home_profile(home, "web", "[vm]\nmemory = 512\n[boot]\nimage = @/disk.img\n[network]\npublish = 28233:22\n");
	result = cli(home, "diff", "web");
	assert_int_equal(result.status, 1);
	assert_string_equal(result.out, "--- web: running\n+++ web: next start\n[vm]\n-memory = 256\n+memory = 512\n"
	                    "[network]\n+publish = 28233:22\n[metadata]\n-data = (a text)\n");
	result_finish(&result);

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, "running \xe2\x89\xa0");
	tty_type(screen, "gjD");
	tty_wait(screen, "web: what runs, and the next start");
	tty_wait(screen, "QEMU is started with this size");
	assert_false(tty_shows(screen, "secret"));
	tty_type(screen, "q4");
	tty_wait(screen, "what runs; t shows the next start");
	tty_wait(screen, "  256");
	tty_type(screen, "t");
	tty_wait(screen, "  \xe2\x89\xa0 512");
	tty_close(screen);
	home_profile(home, "web", "[vm]\nmemory\n");
	expect(home, 2, "diff", "web");
	expect(home, 0, "stop", "--force", "web");
	expect(home, 0, "run", "--detached", "disk.img");
	expect(home, 2, "diff", "disk.img");
	expect(home, 0, "stop", "--force", "disk.img");
}

static void what_run_was_told_is_shown_and_can_be_kept(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--mem", "300", "--publish", "28232:22", "disk.img");

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, ":28232");
	tty_type(screen, "gj");
	tty_wait(screen, "300 MiB");
	tty_type(screen, "n\r");
	tty_wait(screen, "28232");
	tty_close(screen);
	expect(home, 0, "kill", "disk.img");

	home_write(home, "vm/sub/here", "");
	expect(home, 0, "run", "--detached", "--save", "kept", "--mem", "300", "--disk", "sub/d.img,size=1M", "disk.img");
	char *profile = home_read(home, "config/paddock/vms/kept.ini");
	assert_non_null(profile);
	assert_non_null(strstr(profile, "memory = 300\n"));
	assert_non_null(strstr(profile, "/vm/sub/d.img,size=1M"));
	free(profile);
	wait_for_output(home, "kept", "ls");
	expect(home, 0, "kill", "kept");
	expect_refused(home, WORDS("a VM named kept already exists"), "run", "--save", "kept", "disk.img");
	expect(home, 2, "argv", "--save", "other", "disk.img");
}

/* What runs in the directory got this option of QEMU's. */
static void assert_runs_with(struct home *home, const char *pid_file, const char *argument, bool with)
{
	char *arguments = process_arguments(home_pid(home, pid_file));

	assert_int_equal(strstr(arguments, argument) != NULL, with);
	free(arguments);
}

static void the_options_of_the_last_start_are_offered_by_start(void **state)
{
	struct home *home = *state;
	struct result result;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--mem", "300", "--data", "hello", "disk.img");
	expect(home, 0, "kill", "disk.img");
	result = cli(home, "start", "--last", "disk.img");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "warning: the last start of disk.img had a --data text, which is not stored"));
	result_finish(&result);
	assert_runs_with(home, "vm/disk.img-state/qemu.pid", "-m 300", true);
	expect(home, 0, "kill", "disk.img");

	struct tty *terminal = tty_open(home, 24, 100, "start", "disk.img");
	tty_wait(terminal, "its last start had --mem=300");
	tty_wait(terminal, "q do not start");
	tty_type(terminal, "q\n");
	assert_int_equal(tty_wait_end(terminal), 1);
	tty_close(terminal);
	terminal = tty_open(home, 24, 100, "start", "disk.img");
	tty_wait(terminal, "q do not start");
	tty_type(terminal, "\n");
	assert_int_equal(tty_wait_end(terminal), 0);
	tty_close(terminal);
	assert_runs_with(home, "vm/disk.img-state/qemu.pid", "-m 300", true);
	expect(home, 0, "kill", "disk.img");

	result = cli(home, "start", "disk.img");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "starts with defaults; its last start had --mem=300 (--last uses that again"));
	result_finish(&result);
	assert_runs_with(home, "vm/disk.img-state/qemu.pid", "-m 300", false);
	expect(home, 0, "kill", "disk.img");

	expect(home, 2, "start", "--last", "--defaults", "disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n");
	expect_refused(home, WORDS("web is a profile and starts with its own settings"), "start", "--last", "web");
}

/* Also of a state directory that is not the image's own. */
static void the_options_of_the_last_start_are_offered_at_enter(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--mem", "300", "disk.img");
	expect(home, 0, "kill", "disk.img");
	expect(home, 0, "run", "--detached", "--state", "other-state", "--mem", "310", "disk.img");
	expect(home, 0, "kill", "other-state");

	struct tty *screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, "disk.img");
	tty_type(screen, "/disk.img\r\r");
	tty_wait(screen, "its last start had --mem=300");
	tty_type(screen, "\r");
	wait_for_output(home, "running", "ls");
	tty_wait(screen, "Ctrl-g d list");
	assert_runs_with(home, "vm/disk.img-state/qemu.pid", "-m 300", true);
	expect(home, 0, "kill", "disk.img-state");
	tty_close(screen);

	screen = tty_open(home, 24, 100, ".");
	tty_wait(screen, "disk.img");
	tty_type(screen, "/other\r");
	tty_wait(screen, "other-state       killed");
	tty_type(screen, "1");
	tty_wait(screen, "boot      ~/vm/disk.img");
	tty_type(screen, "s");
	tty_wait(screen, "its last start had --mem=310");
	tty_type(screen, "d");
	wait_for_output(home, "running", "ls");
	assert_runs_with(home, "vm/other-state/qemu.pid", "-m 310", false);
	tty_close(screen);
	expect(home, 0, "kill", "other-state");
}

static void a_machine_is_the_same_by_any_path(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	assert_int_equal(symlink(home->vm, home_path(home, "link")), 0);
	expect(home, 0, "run", "--detached", "disk.img");
	expect_refused(home, WORDS("is already running"), "run", "--detached", "../link/disk.img");
	wait_for_output(home, "ready", "log", "../link/disk.img");
	expect(home, 0, "kill", "../link/disk.img");
	wait_until_gone(home, "disk.img");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(of_two_machines_of_one_image_none_is_stopped_by_its_name),
		story(the_name_of_a_machine_that_is_off_stops_no_other),
		story(a_word_that_means_a_profile_and_a_running_machine_stops_neither),
		story(new_on_a_row_of_another_state_directory_takes_that_machine),
		story(the_options_of_the_last_start_are_offered_by_start),
		story(the_options_of_the_last_start_are_offered_at_enter),
		story(a_machine_is_the_same_by_any_path),
		story(what_runs_is_shown_and_not_the_profile_as_it_is_by_now),
		story(diff_prints_what_the_next_start_changes),
		story(what_run_was_told_is_shown_and_can_be_kept),
	};

	return cmocka_run_group_tests_name("running", tests, NULL, NULL);
}
