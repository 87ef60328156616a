/* SPDX-License-Identifier: MIT */
/* What runs and cannot be reached as it should: keepers that hang or are gone, entries that are missing. */
#include "e2e/cli.h"
#include "e2e/home.h"

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
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

static void a_keeper_that_does_not_answer_is_named(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	pid_t keeper = process_parent(home_pid(home, "vm/disk.img-state/qemu.pid"));
	assert_int_equal(kill(keeper, SIGSTOP), 0);
	expect_refused(home, WORDS("does not answer", "kill -9"), "stop", "--timeout", "1", "disk.img");
	expect_refused(home, WORDS("does not answer", "kill -9"), "kill", "disk.img");
	assert_int_equal(kill(keeper, SIGCONT), 0);
	expect(home, 0, "kill", "disk.img");
}

/* As when somebody clears ~/.local/state: "not running" would be wrong, and 0 of stop a lie. */
static void what_runs_without_its_entry_is_told_from_what_is_off(void **state)
{
	struct home *home = *state;
	char pid[32];

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	pid_t qemu = home_pid(home, "vm/disk.img-state/qemu.pid");
	pid_t keeper = process_parent(qemu);
	snprintf(pid, sizeof(pid), "(pid %d)", (int)keeper);
	assert_int_equal(rename(home_path(home, "state/paddock/run"), home_path(home, "moved")), 0);
	expect_refused(home, WORDS("not registered", pid), "stop", "disk.img");
	expect_refused(home, WORDS("not registered", pid), "attach", "disk.img");
	expect_refused(home, WORDS("in use by", pid), "start", "disk.img");
	kill(keeper, SIGTERM);
	process_wait_gone(qemu);
	long end = now_ms() + E2E_DEADLINE;
	while (home_children() > 0)
		assert_true(now_ms() < end);
	expect(home, 0, "stop", "disk.img");
}

static void a_keeper_without_its_socket_is_no_reason_to_run_on(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[vm]\nuuid = 11111111-2222-4333-8444-555555555555\n[boot]\nimage = @/disk.img\n");
	expect(home, 0, "start", "web");
	pid_t qemu = home_pid(home, "vm/disk.img-state/qemu.pid");
	assert_int_equal(unlink(home_path(home, "state/paddock/run/11111111-2222-4333-8444-555555555555.sock")), 0);
	expect_refused(home, WORDS("web cannot be reached", "paddock kill"), "stop", "web");
	expect(home, 0, "kill", "web");
	process_wait_gone(qemu);
}

/* The record of a keeper is only a file. */
static void a_registry_entry_without_a_state_directory_harms_nothing(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[vm]\nuuid = 11111111-2222-4333-8444-555555555555\n[boot]\nimage = @/disk.img\n");
	expect(home, 0, "start", "web");
	home_write(home, "state/paddock/run/11111111-2222-4333-8444-555555555555.ini", "[vm]\nname = web\nkind = profile\n");
	expect(home, 0, "ls");
	expect(home, 0, "ls", "--json");
	expect(home, 0, "stats", "web");
	expect_refused(home, WORDS("does not say where its state directory is"), "port", "web", "add", "127.0.0.1:48180:80");
	expect_refused(home, WORDS("does not say where its state directory is"), "disk", "web");
	expect_refused(home, WORDS("not known"), "diff", "web");
	expect(home, 0, "stop", "--force", "--timeout", "0", "web");
}

static void a_qemu_without_its_keeper_is_ended_by_force(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_set(home, "FAKE_QEMU", "stubborn");
	for (int waits = 0; waits < 2; waits++) {
		expect(home, 0, "start", "disk.img");
		pid_t qemu = home_pid(home, "vm/disk.img-state/qemu.pid");
		pid_t keeper = process_parent(qemu);

		kill(keeper, SIGKILL);
		process_wait_gone(keeper);
		expect_refused(home, WORDS("outlived its keeper", "paddock kill"), "start", "disk.img");
		expect_refused(home, WORDS("outlived its keeper", "paddock kill"), "stop", "disk.img");
		/* What it wrote about itself is not what finds it. */
		assert_int_equal(unlink(home_path(home, "vm/disk.img-state/qemu.pid")), 0);
		assert_int_equal(kill(qemu, 0), 0);
		if (waits)
			expect(home, 0, "stop", "--force", "--timeout", "1", "disk.img");
		else
			expect(home, 0, "kill", "disk.img");
		process_wait_gone(qemu);
	}
	home_set(home, "FAKE_QEMU", NULL);
	expect(home, 0, "start", "disk.img");
	expect(home, 0, "kill", "disk.img");
}

/* It holds the lock, but its arguments do not say that it is the machine's QEMU; qemu.pid does. */
static void another_process_is_never_killed(void **state)
{
	struct home *home = *state;
	char number[32];

	home_fake_qemu(home, "vm/disk.img");
	expect(home, 0, "start", "disk.img");
	expect(home, 0, "kill", "disk.img");

	int lock = open(home_path(home, "vm/disk.img-state/lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX), 0);
	pid_t other = fork();

	if (other == 0) {
		dup2(lock, 4);
		execlp("sleep", "sleep", "600", NULL);
		_exit(127);
	}
	snprintf(number, sizeof(number), "%d\n", (int)other);
	home_write(home, "vm/disk.img-state/qemu.pid", number);
	expect_refused(home, WORDS("in use by"), "kill", "disk.img");
	assert_int_equal(kill(other, 0), 0);
	assert_int_equal(waitpid(other, NULL, WNOHANG), 0);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	close(lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_keeper_that_does_not_answer_is_named),
		story(what_runs_without_its_entry_is_told_from_what_is_off),
		story(a_keeper_without_its_socket_is_no_reason_to_run_on),
		story(a_registry_entry_without_a_state_directory_harms_nothing),
		story(a_qemu_without_its_keeper_is_ended_by_force),
		story(another_process_is_never_killed),
	};

	return cmocka_run_group_tests_name("what cannot be reached", tests, NULL, NULL);
}
