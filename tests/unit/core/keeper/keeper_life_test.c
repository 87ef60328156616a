/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/path.h"
#include "fake/vm_rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void a_vm_runs_says_hello_echoes_and_ends(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, rig_sees(&seen, "fake guest ready"));
	until(rig, seen.state.phase == VM_RUNNING);
	assert_true(seen.state.pid > 0);
	assert_true(seen.state.started > 0);
	assert_string_equal(seen.name, "web");
	rig_type(&seen, "uname -a\n");
	until(rig, rig_sees(&seen, "uname -a"));
	rig_poweroff(rig, &seen);
	assert_true(seen.end.started);
	assert_int_equal(seen.end.status, 0);
	assert_string_equal(seen.reason, "guest-shutdown");
	assert_string_equal(seen.error, "");
	rig_close(&seen);
}

/* A byte of every value, both ways: no terminal setting may touch any. */
static void every_byte_passes_unchanged_both_ways(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	char all[256];

	rig->fake = "quiet";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	keeper_type(seen.client, all, sizeof(all));
	until(rig, seen.console.len + seen.history.len >= sizeof(all));
	assert_int_equal(seen.console.len, sizeof(all));
	assert_memory_equal(seen.console.text, all, sizeof(all));
	rig_type(&seen, "\n");
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void qemu_has_no_terminal_a_session_of_its_own_and_only_its_descriptors(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!fds\n");
	until(rig, rig_sees(&seen, "fds end"));
	assert_true(rig_sees(&seen, "controlling terminal none"));
	assert_true(rig_sees(&seen, "session own"));
	assert_true(rig_sees(&seen, "termios i0 o0 l0"));
	assert_true(rig_sees(&seen, "window 80x24"));
	assert_true(rig_sees(&seen, "fd 0 /dev/pts/"));
	assert_true(rig_sees(&seen, "fd 1 /dev/pts/"));
	assert_true(rig_sees(&seen, "fd 2 pipe:"));
	assert_true(rig_sees(&seen, "fd 3 socket:"));
	assert_true(rig_sees(&seen, "-state/lock"));
	assert_false(rig_sees(&seen, "fd 5 "));
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void qemus_own_words_stand_on_lines_of_their_own(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig->fake = "quiet";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!raw half a line\n");
	until(rig, rig_sees(&seen, "half a line\nhalf a line"));	/* echo, then itself */
	rig_type(&seen, "!stderr something is odd\n");
	until(rig, rig_sees(&seen, "\r\n[QEMU] something is odd\r\n") || rig_sees(&seen, "\n[QEMU] something is odd\r\n"));
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void the_vm_outlives_its_first_client(void **state)
{
	struct rig *rig = *state;
	struct seen first, second;
	pid_t keeper;

	rig_launch(rig, &first, ROLE_CONSOLE);
	until(rig, first.state.phase == VM_RUNNING && rig_sees(&first, "ready"));
	rig_close(&first);
	assert_true(rig_entry(&keeper));
	assert_int_equal(getsid(keeper), keeper);
	rig_attach(rig, &second, ROLE_CONSOLE);
	until(rig, second.history_end);
	assert_non_null(strstr(second.history.text, "fake guest ready"));
	rig_poweroff(rig, &second);
	rig_close(&second);
}

static void pause_resume_and_reset_reach_qemu_and_are_told(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	keeper_command(seen.client, KEEPER_PAUSE);
	until(rig, seen.state.paused && seen.replies == 1);
	assert_string_equal(seen.reply, "");
	keeper_command(seen.client, KEEPER_RESUME);
	until(rig, !seen.state.paused && seen.replies == 2);
	keeper_command(seen.client, KEEPER_RESET);
	until(rig, rig_sees(&seen, "reset\r\n") && seen.replies == 3);
	assert_int_equal(seen.state.phase, VM_RUNNING);
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void the_console_is_logged_a_file_a_boot(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	for (int boot = 0; boot < 2; boot++) {
		rig_launch(rig, &seen, ROLE_CONSOLE);
		until(rig, rig_sees(&seen, "ready"));
		rig_type(&seen, boot ? "!raw second boot\n" : "!raw first boot\n");
		rig_poweroff(rig, &seen);
		rig_close(&seen);
	}
	char *now = rig_text(rig, "console.log");
	char *before = rig_text(rig, "console.1.log");
	assert_non_null(now);
	assert_non_null(before);
	assert_non_null(strstr(now, "second boot"));
	assert_null(strstr(now, "first boot"));
	assert_non_null(strstr(before, "first boot"));
	free(now);
	free(before);
}

/* Field 7 of /proc/PID/stat is the terminal; the name in field 2 has no blanks here. */
static int terminal_of(pid_t pid)
{
	char path[64], line[512] = "";
	int tty = -1;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);

	FILE *file = fopen(path, "re");

	if (file && fgets(line, sizeof(line), file))
		assert_int_equal(sscanf(line, "%*d %*s %*c %*d %*d %*d %d", &tty), 1);
	if (file)
		fclose(file);
	return tty;
}

static bool holds(pid_t pid, const char *what)
{
	char path[64], target[256];

	for (int fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)pid, fd);

		ssize_t n = readlink(path, target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		if (strstr(target, what))
			return true;
	}
	return false;
}

static void nothing_of_who_started_it_stays_in_a_keeper(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	char path[64], target[64] = "";
	pid_t keeper;

	char *file = rig_path(rig, "left-open");
	int fd = open(file, O_RDWR | O_CREAT, 0600);	/* no O_CLOEXEC */
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	assert_false(holds(keeper, "left-open"));
	assert_false(holds(seen.state.pid, "left-open"));
	assert_int_equal(terminal_of(keeper), 0);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)keeper, i);
		assert_int_equal(readlink(path, target, sizeof(target)), strlen("/dev/null"));
	}
	rig_poweroff(rig, &seen);
	close(fd);
	free(file);
	rig_close(&seen);
}

/* What waits for the guest waits here, and what is asked of the keeper passes it. */
static void a_guest_that_never_reads_can_still_be_killed_by_who_types(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	char text[4096];

	rig->fake = "noread";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 100; i++)
		keeper_type(seen.client, text, sizeof(text));
	assert_true(keeper_untyped(seen.client) > 0);
	keeper_command(seen.client, KEEPER_KILL);
	until(rig, seen.ended);
	assert_string_equal(seen.reason, "killed");
	rig_close(&seen);
}

/* More than any buffer on the way, to a guest that echoes: all of it, in order. */
static void a_long_paste_arrives_whole(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct str paste;

	rig->fake = "quiet";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	str_init(&paste);
	for (int i = 0; paste.len < 300000; i++)
		str_addf(&paste, "%d\n", i);
	keeper_type(seen.client, paste.text, paste.len);
	until(rig, seen.console.len >= paste.len);
	assert_int_equal(keeper_untyped(seen.client), 0);
	assert_memory_equal(seen.console.text, paste.text, paste.len);
	str_finish(&paste);
	rig_poweroff(rig, &seen);
	rig_close(&seen);
}

static void a_monitor_that_is_lost_is_told_and_the_vm_can_be_quit(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!garble\n");
	until(rig, seen.notice.len > 0);
	assert_non_null(strstr(seen.notice.text, "QEMU's monitor"));
	assert_non_null(strstr(seen.notice.text, "can only be quit or killed"));
	rig_type(&seen, "still here\n");
	until(rig, rig_sees(&seen, "still here"));
	keeper_command(seen.client, KEEPER_QUIT);
	until(rig, seen.ended);
	assert_int_equal(seen.end.signal, SIGTERM);
	rig_close(&seen);
}

static void the_helper_word_alone_is_refused(void **state)
{
	(void)state;
	int status = system("exec 3>&- 4>&-; /proc/$PPID/exe " KEEPER_WORD " 2>/dev/null");

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

/* As a full disk is: the keeper may not write past the limit. */
static void a_log_that_finds_no_room_is_told_and_the_console_goes_on(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct rlimit before, tight;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = (struct rlimit){ .rlim_cur = 20000, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	until(rig, rig_sees(&seen, "ready"));
	rig_type(&seen, "!flood 3000\n");
	until(rig, rig_sees(&seen, "flood end"));
	until(rig, seen.notice.len > 0);
	assert_non_null(strstr(seen.notice.text, "console.log"));
	rig_type(&seen, "still here\n");
	until(rig, rig_sees(&seen, "still here"));
	rig_run_ends(rig, &seen);
}

static void files_that_cannot_be_made_stop_the_start_and_are_named(void **state)
{
	(void)state;
	static const enum plan_step_kind kinds[] = { STEP_MKDIR, STEP_WRITE, STEP_METADATA_ISO, STEP_COPY_VARS };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct rig rig;
		struct seen seen;

		rig_init(&rig);
		char *file = rig_path(&rig, "file");
		close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		free(file);
		char *below = rig_path(&rig, "file/below");
		struct plan_step *step = rig_step(&rig, kinds[i], below);
		step->bytes = mem_strdup("text");
		step->bytes_len = 4;
		step->from = mem_strdup("/dev/null");
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		until(&rig, seen.ended);
		assert_false(seen.end.started);
		assert_non_null(strstr(seen.error, "/file"));
		rig_close(&seen);
		free(below);
		rig_finish(&rig);
	}
}

/* QEMU does that by itself, and says only once which disk it is. */
static void a_guest_that_a_full_disk_has_paused_says_which(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_type(&seen, "!nospace\n");
	until(rig, seen.state.paused && strstr(seen.paused_why, "full.qcow2"));
	assert_string_equal(seen.paused_why, "No space left on device: /vm/full.qcow2");
	keeper_command(seen.client, KEEPER_RESUME);
	until(rig, !seen.state.paused);
	assert_string_equal(seen.paused_why, "");
	/* Nobody has made room. */
	rig_type(&seen, "!nospace\n");
	until(rig, seen.state.paused && strstr(seen.notice.text, "again"));
	assert_string_equal(seen.notice.text, "paused: No space left on device: /vm/full.qcow2\n"
	                    "paused again: No space left on device: /vm/full.qcow2\n");
	rig_run_ends(rig, &seen);
}

static void a_guest_that_is_started_paused_is_paused(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	rig->fake = "paused";
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.state.phase == VM_RUNNING && seen.state.paused);
	rig_run_ends(rig, &seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(a_vm_runs_says_hello_echoes_and_ends),
		rig_test(every_byte_passes_unchanged_both_ways),
		rig_test(qemu_has_no_terminal_a_session_of_its_own_and_only_its_descriptors),
		rig_test(qemus_own_words_stand_on_lines_of_their_own),
		rig_test(the_vm_outlives_its_first_client),
		rig_test(pause_resume_and_reset_reach_qemu_and_are_told),
		rig_test(the_console_is_logged_a_file_a_boot),
		rig_test(nothing_of_who_started_it_stays_in_a_keeper),
		rig_test(a_guest_that_never_reads_can_still_be_killed_by_who_types),
		rig_test(a_long_paste_arrives_whole),
		rig_test(a_monitor_that_is_lost_is_told_and_the_vm_can_be_quit),
		cmocka_unit_test(the_helper_word_alone_is_refused),
		rig_test(a_guest_that_a_full_disk_has_paused_says_which),
		rig_test(a_guest_that_is_started_paused_is_paused),
		cmocka_unit_test(files_that_cannot_be_made_stop_the_start_and_are_named),
		rig_test(a_log_that_finds_no_room_is_told_and_the_console_goes_on),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("a VM's life", tests, NULL, NULL);
}
