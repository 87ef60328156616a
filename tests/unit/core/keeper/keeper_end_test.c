/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/keeper/run/last_run.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* The keeper has let it in; nothing of what it says is taken. */
static bool greeted(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static void the_last_run_is_kept(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;

	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, rig_sees(&seen, "ready"));
	rig_type(&seen, "!stderr qemu: warning: old machine\n!stderr qemu: out of luck\n!stderr Is it Friday?\n!exit 3\n");
	until(rig, seen.ended);
	assert_true(seen.end.started);
	assert_int_equal(seen.end.status, 3);
	assert_int_equal(seen.end.signal, 0);
	assert_string_equal(seen.reason, "failed");
	assert_string_equal(seen.error, "qemu: out of luck");
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_true(run.ran);
	assert_int_equal(run.exit, 3);
	assert_int_equal(run.signal, 0);
	assert_string_equal(run.asked_by, "");
	assert_string_equal(run.reason, "failed");
	assert_string_equal(run.error, "qemu: out of luck");
	assert_string_equal(run.words, "qemu: warning: old machine\nqemu: out of luck\nIs it Friday?");
	assert_true(run.started > 0 && run.ended >= run.started && run.ended == seen.end.ended);
	rig_close(&seen);
}

struct end_case {
	const char *line;	/* typed into the guest */
	enum keeper_command command;	/* or, where there is none, asked for */
	const char *reason, *asked_by;
	int status, signal;
};

static void each_way_to_end_is_told_apart(void **state)
{
	(void)state;
	static const struct end_case cases[] = {
		{ "!poweroff\n", 0, "guest-shutdown", "guest", 0, 0 },
		{ "!panic\n", 0, "guest-panic", "guest", 0, 0 },
		{ "!oops\n!poweroff\n", 0, "guest-panic", "guest", 0, 0 },
		{ "!oops\n!reset\n!poweroff\n", 0, "guest-shutdown", "guest", 0, 0 },
		{ "!exit 0\n", 0, "exited", "", 0, 0 },
		{ "!exit 7\n", 0, "failed", "", 7, 0 },
		/* Not 11: the address sanitizer in the fake makes an exit of it. */
		{ "!die 6\n", 0, "signal", "", 134, 6 },
		{ NULL, KEEPER_POWERDOWN, "guest-shutdown", "powerdown", 0, 0 },
		{ NULL, KEEPER_QUIT, "host-qmp-quit", "quit", 0, 0 },
		{ NULL, KEEPER_KILL, "killed", "kill", 137, 9 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig rig;
		struct seen seen;
		struct last_run run;

		rig_init(&rig);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.state.phase == VM_RUNNING);
		if (cases[i].line)
			rig_type(&seen, cases[i].line);
		else
			assert_true(keeper_command(seen.client, cases[i].command) > 0);
		until(&rig, seen.ended);
		assert_string_equal(seen.reason, cases[i].reason);
		assert_int_equal(seen.end.status, cases[i].status);
		assert_int_equal(seen.end.signal, cases[i].signal);
		assert_true(last_run_read(records_on_files(), rig.state, &run));
		assert_string_equal(run.asked_by, cases[i].asked_by);
		assert_int_equal(run.signal, cases[i].signal);
		bool panics = cases[i].line && (strstr(cases[i].line, "panic") || strstr(cases[i].line, "oops"));
		assert_string_equal(seen.notice.text, panics ? "the guest has panicked\n" : "");
		rig_close(&seen);
		rig_finish(&rig);
	}
}

/* Each event that says why a guest stopped comes into the record, and its users hear of it. */
static void what_qemu_reports_of_the_guest_is_kept(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!event WATCHDOG {\"action\": \"reset\"}\n!reset\n");
	rig_type(&seen, "!event MEMORY_FAILURE {\"recipient\": \"guest\", \"action\": \"inject\"}\n");
	rig_type(&seen, "!event GUEST_CRASHLOADED {\"action\": \"run\"}\n");
	rig_type(&seen, "!event BLOCK_IO_ERROR {\"device\": \"ide0-hd0\", \"operation\": \"read\", \"action\": \"report\", "
	         "\"reason\": \"Input/output error\"}\n");
	rig_type(&seen, "!raw \\r\\n\\e[1mKernel panic - not syncing: Attempted to kill init!\\e[0m\\r\\n\n");
	rig_type(&seen, "!event GUEST_PANICKED {\"action\": \"run\", \"info\": {\"type\": \"s390\", \"core\": 2, \"reason\": \"disabled-wait\"}}\n");
	until(rig, strstr(seen.notice.text, "panicked") && seen.state.panicked);
	assert_string_equal(seen.notice.text,
	                    "the guest's watchdog has expired; action: reset\n"
	                    "this host's memory has failed, in memory of the guest; action: inject\n"
	                    "the guest has crashed and runs its crash kernel\n"
	                    "the guest has panicked: disabled-wait on CPU 2\n");
	assert_int_equal(seen.state.resets, 1);
	assert_false(seen.state.resetting);
	rig_type(&seen, "!event GUEST_PANICKED {\"action\": \"poweroff\"}\n!poweroff\n");
	until(rig, seen.ended);
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_string_equal(run.reason, "guest-panic");
	assert_string_equal(run.panic, "not syncing: Attempted to kill init!");
	assert_string_equal(run.watchdog, "reset");
	assert_string_equal(run.memory_failure, "in memory of the guest; action: inject");
	assert_string_equal(run.io_error, "Input/output error: /vm/a.img");
	assert_string_equal(run.paused, "");
	assert_int_equal(run.resets_guest, 1);
	assert_true(run.reset_first > 0 && run.reset_first == run.reset_last);
	assert_false(run.reset_loop);
	assert_non_null(strstr(run.console, "\nKernel panic - not syncing: Attempted to kill init!\n"));
	assert_null(strchr(run.console, '\033'));
	rig_close(&seen);
}

static void a_guest_that_resets_itself_again_and_again_is_noticed(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(keeper_command(seen.client, KEEPER_RESET) > 0);
	until(rig, seen.state.resets == 1);
	rig_type(&seen, "!reset\n!reset\n");
	until(rig, seen.state.resets == 3);
	assert_false(seen.state.resetting);
	rig_type(&seen, "!reset\n!reset\n");
	until(rig, seen.state.resets == 5);
	assert_true(seen.state.resetting);
	assert_string_equal(seen.notice.text, "the guest resets itself again and again; its console or the log may show why\n");
	rig_poweroff(rig, &seen);
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_int_equal(run.resets_guest, 4);
	assert_int_equal(run.resets_host, 1);
	assert_true(run.reset_loop);
	rig_close(&seen);
}

static void a_vm_that_is_killed_while_the_disk_is_full_remembers_the_disk(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!nospace\n");
	until(rig, seen.state.paused && strstr(seen.paused_why, "full.qcow2"));
	keeper_command(seen.client, KEEPER_KILL);
	until(rig, seen.ended);
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_string_equal(run.paused, "No space left on device: /vm/full.qcow2");
	assert_string_equal(run.io_error, run.paused);
	rig_close(&seen);
}

static void a_boot_that_ends_in_an_initramfs_is_explained_once(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!raw ((initramf) (initra\n");
	rig_type(&seen, "!raw (initramfs) \\n(initramfs) \n");
	until(rig, strstr(seen.notice.text, "boot-bus virtio"));
	rig_type(&seen, "!poweroff\n");
	until(rig, seen.ended);
	assert_null(strstr(strstr(seen.notice.text, "boot-bus virtio") + 1, "boot-bus virtio"));
	rig_close(&seen);
}

/* The recorded runs of the reference use such a program: it ends well before it says a word. */
static void a_qemu_that_never_speaks_and_exits_reports_its_status(void **state)
{
	(void)state;
	const struct { const char *fake; int status; const char *error; } cases[] = {
		{ "exit=0", 0, "" },
		{ "stderr=qemu: bad option -x,exit=1", 1, "qemu: bad option -x" },
		{ "closeqmp,exit=5", 5, "" },
		{ "stderr=qemu: no such disk,stderr=qemu: warning: slow,stderr=  Specify raw,exit=1", 1, "qemu: no such disk" },
		{ "stderr=WARNING: guessed raw,exit=1", 1, "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig rig;
		struct seen seen;

		rig_init(&rig);
		rig.fake = cases[i].fake;
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.ended);
		assert_true(seen.end.started);
		assert_int_equal(seen.end.status, cases[i].status);
		assert_string_equal(seen.error, cases[i].error);
		assert_string_equal(seen.reason, cases[i].status ? "failed" : "exited");
		rig_close(&seen);
		rig_finish(&rig);
	}
}

static void a_qemu_that_is_missing_is_named_and_never_counts_as_started(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;

	free(rig->plan.qemu);
	rig->plan.qemu = rig_path(rig, "no-such-qemu");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_string_equal(seen.reason, "not-started");
	assert_non_null(strstr(seen.error, "no-such-qemu: No such file or directory"));
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_false(run.ran);
	assert_non_null(strstr(run.error, "no-such-qemu"));
	rig_close(&seen);
}

static void a_working_directory_that_is_gone_is_named(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	free(rig->plan.cwd);
	rig->plan.cwd = rig_path(rig, "gone");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "/gone: No such file or directory"));
	assert_int_equal(access(rig->state, F_OK), -1);
	rig_close(&seen);
}

static void when_the_end_is_told_the_vm_can_be_started_again_at_once(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper;

	for (int i = 0; i < 5; i++) {
		rig_launch_running(rig, &seen, ROLE_CONSOLE);
		rig_poweroff(rig, &seen);
		assert_true(seen.end.started);
		assert_false(rig_entry(&keeper));
		rig_close(&seen);
	}
}

static void a_guest_that_ignores_the_button_is_called_unresponsive_and_left_alone(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig->fake = "deaf";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_false(seen.state.unresponsive);
	keeper_command(seen.client, KEEPER_POWERDOWN);
	until(rig, seen.state.phase == VM_STOPPING);
	assert_false(seen.state.unresponsive);
	until(rig, seen.state.unresponsive);
	assert_int_equal(seen.state.phase, VM_STOPPING);
	assert_false(seen.ended);
	rig_type(&seen, "still here\n");
	until(rig, rig_sees(&seen, "still here"));
	keeper_command(seen.client, KEEPER_KILL);
	until(rig, seen.ended);
	assert_string_equal(seen.reason, "killed");
	rig_close(&seen);
}

/* Power button, then quit. */
static void a_second_sigterm_does_not_wait_for_the_guest(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper;

	rig->fake = "deaf";
	rig->patient = true;
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	kill(keeper, SIGTERM);
	until(rig, seen.state.phase == VM_STOPPING);
	kill(keeper, SIGTERM);
	until(rig, seen.ended);
	assert_string_equal(seen.reason, "host-qmp-quit");
	rig_close(&seen);
}

static void sigterm_ends_even_a_guest_that_ignores_the_button(void **state)
{
	(void)state;
	static const struct { const char *fake, *reason; } cases[] = {
		{ NULL, "guest-shutdown" },
		{ "deaf", "host-qmp-quit" },
	};

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		struct seen seen;
		struct last_run run;
		pid_t keeper;

		rig_init(&rig);
		rig.fake = cases[i].fake;
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.state.phase == VM_RUNNING);
		assert_true(rig_entry(&keeper));
		kill(keeper, SIGHUP);
		kill(keeper, SIGTERM);
		until(&rig, seen.ended);
		assert_string_equal(seen.reason, cases[i].reason);
		assert_int_equal(seen.end.status, 0);
		assert_true(last_run_read(records_on_files(), rig.state, &run));
		assert_string_equal(run.asked_by, "signal");
		rig_close(&seen);
		rig_finish(&rig);
	}
}

static void a_hangup_is_ignored(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	assert_int_equal(kill(keeper, SIGHUP), 0);
	rig_type(&seen, "after the hangup\n");
	until(rig, rig_sees(&seen, "after the hangup"));
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

/* QEMU goes with its keeper, and the lock with both. */
static void a_killed_keeper_takes_qemu_with_it_and_the_next_start_succeeds(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper, qemu;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	qemu = seen.state.pid;
	kill(keeper, SIGKILL);
	until(rig, seen.lost);
	rig_close(&seen);

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_is_dead(qemu));
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void a_run_whose_keeper_was_killed_is_told_as_cut_off(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct last_run run;
	pid_t keeper;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_poweroff(rig, &seen);
	rig_close(&seen);
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_false(last_run_open(&run));

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	kill(keeper, SIGKILL);
	until(rig, seen.lost);
	rig_close(&seen);
	assert_true(last_run_read(records_on_files(), rig->state, &run));
	assert_true(last_run_open(&run));
	assert_true(run.started > 0);
	assert_string_equal(run.reason, "");
}

static void before_qmp_answers_a_stop_ends_qemu_without_killing_it(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig->fake = "noqmp";
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.state.pid > 0);
	assert_int_equal(seen.state.phase, VM_STARTING);
	keeper_command(seen.client, KEEPER_RESET);
	until(rig, seen.replies == 1);
	assert_non_null(strstr(seen.reply, "does not answer yet"));
	keeper_command(seen.client, KEEPER_POWERDOWN);
	until(rig, seen.ended);
	assert_int_equal(seen.end.signal, SIGTERM);
	rig_close(&seen);
}

/* It has a child that holds every pipe open: the end must not wait for that one. */
/* More than a socket holds, so that what is asked meanwhile comes before its end. */
static void large_plan(struct rig *rig)
{
	struct plan_step *step = rig_step(rig, STEP_WRITE, "large");

	step->bytes_len = 4 * 1024 * 1024;
	step->bytes = mem_alloc(step->bytes_len);
}

static void an_end_that_is_asked_for_before_the_plan_has_come_is_heard(void **state)
{
	(void)state;
	struct rig rig;
	struct seen seen;

	for (enum keeper_command command = KEEPER_POWERDOWN; command <= KEEPER_KILL; command++) {
		if (command == KEEPER_RESET)
			continue;
		rig_init(&rig);
		large_plan(&rig);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		keeper_command(seen.client, command);
		until(&rig, seen.ended);
		assert_false(seen.end.started);
		assert_string_equal(seen.reason, "cancelled");
		assert_int_equal(access(rig.state, F_OK), -1);
		rig_close(&seen);
		rig_finish(&rig);
	}
}

/* It is read from then on. */
static bool blocks_sigterm(pid_t pid)
{
	char path[64], line[256];
	unsigned long long mask = 0;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);

	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "SigBlk: %llx", &mask);
	if (file)
		fclose(file);
	return mask >> (SIGTERM - 1) & 1;
}

static void a_sigterm_before_the_plan_has_come_is_heard(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t children[64];
	size_t count;
	uint64_t deadline = loop_now() + 15000;

	large_plan(rig);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	/* Zombies of other tests stand in front of it. */
	count = rig_children(getpid(), children, 64);
	assert_in_range(count, 1, 64);
	/* The loop must not turn: the rest of the plan would go. */
	while (!blocks_sigterm(children[count - 1]))
		assert_true(loop_now() < deadline);
	kill(children[count - 1], SIGTERM);
	until(rig, seen.ended);
	assert_string_equal(seen.reason, "cancelled");
	rig_close(&seen);
}

/* Or a client that is stopped would keep the process for ever. */
static void a_keeper_goes_though_a_client_does_not_read(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;
	pid_t keeper;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	int silent = registry_connect(rig->plan.uuid, &err);
	assert_true(silent >= 0);
	until(rig, greeted(silent));
	rig_poweroff(rig, &seen);
	until(rig, rig_is_dead(keeper));
	close(silent);
	rig_close(&seen);
}

static void a_record_that_cannot_be_written_is_told(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	char *moved = rig_path(rig, "moved");
	assert_int_equal(rename(rig->state, moved), 0);
	rig_poweroff(rig, &seen);
	assert_non_null(strstr(seen.notice.text, "last-run.ini"));
	assert_string_equal(seen.reason, "guest-shutdown");
	free(moved);
	rig_close(&seen);
}

static void the_end_does_not_wait_for_a_child_of_qemus(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig->fake = "child";
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, rig_sees(&seen, "ready"));
	rig_type(&seen, "!exit 4\n");
	until(rig, seen.ended);
	assert_int_equal(seen.end.status, 4);
	rig_close(&seen);
}

static void what_is_no_plan_ends_the_start_with_a_reason(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	/* A plan without a UUID cannot be registered under one. */
	free(rig->plan.uuid);
	rig->plan.uuid = NULL;
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_true(strlen(seen.error) > 0);
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(the_last_run_is_kept),
		cmocka_unit_test(each_way_to_end_is_told_apart),
		rig_test(what_qemu_reports_of_the_guest_is_kept),
		rig_test(a_guest_that_resets_itself_again_and_again_is_noticed),
		rig_test(a_vm_that_is_killed_while_the_disk_is_full_remembers_the_disk),
		rig_test(a_boot_that_ends_in_an_initramfs_is_explained_once),
		cmocka_unit_test(a_qemu_that_never_speaks_and_exits_reports_its_status),
		rig_test(a_qemu_that_is_missing_is_named_and_never_counts_as_started),
		rig_test(a_working_directory_that_is_gone_is_named),
		rig_test(when_the_end_is_told_the_vm_can_be_started_again_at_once),
		rig_test(a_guest_that_ignores_the_button_is_called_unresponsive_and_left_alone),
		rig_test(a_second_sigterm_does_not_wait_for_the_guest),
		cmocka_unit_test(sigterm_ends_even_a_guest_that_ignores_the_button),
		rig_test(a_hangup_is_ignored),
		rig_test(a_killed_keeper_takes_qemu_with_it_and_the_next_start_succeeds),
		rig_test(a_run_whose_keeper_was_killed_is_told_as_cut_off),
		rig_test(before_qmp_answers_a_stop_ends_qemu_without_killing_it),
		cmocka_unit_test(an_end_that_is_asked_for_before_the_plan_has_come_is_heard),
		rig_test(a_sigterm_before_the_plan_has_come_is_heard),
		rig_test(a_keeper_goes_though_a_client_does_not_read),
		rig_test(a_record_that_cannot_be_written_is_told),
		rig_test(the_end_does_not_wait_for_a_child_of_qemus),
		rig_test(what_is_no_plan_ends_the_start_with_a_reason),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("how a VM ends", tests, NULL, NULL);
}
