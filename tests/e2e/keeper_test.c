/* SPDX-License-Identifier: MIT */
/* A VM and who holds it, with real QEMU and the tiny guest: start, attach, stop, ls, log. */
#include "core/base/alloc.h"
#include "core/base/str.h"
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
#include <cmocka.h>

#define PROFILE "[vm]\nmemory = 64\n[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/tiny-state\n"
#define PID "vm/tiny-state/qemu.pid"
#define PREFIX "\007"		/* Ctrl-g */

static void start_tiny(struct home *home)
{
	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	expect(home, 0, "start", "tiny");
}

/* A client on a terminal, at the guest's prompt. */
static struct tty *attach(struct home *home)
{
	struct tty *tty = tty_open(home, 24, 80, "attach", "tiny");

	tty_wait(tty, "tiny>");
	return tty;
}

static void command(struct tty *tty, const char *letter, const char *answer)
{
	char line[8] = "";

	strcat(strncat(line, letter, 4), "\r");
	tty_type(tty, line);
	tty_wait(tty, answer);
}

static void a_started_vm_runs_until_it_is_stopped(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	pid_t qemu = home_pid(home, PID);
	assert_true(process_alive(qemu));
	wait_for_output(home, "running", "ls");
	wait_for_output(home, "running", "ls", "--json");
	struct result again = cli(home, "start", "tiny");
	assert_int_equal(again.status, 0);
	assert_int_equal(home_pid(home, PID), qemu);
	result_finish(&again);

	expect(home, 0, "kill", "tiny");
	process_wait_gone(qemu);
	wait_for_output(home, "killed", "ls");
	expect(home, 0, "stop", "tiny");
	assert_true(home_has(home, "vm/tiny-state/last-run.ini"));
	/* The keeper goes with its VM, and leaves nobody behind. */
	long end = now_ms() + E2E_DEADLINE;
	while (home_children() > 0)
		assert_true(now_ms() < end);
}

/* Is the text anywhere in a process's memory that it may write? Skips where that may not be read. */
static bool memory_has(pid_t pid, const char *text)
{
	char path[64], line[512], *part = malloc(1 << 20);
	unsigned long from, to;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	FILE *maps = fopen(path, "re");
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	int memory = open(path, O_RDONLY | O_CLOEXEC);

	if (!maps || memory < 0)
		skip();
	assert_non_null(part);
	while (!found && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || !strstr(line, " rw"))
			continue;
		for (; from < to && !found; from += (1 << 20) - 4096) {
			ssize_t got = pread(memory, part, to - from < 1 << 20 ? to - from : 1 << 20, (off_t)from);

			found = got > 0 && memmem(part, (size_t)got, text, strlen(text));
		}
	}
	fclose(maps);
	close(memory);
	free(part);
	return found;
}

static void a_running_vms_keeper_has_forgotten_the_metadata(void **state)
{
#if defined(__SANITIZE_ADDRESS__)
	/* The sanitizer's shadow of the address space has terabytes. */
	print_message("skipped: not under the address sanitizer\n");
	skip();
#endif
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE "[metadata]\ndata = {\"password\": \"hunter-of-emus\"}\n");
	expect(home, 0, "start", "tiny");
	assert_true(home_has(home, "vm/tiny-state/data.iso"));
	assert_true(memory_has(process_parent(home_pid(home, PID)), "tiny-state"));
	assert_false(memory_has(process_parent(home_pid(home, PID)), "hunter-of"));
}

static void qemu_runs_behind_its_filter_and_stays_out_of_core_dumps(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	char *path = mem_printf("/proc/%d/status", home_pid(home, PID)), *line = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;
	int mode = -1;

	assert_non_null(file);
	while (getline(&line, &size, file) > 0)
		sscanf(line, "Seccomp: %d", &mode);
	fclose(file);
	free(path);
	struct result argv = cli(home, "argv", "tiny");
	assert_int_equal(mode, strstr(argv.out, "-sandbox on") ? 2 : 0);
	result_finish(&argv);

	/* The guest's memory is the one part of 64 MiB. */
	unsigned long from, to;
	bool of_guest = false, left_out = false;
	path = mem_printf("/proc/%d/smaps", home_pid(home, PID));
	file = fopen(path, "re");
	assert_non_null(file);
	while (getline(&line, &size, file) > 0) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			of_guest = to - from == 64UL << 20;
		else if (of_guest && text_starts(line, "VmFlags:"))
			left_out = strstr(line, " dd") != NULL;
	}
	assert_true(left_out);
	fclose(file);
	free(path);
	free(line);
}

static char *word_after(const char *arguments, const char *option)
{
	const char *at = strstr(arguments, option);

	assert_non_null(at);
	at += strlen(option);
	return strndup(at, strcspn(at, " ,"));
}

static void the_same_image_started_twice_sees_the_same_uuid_and_mac(void **state)
{
	struct home *home = *state;
	char *uuid[2], *mac[2];

	home_tiny_guest(home, "vm/tiny.img");
	for (int i = 0; i < 2; i++) {
		expect(home, 0, "start", "tiny.img");
		pid_t qemu = home_pid(home, "vm/tiny.img-state/qemu.pid");
		char *arguments = process_arguments(qemu);

		uuid[i] = word_after(arguments, "-uuid ");
		mac[i] = word_after(arguments, "mac=");
		free(arguments);
		expect(home, 0, "kill", "tiny.img");
		process_wait_gone(qemu);
	}
	assert_string_equal(uuid[0], uuid[1]);
	assert_string_equal(mac[0], mac[1]);
	assert_int_equal(strlen(uuid[0]), 36);
	assert_int_equal(strlen(mac[0]), 17);
	for (int i = 0; i < 2; i++) {
		free(uuid[i]);
		free(mac[i]);
	}
}

static void two_clients_both_see_and_type_and_attaching_types_nothing(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *one = attach(home);
	struct tty *two = attach(home);
	tty_type(one, "hello\r");
	tty_wait(one, "tiny> hello");
	tty_wait(two, "tiny> hello");
	tty_type(two, "there\r");
	tty_wait(one, "tiny> there");
	command(one, "n", "14 bytes typed");
	tty_wait(two, "14 bytes typed");
	tty_close(one);
	tty_close(two);
}

static void a_query_is_answered_once_and_never_again_from_history(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *one = attach(home);
	struct tty *two = attach(home);
	tty_type(one, "q\r");
	tty_wait(one, "^[[");
	/* q, return, and one answer of ESC [ RR ; C R that the guest took; what came late would count. */
	command(one, "n", "bytes typed");
	struct tty *three = attach(home);
	tty_wait(three, "bytes typed");
	/* The file comes a second behind. */
	wait_for_output(home, "bytes typed", "log", "tiny");
	char *log = home_read(home, "vm/tiny-state/console.log");
	const char *count = strstr(log, "bytes typed");
	while (count > log && count[-1] != '\n')
		count--;
	/* Until the next count there are only the two bytes of its own command. */
	char two_more[48];
	snprintf(two_more, sizeof(two_more), "%d bytes typed", atoi(count) + 2);
	command(two, "n", two_more);
	tty_type(three, "x\r");
	tty_wait(three, "tiny> x");
	size_t len;
	assert_null(strstr(tty_bytes(three, &len), "\033[6n"));
	free(log);
	tty_close(one);
	tty_close(two);
	tty_close(three);
}

static void a_read_only_client_sees_and_cannot_type(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *reader = tty_open(home, 24, 80, "attach", "--read-only", "tiny");
	struct tty *writer = attach(home);
	tty_wait(reader, "tiny>");
	tty_type(reader, "lost\r");
	tty_type(writer, "kept\r");
	tty_wait(reader, "tiny> kept");
	command(writer, "n", "7 bytes typed");
	tty_close(reader);
	tty_close(writer);
}

static void detaching_leaves_the_vm_and_a_later_client_sees_what_was(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	tty_type(tty, "before\r");
	tty_wait(tty, "tiny> before");
	tty_type(tty, PREFIX "d");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);

	tty = attach(home);
	tty_wait(tty, "tiny guest");
	tty_wait(tty, "tiny> before");
	tty_type(tty, "\r~.");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	assert_true(process_alive(home_pid(home, PID)));
}

static void killing_a_client_changes_nothing_for_the_guest(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	tty_type(tty, "before\r");
	tty_wait(tty, "tiny> before");
	kill(tty_pid(tty), SIGKILL);
	assert_int_equal(tty_wait_end(tty), 128 + SIGKILL);
	tty_close(tty);

	tty = attach(home);
	command(tty, "n", "9 bytes typed");
	/* The terminal goes away without a word. */
	tty_close(tty);
	tty = attach(home);
	command(tty, "n", "11 bytes typed");
	tty_close(tty);
}

static void a_guest_that_obeys_the_button_stops_when_asked(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	command(tty, "b", "obeying the power button");
	expect(home, 0, "stop", "tiny");
	tty_wait(tty, "bye");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_guest_that_ignores_the_button_is_only_killed_by_force(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	pid_t qemu = home_pid(home, PID);
	expect(home, 1, "stop", "--timeout", "1", "tiny");
	assert_true(process_alive(qemu));
	wait_for_output(home, "stopping", "ls");
	expect(home, 0, "kill", "tiny");
	process_wait_gone(qemu);
}

static void a_killed_qemu_is_seen_by_its_clients_and_in_the_list(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	kill(home_pid(home, PID), SIGKILL);
	assert_int_equal(tty_wait_end(tty), 128 + SIGKILL);
	tty_close(tty);
	wait_for_output(home, "crashed", "ls");
	expect(home, 0, "start", "tiny");
	wait_for_output(home, "running", "ls");
}

static void a_guest_that_powers_off_ends_its_clients_with_0(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	wait_for_output(home, "off", "ls");
}

static void the_log_keeps_this_boot_and_older_ones(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	tty_type(tty, "first boot\r");
	tty_wait(tty, "tiny> first boot");
	wait_for_output(home, "tiny> first boot", "log", "tiny");
	tty_type(tty, "p\r");
	tty_wait_end(tty);
	tty_close(tty);
	wait_for_output(home, "off", "ls");
	expect(home, 0, "start", "tiny");
	tty = attach(home);
	tty_type(tty, "second boot\r");
	tty_wait(tty, "tiny> second boot");
	tty_close(tty);
	wait_for_output(home, "tiny> second boot", "log", "tiny");
	wait_for_output(home, "tiny> first boot", "log", "--boot", "1", "tiny");
	expect_refused(home, WORDS("tiny"), "log", "--boot", "2", "tiny");
}

static bool newest_line_is_there(struct tty *tty, const void *data)
{
	size_t len;

	(void)data;
	return strstr(tty_bytes(tty, &len), "line 10000") != NULL;
}

static void a_stopped_client_does_not_slow_the_guest_and_hears_what_it_missed(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *slow = attach(home);
	struct tty *quick = attach(home);
	kill(tty_pid(slow), SIGSTOP);
	/* More than the ring of 1 MiB holds. */
	for (int i = 0; i < 12; i++) {
		tty_type(quick, "f\r");
		tty_wait_bytes(quick, "line 10000\r");
	}
	kill(tty_pid(slow), SIGCONT);
	tty_wait_for(slow, newest_line_is_there, NULL, "the newest line");
	tty_wait_bytes(slow, "skipped");
	tty_type(slow, "awake\r");
	tty_wait(slow, "tiny> awake");
	tty_close(slow);
	tty_close(quick);
}

static void sigterm_to_the_keeper_presses_the_button(void **state)
{
	struct home *home = *state;

	start_tiny(home);
	struct tty *tty = attach(home);
	command(tty, "b", "obeying the power button");
	pid_t qemu = home_pid(home, PID);
	kill(process_parent(qemu), SIGHUP);
	command(tty, "n", "4 bytes typed");
	kill(process_parent(qemu), SIGTERM);
	tty_wait(tty, "bye");
	tty_close(tty);
	process_wait_gone(qemu);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_started_vm_runs_until_it_is_stopped),
		story(a_running_vms_keeper_has_forgotten_the_metadata),
		story(qemu_runs_behind_its_filter_and_stays_out_of_core_dumps),
		story(the_same_image_started_twice_sees_the_same_uuid_and_mac),
		story(two_clients_both_see_and_type_and_attaching_types_nothing),
		story(a_query_is_answered_once_and_never_again_from_history),
		story(a_read_only_client_sees_and_cannot_type),
		story(detaching_leaves_the_vm_and_a_later_client_sees_what_was),
		story(killing_a_client_changes_nothing_for_the_guest),
		story(a_guest_that_obeys_the_button_stops_when_asked),
		story(a_guest_that_ignores_the_button_is_only_killed_by_force),
		story(a_killed_qemu_is_seen_by_its_clients_and_in_the_list),
		story(a_guest_that_powers_off_ends_its_clients_with_0),
		story(the_log_keeps_this_boot_and_older_ones),
		story(a_stopped_client_does_not_slow_the_guest_and_hears_what_it_missed),
		story(sigterm_to_the_keeper_presses_the_button),
	};

	return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
