/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void every_ending_has_one_word(void **state)
{
	static const struct {
		struct last_run last;
		enum ending ending;
		const char *word;
		bool bad;
	} rows[] = {
		{ { .ran = true, .ended = 9, .asked_by = "" }, ENDING_OFF, "off", false },
		{ { .ran = true, .ended = 9, .asked_by = NULL }, ENDING_OFF, "off", false },
		{ { .ran = true, .ended = 9, .asked_by = "powerdown" }, ENDING_OFF, "off", false },
		{ { .ran = true, .ended = 9, .exit = 1, .asked_by = "quit" }, ENDING_OFF, "off", false },
		{ { .ran = true, .ended = 9, .signal = 9, .asked_by = "kill" }, ENDING_KILLED, "killed", false },
		{ { .ran = true, .ended = 9, .signal = 9, .asked_by = "" }, ENDING_CRASHED, "crashed", true },
		{ { .ran = true, .ended = 9, .exit = 1, .asked_by = NULL }, ENDING_CRASHED, "crashed", true },
		{ { .ran = true, .ended = 0, .asked_by = "" }, ENDING_CUT_OFF, "cut off", true },
		{ { .ran = false, .ended = 9, .exit = 1, .asked_by = "" }, ENDING_FAILED, "failed", true },
		{ { .ran = false, .ended = 9, .asked_by = "quit" }, ENDING_OFF, "off", false },
		{ { .ran = true, .ended = 9, .reason = "guest-panic", .asked_by = "guest" }, ENDING_CRASHED, "crashed", true },
		{ { .ran = true, .ended = 9, .reason = "exited", .watchdog = "poweroff" }, ENDING_CRASHED, "crashed", true },
		{ { .ran = true, .ended = 9, .reason = "guest-shutdown", .watchdog = "reset" }, ENDING_OFF, "off", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(ending_of(&rows[i].last), rows[i].ending);
		assert_string_equal(ending_word(rows[i].ending), rows[i].word);
		assert_int_equal(ending_is_bad(rows[i].ending), rows[i].bad);
	}
	assert_int_equal(ending_of(NULL), ENDING_NONE);
	assert_string_equal(ending_word(ENDING_NONE), "off");
}

static void every_end_has_one_sentence(void **state)
{
	static const struct { struct vm_end end; const char *sentence, *why, *of_qemu; } rows[] = {
		{ { .ran = true, .reason = "guest-shutdown", .error = "" }, "the guest powered off", "the guest powered off",
		  "QEMU exited with status 0 without a message" },
		{ { .ran = true, .reason = "guest-shutdown", .asked_by = "powerdown" }, "the guest powered off after the power button",
		  "the guest powered off", "QEMU exited with status 0 without a message" },
		{ { .ran = true, .signal = 9, .status = 137, .reason = "killed", .asked_by = "kill", .error = "gone" },
		  "killed by you: gone", "gone", "gone" },
		{ { .ran = true, .signal = 9, .status = 137, .reason = "killed", .asked_by = "kill",
		    .paused = "No space left on device: /vm/data.qcow2" },
		  "killed by you; the host's disk was full: /vm/data.qcow2", "killed", "QEMU was ended by signal 9 (Killed)" },
		{ { .ran = true, .reason = "host-qmp-quit", .asked_by = "quit", .paused = "Input/output error: /dev/sdb" },
		  "quit by you; paused by a disk's error: Input/output error: /dev/sdb", "QEMU was asked to quit",
		  "QEMU exited with status 0 without a message" },
		{ { .ran = true, .signal = 9, .status = 137, .reason = "signal" }, "ended by signal 9 (Killed)", "signal",
		  "QEMU was ended by signal 9 (Killed)" },
		{ { .ran = true, .reason = "guest-panic", .asked_by = "guest", .panic = "not syncing: sysrq" },
		  "the guest panicked (not syncing: sysrq)", "the guest panicked", "QEMU exited with status 0 without a message" },
		{ { .ran = true, .signal = 9, .reason = "killed", .asked_by = "kill", .panic = "not syncing: sysrq" },
		  "killed by you; the guest had panicked (not syncing: sysrq)", "killed", "QEMU was ended by signal 9 (Killed)" },
		{ { .ran = true, .reason = "guest-panic", .panic = "" }, "the guest panicked", "the guest panicked",
		  "QEMU exited with status 0 without a message" },
		{ { .ran = true, .reason = "exited", .watchdog = "poweroff" }, "its watchdog powered it off", "QEMU ended",
		  "QEMU exited with status 0 without a message" },
		{ { .ran = true, .reason = "guest-shutdown", .asked_by = "signal", .watchdog = "reset" },
		  "the guest powered off after its keeper got SIGTERM", "the guest powered off",
		  "QEMU exited with status 0 without a message" },
		{ { .ran = true, .reason = "guest-shutdown", .asked_by = "client" },
		  "the guest powered off after its console was closed", "the guest powered off",
		  "QEMU exited with status 0 without a message" },
		{ { .status = 1, .reason = "cancelled", .asked_by = "quit", .error = "stopped before QEMU was started" },
		  "did not start: stopped before QEMU was started", "stopped before QEMU was started",
		  "stopped before QEMU was started" },
		{ { .ran = true }, "QEMU ended", NULL, "QEMU exited with status 0 without a message" },
		{ { .ran = true, .status = 3, .reason = "exited" }, "ended with status 3", "QEMU ended",
		  "QEMU exited with status 3 without a message" },
		{ { .status = 1, .reason = "not-started", .error = "no disk" }, "did not start: no disk", "no disk", "no disk" },
		{ { .ran = true, .reason = "something-new" }, "something-new", "something-new", "QEMU exited with status 0 without a message" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *sentence = ending_sentence(&rows[i].end), *of_qemu = ending_of_qemu(&rows[i].end);

		assert_string_equal(sentence, rows[i].sentence);
		if (rows[i].why)
			assert_string_equal(ending_why(&rows[i].end), rows[i].why);
		assert_string_equal(of_qemu, rows[i].of_qemu);
		free(of_qemu);
		free(sentence);
	}
}

static void the_last_run_is_one_line(void **state)
{
	static const struct { struct last_run last; const char *line; } rows[] = {
		{ { .ran = true, .ended = 9, .reason = "guest-shutdown" }, "12:03 the guest powered off" },
		{ { .ran = true, .ended = 0 }, "started 12:03, cut off: its keeper was killed, or the host went down" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *line = ending_last_run(&rows[i].last, "12:03");

		assert_string_equal(line, rows[i].line);
		free(line);
	}
	char *never = ending_last_run(NULL, "");

	assert_string_equal(never, "never run");
	free(never);
}

static void what_runs_has_a_word_for_what_it_does(void **state)
{
	(void)state;
	assert_string_equal(running_word(VM_RUNNING, false, false), "running");
	assert_string_equal(running_word(VM_RUNNING, false, true), "paused");
	assert_string_equal(running_word(VM_STOPPING, false, true), "stopping");
	assert_string_equal(running_word(VM_STOPPING, true, false), "does not react");
	assert_string_equal(running_word(VM_STARTING, true, true), "starting");
}

static void resets_are_counted_in_words(void **state)
{
	char words[40];

	(void)state;
	assert_string_equal(resets_words(0, false, words, sizeof(words)), "");
	assert_string_equal(resets_words(1, false, words, sizeof(words)), "reset once");
	assert_string_equal(resets_words(3, false, words, sizeof(words)), "reset 3 times");
	assert_string_equal(resets_words(3, true, words, sizeof(words)), "resets again and again");
}

static void everyone_who_asks_is_named(void **state)
{
	static const struct { const char *asked_by, *words; } rows[] = {
		{ "powerdown", "you, with the power button" }, { "quit", "you, to quit QEMU" }, { "kill", "you, to kill it" },
		{ "signal", "a SIGTERM to its keeper, as when the host shuts down" }, { "client", "the end of its console" },
		{ "guest", "the guest" }, { "", "nobody" }, { NULL, "nobody" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(ending_asker(rows[i].asked_by), rows[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_ending_has_one_word),
		cmocka_unit_test(every_end_has_one_sentence),
		cmocka_unit_test(the_last_run_is_one_line),
		cmocka_unit_test(resets_are_counted_in_words),
		cmocka_unit_test(everyone_who_asks_is_named),
		cmocka_unit_test(what_runs_has_a_word_for_what_it_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
