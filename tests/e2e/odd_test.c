/* SPDX-License-Identifier: MIT */
/* Odd places, odd names and odd moments for the command line, around the fake QEMU. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <cmocka.h>

#define PROFILE "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/web-state\n"
#define GREETING "fake guest ready"

/* `paddock WORDS`, as a shell that redirects takes it. */
static struct result in_shell(struct home *home, const char *words)
{
	char script[4096];

	snprintf(script, sizeof(script), "'%s' %s", need_env("PADDOCK"), words);
	return cli_run(home, NULL, (const char *const[]){ "/bin/sh", "-c", script, NULL });
}

static void expect_in_shell(struct home *home, int status, const char *said, const char *words)
{
	struct result result = in_shell(home, words);

	if (result.status != status || !strstr(result.err, said))
		fail_msg("%s: status %d, %s%s", words, result.status, result.out, result.err);
	result_finish(&result);
}

static void closed_descriptors_are_not_taken_for_those_of_others(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect_in_shell(home, 0, "", "start disk.img <&- >&- 2>&-");
	expect_in_shell(home, 0, "", "attach disk.img <&- >&- 2>&-");
	expect_in_shell(home, 0, "keeps running", "run --state other disk.img <&- >&-");
	expect_in_shell(home, 1, "cannot write to", "ls >&-");
	wait_for_output(home, "running", "ls");
}

static void a_list_that_could_not_be_written_is_a_failure(void **state)
{
	struct home *home = *state;

	home_profile(home, "web", PROFILE);
	expect_in_shell(home, 1, "paddock: ", "ls >/dev/full");
	expect_in_shell(home, 1, "paddock: ", "ls --json >/dev/full");
	expect_in_shell(home, 1, "paddock: ", "--help >/dev/full");
	home_fake_qemu(home, "vm/disk.img");
	expect_in_shell(home, 1, "standard output: No space left on device", "run disk.img </dev/null >/dev/full");
	expect_in_shell(home, 1, "standard output: No space left on device", "attach disk.img </dev/null >/dev/full");
	wait_for_output(home, GREETING, "log", "disk.img");
	expect_in_shell(home, 1, "standard output: No space left on device", "log disk.img >/dev/full");
	expect_refused(home, WORDS("no log from 1 boot ago"), "log", "--boot", "1", "disk.img");
}

/* As bash's --data-file <(make-config) has it. */
static void metadata_may_come_from_a_pipe(void **state)
{
	struct home *home = *state;
	char script[4096];

	home_fake_qemu(home, "vm/disk.img");
	snprintf(script, sizeof(script), "printf 'piped words' | '%s' run --detached --data-file /dev/stdin disk.img && "
	         "grep -a -o 'piped words' disk.img-state/data.iso", need_env("PADDOCK"));
	struct result result = cli_run(home, NULL, (const char *const[]){ "/bin/sh", "-c", script, NULL });
	if (result.status != 0 || strcmp(result.out, "piped words\n") != 0)
		fail_msg("status %d, %s%s", result.status, result.out, result.err);
	result_finish(&result);
	snprintf(script, sizeof(script), "printf 'a\\0b' | '%s' run --detached --data-file /dev/stdin --state zero disk.img && "
	         "grep -a -c -P 'a\\x00b' zero/data.iso", need_env("PADDOCK"));
	result = cli_run(home, NULL, (const char *const[]){ "/bin/sh", "-c", script, NULL });
	assert_int_equal(result.status, 0);
	result_finish(&result);
}

/* Half a minute without a word would look like a hang. */
static void stop_says_on_a_terminal_what_it_waits_for(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	struct tty *tty = tty_open(home, 24, 80, "stop", "disk.img");
	tty_wait(tty, "waiting up to 30 s");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	struct result quiet = cli(home, "stop", "disk.img");
	assert_string_equal(quiet.err, "paddock: disk.img is not running\n");
	result_finish(&quiet);
}

static void assert_harmless(const struct result *result)
{
	for (const char *p = result->out; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
	for (const char *p = result->err; *p; p++)
		assert_true(*p == '\n' || (unsigned char)*p >= ' ');
}

static void json_on_a_terminal_is_ascii(void **state)
{
	struct home *home = *state;

	home_profile(home, "web", "[boot]\nimage = @/\xc2\x9b\xe2\x80\xae.img\n");
	struct tty *tty = tty_open(home, 24, 200, "ls", "--json");
	tty_wait(tty, "vm/\\u009B\\u202E.img");
	tty_close(tty);
}

static void a_name_never_reaches_the_terminal_as_it_is(void **state)
{
	static const char name[] = "a\033[31m\007\nb.img";
	static const char *const words[][2] = { { "start", name }, { "start", "no\033such" }, { "run", "no\033such" },
		{ "check", name }, { "ls", NULL }, { "log", "no\033such" }, { "frob\033", "x" }, { "stop", name } };
	struct home *home = *state;

	home_fake_qemu(home, "vm/a\033[31m\007\nb.img");
	home_profile(home, "bad\033[31m", PROFILE);
	struct result explained = cli(home, "argv", "--explain", name);
	assert_harmless(&explained);
	result_finish(&explained);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct result result = cli(home, words[i][0], words[i][1]);

		assert_harmless(&result);
		result_finish(&result);
	}
}

static void a_profile_that_broke_while_its_vm_runs_can_be_left_and_stopped(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "web");
	home_profile(home, "web", "[vm\n");
	wait_for_output(home, "running", "ls");
	expect_refused(home, WORDS("line 1"), "check", "web");
	expect_refused(home, WORDS("line 1"), "argv", "web");
	struct tty *attach = tty_open(home, 24, 80, "attach", "web");
	tty_wait(attach, GREETING);
	expect(home, 0, "stop", "web");
	assert_int_equal(tty_wait_end(attach), 0);
	tty_close(attach);
	expect_refused(home, WORDS("line 1"), "argv", "web");
	expect_refused(home, WORDS("line 1"), "start", "web");
	wait_for_output(home, "\"why\": \"line 1: ", "ls", "--json");
}

/* The profile's row says which VM it is; its copy has the same UUID and another state directory. */
static void a_copied_profile_is_not_the_one_that_runs(void **state)
{
	static const char same[] = "[vm]\nuuid = 11111111-2222-4333-8444-555555555555\n[boot]\nimage = @/disk.img\n";
	struct home *home = *state;
	char ini[512];

	home_fake_qemu(home, "vm/disk.img");
	snprintf(ini, sizeof(ini), "%s[state]\ndirectory = @/a-state\n", same);
	home_profile(home, "a-copy", ini);
	home_profile(home, "web", same);
	expect(home, 0, "start", "web");
	struct result list = cli(home, "ls");
	const char *copy = strstr(list.out, "\na-copy "), *web = strstr(list.out, "\nweb ");
	assert_non_null(copy);
	assert_non_null(web);
	if (!strstr(web, "running") || strstr(copy, "running") < web)
		fail_msg("the wrong one runs:\n%s", list.out);
	result_finish(&list);
}

/* What another program started has no keeper, but it runs: its qemu.pid says so. */
static void what_another_program_runs_is_not_listed_as_off(void **state)
{
	struct home *home = *state;
	const char *file = home_path(home, "vm/web-state/qemu.pid");
	char number[16];
	int hold[2];

	home_write(home, "vm/disk.img", HOME_DISK);
	home_profile(home, "web", PROFILE);
	home_write(home, "vm/web-state/uuid", "");
	assert_int_equal(pipe(hold), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(hold[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", "read word; :", "qemu", "-pidfile", file, NULL);
		_exit(127);
	}
	snprintf(number, sizeof(number), "%d\n", (int)pid);
	home_write(home, "vm/web-state/qemu.pid", number);
	wait_for_output(home, "running", "ls");
	assert_int_equal(kill(pid, SIGKILL), 0);
	wait_for_output(home, "off", "ls");
	close(hold[0]);
	close(hold[1]);
}

/* Much more than may wait for a guest: it is read no faster than the guest takes it, and to its end. */
static void a_file_is_typed_as_fast_as_the_guest_reads(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	struct result result = in_shell(home, "attach disk.img <<EOF\n$(seq 60000)\n!poweroff\nEOF");
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.out, "60000"));
	result_finish(&result);
	wait_until_gone(home, "disk.img");
}

/* Beside it nothing can be written: its state is elsewhere, and is looked for there. */
static void an_image_among_others_files_has_a_log_and_a_last_run(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/fixed/disk.img");
	home_without_root(home);
	assert_int_equal(chmod(home_path(home, "vm/fixed"), 0555), 0);
	expect(home, 0, "start", "fixed/disk.img");
	struct tty *attach = tty_open(home, 24, 80, "attach", "fixed/disk.img");
	tty_wait(attach, GREETING);
	tty_type(attach, "!exit 3\r");
	assert_int_equal(tty_wait_end(attach), 3);
	tty_close(attach);
	wait_for_output(home, GREETING, "log", "fixed/disk.img");
	struct tty *screen = tty_open(home, 24, 80, ".");
	tty_wait(screen, "disk.img");
	tty_type(screen, "5");
	tty_wait(screen, "ended with status 3");
	tty_wait(screen, GREETING);
	tty_close(screen);
	assert_int_equal(chmod(home_path(home, "vm/fixed"), 0755), 0);
}

static void every_subcommand_tells_how_it_is_used(void **state)
{
	static const char *const commands[] = { "run", "start", "attach", "stop", "restart", "kill", "pause", "resume", "reset", "ls",
		"log", "argv", "check", "reset-uefi", "help" };
	struct home *home = *state;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char usage[64];
		struct result help = cli(home, commands[i], "--help");

		snprintf(usage, sizeof(usage), "usage: paddock %s", commands[i]);
		assert_int_equal(help.status, 0);
		assert_non_null(strstr(help.out, usage));
		struct result same = cli(home, "help", commands[i]);
		assert_int_equal(same.status, 0);
		assert_string_equal(same.out, help.out);
		result_finish(&same);
		result_finish(&help);
	}
	struct result stop = cli(home, "help", "stop");
	assert_non_null(strstr(stop.out, "--timeout SECONDS  "));
	result_finish(&stop);
	expect(home, 2, "help", "strt");
	expect(home, 0, "-version");
	expect(home, 2, "--verson");
	expect_refused(home, WORDS("NAME is empty"), "start", "");
}

static void a_word_that_is_no_directory_is_refused(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect_refused(home, WORDS("strat", "did you mean start?"), "strat", "web");
	expect_refused(home, WORDS("paddock run disk.img"), "disk.img");
	expect_refused(home, WORDS("ps", "did you mean ls?"), "ps");
	expect_refused(home, WORDS("destroy", "did you mean kill?"), "destroy", "web");
	expect_refused(home, WORDS("is not a directory"), "");
}

static void options_may_stand_behind_the_name(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	expect(home, 0, "start", "--", "web");
	expect(home, 0, "stop", "web", "-force", "--timeout", "0");
	struct result lines = cli(home, "argv", "web", "--lines");
	assert_int_equal(lines.status, 0);
	assert_non_null(strstr(lines.out, "\n-name\nweb\n"));
	result_finish(&lines);
	/* That is the value of an option of `run`. */
	struct result value = cli(home, "argv", "disk.img", "--arg", "--lines");
	assert_int_equal(value.status, 0);
	assert_non_null(strstr(value.out, " --lines\n"));
	result_finish(&value);
	struct result wrong = cli(home, "stop", "web", "--forse");
	assert_int_equal(wrong.status, 2);
	assert_non_null(strstr(wrong.err, "did you mean --force?"));
	result_finish(&wrong);
}

static void type_in_locale(struct home *home, const char *locale)
{
	home_set(home, "LC_ALL", locale);
	struct tty *tty = tty_open(home, 24, 80, ".");
	tty_wait(tty, "disk.img");
	tty_type(tty, "\r");
	/* The Overview may still show what the VM before has said last. */
	tty_wait(tty, "Ctrl-g d list");
	tty_wait(tty, GREETING);
	tty_type(tty, "a\303\251\346\274\242\360\237\230\200z\r");
	wait_for_output(home, "a\303\251\346\274\242\360\237\230\200z", "log", "disk.img");
	/* Not UTF-8: Latin-1, and the letter behind it is not lost. */
	tty_type(tty, "b\351y\r");
	wait_for_output(home, "b\303\251y", "log", "disk.img");
	/* In two pieces. */
	tty_type(tty, "c");
	tty_type(tty, "\303");
	tty_type(tty, "\251x\r");
	wait_for_output(home, "c\303\251x", "log", "disk.img");
	expect(home, 0, "kill", "disk.img");
	tty_close(tty);
}

static void what_is_typed_into_the_guest_arrives_in_every_locale(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	type_in_locale(home, "C.UTF-8");
	type_in_locale(home, "C");
}

static void what_runs_can_be_stopped_when_no_profile_can_be_read(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	rmdir(home_path(home, "config/paddock/vms"));
	home_write(home, "config/paddock/vms", "in the way");
	expect_refused(home, WORDS("paddock/vms"), "start", "web");
	expect(home, 0, "stop", "disk.img");
}

static void a_prefix_that_is_none_is_said(void **state)
{
	struct home *home = *state;

	home_write(home, "config/paddock/paddock.ini", "[keys]\nprefix = abc\n");
	expect_in_shell(home, 0, "keys.prefix: 'abc'", "ls");
	home_write(home, "config/paddock/paddock.ini", "[keys]\nprefix = C-m\n");

	struct tty *screen = tty_open(home, 24, 80, ".");
	tty_wait(screen, "keys.prefix: 'C-m'");
	tty_close(screen);
}

static void a_log_in_two_parts_is_shown_whole(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/disk.img-state/console.older.log", "first ");
	home_write(home, "vm/disk.img-state/console.log", "second");
	home_write(home, "vm/disk.img-state/console.2.log", "long ago");
	struct result log = cli(home, "log", "disk.img");
	assert_string_equal(log.out, "first second");
	result_finish(&log);
	log = cli(home, "log", "--boot", "2", "disk.img");
	assert_string_equal(log.out, "long ago");
	result_finish(&log);
}

/* A query in it would be answered to the shell, as if it were typed. */
static void a_log_on_a_terminal_asks_it_nothing(void **state)
{
	static const char said[] = "one \033[6ntwo\033[?1049h\033[31mthree\r\n";
	struct home *home = *state;
	size_t len;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/disk.img-state/console.log", said);
	struct result log = cli(home, "log", "disk.img");
	assert_string_equal(log.out, said);
	result_finish(&log);
	struct tty *tty = tty_open(home, 24, 80, "log", "disk.img");
	assert_int_equal(tty_wait_end(tty), 0);
	const char *bytes = tty_bytes(tty, &len);
	assert_non_null(memmem(bytes, len, "one two", 7));
	assert_non_null(memmem(bytes, len, "\033[?1049l\033[0m", 12));
	tty_close(tty);
	/* A prompt is at its end: the shell's goes below it. */
	home_write(home, "vm/disk.img-state/console.log", "login: ");
	tty = tty_open(home, 24, 80, "log", "disk.img");
	assert_int_equal(tty_wait_end(tty), 0);
	bytes = tty_bytes(tty, &len);
	assert_int_equal(bytes[len - 1], '\n');
	tty_close(tty);
}

static void stop_and_continue(struct tty *tty)
{
	tty_wait_for(tty, tty_is_raw, NULL, "the terminal is raw");
	assert_int_equal(kill(tty_pid(tty), SIGSTOP), 0);
	process_wait_stopped(tty_pid(tty));
	tty_cook(tty);
	assert_int_equal(kill(tty_pid(tty), SIGCONT), 0);
	tty_wait_for(tty, tty_is_raw, NULL, "the terminal is raw again");
}

/* SIGSTOP cannot be caught: nothing was given back, and the shell's `fg` leaves the terminal as the shell had it. */
static void who_was_stopped_takes_the_terminal_back(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	struct tty *tty = tty_open(home, 24, 80, "attach", "disk.img");
	tty_wait(tty, GREETING);
	stop_and_continue(tty);
	tty_type(tty, "\007d");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	tty = tty_open(home, 24, 80, ".");
	tty_wait(tty, "disk.img");
	stop_and_continue(tty);
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_terminal_without_a_cursor_is_refused(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	home_set(home, "TERM", "dumb");
	tty = tty_open(home, 24, 80, ".");
	tty_wait(tty, "cannot move the cursor");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(closed_descriptors_are_not_taken_for_those_of_others),
		story(a_list_that_could_not_be_written_is_a_failure),
		story(metadata_may_come_from_a_pipe),
		story(stop_says_on_a_terminal_what_it_waits_for),
		story(a_name_never_reaches_the_terminal_as_it_is),
		story(json_on_a_terminal_is_ascii),
		story(a_profile_that_broke_while_its_vm_runs_can_be_left_and_stopped),
		story(a_copied_profile_is_not_the_one_that_runs),
		story(what_another_program_runs_is_not_listed_as_off),
		story(a_file_is_typed_as_fast_as_the_guest_reads),
		story(an_image_among_others_files_has_a_log_and_a_last_run),
		story(a_word_that_is_no_directory_is_refused),
		story(options_may_stand_behind_the_name),
		story(what_is_typed_into_the_guest_arrives_in_every_locale),
		story(what_runs_can_be_stopped_when_no_profile_can_be_read),
		story(a_prefix_that_is_none_is_said),
		story(a_log_in_two_parts_is_shown_whole),
		story(a_log_on_a_terminal_asks_it_nothing),
		story(who_was_stopped_takes_the_terminal_back),
		story(a_terminal_without_a_cursor_is_refused),
		story(every_subcommand_tells_how_it_is_used),
	};

	return cmocka_run_group_tests_name("odd", tests, NULL, NULL);
}
