/* SPDX-License-Identifier: MIT */
/* Several VMs at once: stop, restart, kill, pause, resume and reset, with guests and QEMUs that do not listen. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Starts a VM of the fake QEMU, with these words for it. Returns the pid of QEMU. */
static pid_t start_fake(struct home *home, const char *name, const char *words)
{
	char ini[256], pid[64];

	snprintf(ini, sizeof(ini), "[boot]\nimage = @/%s.img\n[state]\ndirectory = @/%s-state\n", name, name);
	snprintf(pid, sizeof(pid), "vm/%s.img", name);
	home_fake_qemu(home, pid);
	home_profile(home, name, ini);
	home_set(home, "FAKE_QEMU", words);
	expect(home, 0, "start", name);
	home_set(home, "FAKE_QEMU", NULL);
	snprintf(pid, sizeof(pid), "vm/%s-state/qemu.pid", name);
	return home_pid(home, pid);
}

static void assert_asked_by(struct home *home, const char *name, const char *who)
{
	char path[64], line[64];

	snprintf(path, sizeof(path), "vm/%s-state/last-run.ini", name);
	snprintf(line, sizeof(line), "asked-by = %s\n", who);
	char *text = home_read(home, path);
	if (!text || !strstr(text, line))
		fail_msg("no %s in %s: %s", line, path, text ? text : "");
	free(text);
}

static void one_that_does_not_react_does_not_keep_the_others(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", NULL), db = start_fake(home, "db", "deaf"), log = start_fake(home, "log", NULL);

	expect_refused(home, WORDS("db does not react to the power button"), "stop", "--timeout", "1", "web", "db", "log");
	process_wait_gone(web);
	process_wait_gone(log);
	assert_true(process_alive(db));
	assert_asked_by(home, "web", "powerdown");
	expect(home, 0, "kill", "db");
	process_wait_gone(db);
}

static void a_qemu_that_is_suspended_is_not_taken_for_its_keeper(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", NULL);

	assert_int_equal(kill(web, SIGSTOP), 0);
	process_wait_stopped(web);
	expect_refused(home, WORDS("web: QEMU does not answer"), "pause", "web");
	expect(home, 0, "kill", "web");
	process_wait_gone(web);
}

static void a_wrong_name_stops_nothing(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", NULL);
	static const char *const commands[] = { "stop", "restart", "kill", "pause", "reset" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		expect_refused(home, WORDS("'wob' is not a profile"), commands[i], "web", "wob");
	assert_true(process_alive(web));
	wait_for_output(home, "running", "ls");
	expect(home, 2, "stop");
	expect(home, 2, "stop", "--all", "web");
	/* The same VM twice is one. */
	expect(home, 0, "stop", "web", "web-state");
	process_wait_gone(web);
}

static void all_are_those_that_run(void **state)
{
	struct home *home = *state;
	static const char *const commands[] = { "stop", "restart", "kill", "pause", "resume", "reset" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct result nothing = cli(home, commands[i], "--all");

		assert_int_equal(nothing.status, 0);
		assert_string_equal(nothing.err, "paddock: no VM is running\n");
		result_finish(&nothing);
	}
	pid_t web = start_fake(home, "web", NULL), db = start_fake(home, "db", NULL);
	home_profile(home, "off", "[boot]\nimage = @/web.img\n");
	expect(home, 0, "stop", "--all");
	process_wait_gone(web);
	process_wait_gone(db);
}

static void force_goes_on_to_the_next_step(void **state)
{
	static const struct {
		const char *words, *asked_by, *says;
	} rows[] = {
		{ NULL, "powerdown", NULL },
		{ "deaf", "quit", NULL },
		{ "deaf,noquit", "quit", "signal = 15\n" },
		{ "deaf,noquit,stubborn", "kill", "signal = 9\n" },
	};
	struct home *home = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pid_t web = start_fake(home, "web", rows[i].words);

		expect(home, 0, "stop", "--force", "--timeout", "1", "web");
		process_wait_gone(web);
		assert_asked_by(home, "web", rows[i].asked_by);
		char *run = home_read(home, "vm/web-state/last-run.ini");
		assert_true(!rows[i].says || strstr(run, rows[i].says));
		free(run);
	}
}

static void force_asks_an_agent_before_it_quits(void **state)
{
	struct home *home = *state;

	/* Paddock gives this port only to a QEMU that has the device. */
	home_fake_qemu(home, "vm/web.img");
	home_profile(home, "web", "[boot]\nimage = @/web.img\n[state]\ndirectory = @/web-state\n"
	             "[qemu]\narg = -chardev\narg = socket,id=paddock-agent,fd=5\n");
	home_set(home, "FAKE_QEMU", "deaf");
	expect(home, 0, "start", "web");
	pid_t web = home_pid(home, "vm/web-state/qemu.pid");
	struct tty *attach = tty_open(home, 24, 80, "attach", "web");
	tty_wait(attach, "fake guest ready");
	tty_type(attach, "!agent 1\r");
	tty_wait(attach, "agent's port 1");
	expect(home, 0, "stop", "--force", "--timeout", "2", "web");
	process_wait_gone(web);
	tty_close(attach);
	char *run = home_read(home, "vm/web-state/last-run.ini");
	assert_non_null(strstr(run, "reason = guest-shutdown\n"));
	free(run);
}

static void each_step_is_shown_on_a_terminal(void **state)
{
	struct home *home = *state;

	start_fake(home, "web", "deaf,noquit");
	struct tty *tty = tty_open(home, 24, 80, "stop", "--force", "--timeout", "1", "web");
	tty_wait(tty, "web: power button pressed; waiting up to 1 s");
	tty_wait(tty, "web: QEMU asked to quit; waiting up to 1 s");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void to_kill_all_somebody_must_say_yes(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", NULL), db = start_fake(home, "db", NULL);

	expect_refused(home, WORDS("kill --all needs --yes"), "kill", "--all");
	expect_refused(home, WORDS("reset --all needs --yes"), "reset", "--all");
	struct tty *tty = tty_open(home, 24, 80, "kill", "--all");
	tty_wait(tty, "Kill 2 VMs (db, web)?");
	tty_type(tty, "\n");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
	assert_true(process_alive(web));
	tty = tty_open(home, 24, 80, "kill", "--all");
	tty_wait(tty, "Kill 2 VMs (db, web)?");
	tty_type(tty, "y\n");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	process_wait_gone(web);
	process_wait_gone(db);
	web = start_fake(home, "web", NULL);
	expect(home, 0, "kill", "--all", "--yes");
	process_wait_gone(web);
}

static void pause_resume_and_reset_are_commands(void **state)
{
	struct home *home = *state;

	start_fake(home, "web", "deaf");
	start_fake(home, "db", NULL);
	expect(home, 0, "pause", "web", "db");
	wait_for_output(home, "paused", "ls");
	expect_refused(home, WORDS("web is paused and cannot react to the power button"), "stop", "--timeout", "1", "web");
	expect(home, 0, "resume", "--all");
	expect(home, 0, "reset", "web");
	wait_for_output(home, "reset", "log", "web");
	expect(home, 0, "kill", "web");
	expect_refused(home, WORDS("web is not running"), "pause", "web", "db");
	wait_for_output(home, "paused", "ls");
	expect(home, 0, "kill", "db");
}

static void a_restart_takes_the_profile_as_it_is_now(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", NULL), db = start_fake(home, "db", NULL);

	home_profile(home, "web", "[boot]\nimage = @/web.img\n[vm]\nmemory = 321\n[state]\ndirectory = @/web-state\n");
	expect(home, 0, "restart", "web", "db");
	process_wait_gone(web);
	process_wait_gone(db);
	char *now = process_arguments(home_pid(home, "vm/web-state/qemu.pid"));
	assert_non_null(strstr(now, "321"));
	free(now);
	assert_true(process_alive(home_pid(home, "vm/db-state/qemu.pid")));

	/* Whose start would fail is not stopped. */
	web = home_pid(home, "vm/web-state/qemu.pid");
	home_profile(home, "web", "[boot]\nimage = @/web.img\n[vm]\nmemory = lots\n[state]\ndirectory = @/web-state\n");
	struct result refused = cli(home, "restart", "db", "web");
	assert_int_equal(refused.status, 1);
	assert_non_null(strstr(refused.err, "nothing was stopped"));
	result_finish(&refused);
	assert_true(process_alive(web));
	expect(home, 0, "kill", "--all", "--yes");
}

static void a_restart_without_a_profile_keeps_the_options(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "run", "--detached", "--mem", "321", "disk.img");
	pid_t before = home_pid(home, "vm/disk.img-state/qemu.pid");
	expect(home, 0, "restart", "--all");
	process_wait_gone(before);
	char *now = process_arguments(home_pid(home, "vm/disk.img-state/qemu.pid"));
	assert_non_null(strstr(now, "321"));
	free(now);
	expect(home, 0, "kill", "disk.img");
	/* One that is off just starts. */
	expect(home, 0, "restart", "disk.img");
	expect(home, 0, "kill", "disk.img");
}

static void a_restart_that_is_not_obeyed_starts_nothing(void **state)
{
	struct home *home = *state;
	pid_t web = start_fake(home, "web", "deaf");

	expect_refused(home, WORDS("web does not react to the power button"), "restart", "--timeout", "1", "web");
	assert_true(process_alive(web));
	expect(home, 0, "restart", "--force", "--timeout", "1", "web");
	process_wait_gone(web);
	expect(home, 0, "kill", "web");
}

static void an_ordinary_user_stops_what_is_theirs(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/web.img");
	home_without_root(home);
	expect(home, 0, "start", "web.img");
	pid_t web = home_pid(home, "vm/web.img-state/qemu.pid");
	kill(process_parent(web), SIGKILL);
	wait_for_output(home, "]", "ls", "--json");
	expect(home, 0, "kill", "web.img");
	process_wait_gone(web);
	expect(home, 0, "start", "web.img");
	expect(home, 0, "stop", "--all");
}

static void a_real_qemu_is_paused_restarted_and_stopped_by_force(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", "[boot]\nimage = @/tiny.img\n[vm]\naccel = tcg\n[state]\ndirectory = @/tiny-state\n");
	expect(home, 0, "start", "tiny");
	pid_t first = home_pid(home, "vm/tiny-state/qemu.pid");
	expect(home, 0, "pause", "tiny");
	wait_for_output(home, "paused", "ls");
	expect(home, 0, "resume", "tiny");
	expect(home, 0, "reset", "tiny");
	/* Its guest does not look at the power button. */
	expect(home, 0, "restart", "--force", "--timeout", "1", "tiny");
	process_wait_gone(first);
	pid_t second = home_pid(home, "vm/tiny-state/qemu.pid");
	expect(home, 0, "stop", "--force", "--timeout", "1", "tiny");
	process_wait_gone(second);
	assert_asked_by(home, "tiny", "quit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(one_that_does_not_react_does_not_keep_the_others),
		story(a_qemu_that_is_suspended_is_not_taken_for_its_keeper),
		story(a_wrong_name_stops_nothing),
		story(all_are_those_that_run),
		story(force_goes_on_to_the_next_step),
		story(force_asks_an_agent_before_it_quits),
		story(each_step_is_shown_on_a_terminal),
		story(to_kill_all_somebody_must_say_yes),
		story(pause_resume_and_reset_are_commands),
		story(a_restart_takes_the_profile_as_it_is_now),
		story(a_restart_without_a_profile_keeps_the_options),
		story(a_restart_that_is_not_obeyed_starts_nothing),
		story(an_ordinary_user_stops_what_is_theirs),
		story(a_real_qemu_is_paused_restarted_and_stopped_by_force),
	};

	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
