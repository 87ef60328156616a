/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/last_run.h"
#include "core/machines/ending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void what_runs_has_a_word_for_what_it_does(void **state)
{
	(void)state;
	assert_string_equal(running_word(VM_RUNNING, false, false), "running");
	assert_string_equal(running_word(VM_RUNNING, false, true), "paused");
	assert_string_equal(running_word(VM_STOPPING, false, true), "stopping");
	assert_string_equal(running_word(VM_STOPPING, true, false), "does not react");
	assert_string_equal(running_word(VM_STARTING, true, true), "starting");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_ending_has_one_word),
		cmocka_unit_test(what_runs_has_a_word_for_what_it_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
