/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/control/memory.h"
#include "fake/answers.h"
#include "fake/vm_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define MIB ((uint64_t)1024 * 1024)
#define STARTED "query-memory-size-summary {\"return\": {\"base-memory\": 268435456, \"plugged-memory\": 0}}\n"
#define STATS(value, when) "{\"stats\": {\"stat-total-memory\": " value ", \"stat-available-memory\": 62914560, " \
	"\"stat-free-memory\": 18446744073709551615, \"stat-swap-in\": 0}, \"last-update\": " when "}"

static void statistics_that_a_guest_does_not_give_are_unknown(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", "[]", "{}", "{\"stats\": 1, \"last-update\": 1}", "{\"stats\": {}}",
	                                     "{\"stats\": {}, \"last-update\": -1}", "{\"stats\": {}, \"last-update\": \"1\"}" };
	struct memory_state memory = { .total = 1 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(memory_stats_read(wrong[i], &memory));
	assert_int_equal(memory.total, 1);
	assert_true(memory_stats_read(STATS("228999168", "7"), &memory));
	assert_int_equal(memory.updated, 7);
	assert_int_equal(memory.total, 228999168);
	assert_int_equal(memory.available, 62914560);
	assert_true(memory.free == MEMORY_UNKNOWN);
	assert_true(memory.caches == MEMORY_UNKNOWN);
	assert_true(memory_stats_read(STATS("\"x\"", "0"), &memory));
	assert_true(memory.total == MEMORY_UNKNOWN);
}

/* The outcome comes first, so that outcome_came takes both. */
struct memory_outcome {
	struct outcome outcome;
	struct memory_state memory;
};

static void on_memory(void *data, const struct memory_state *memory, const struct error *err)
{
	struct memory_outcome *seen = data;

	outcome_came(&seen->outcome, err);
	if (memory)
		seen->memory = *memory;
}

static void the_guest_reports_after_it_was_asked_to(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct memory_outcome told = { 0 };

	answers_set(rig, STARTED
	            "query-balloon {\"return\": {\"actual\": 134217728}}\n"
	            "qom-get {\"return\": " STATS("18446744073709551615", "0") "}\n"
	            "qom-get {\"return\": " STATS("228999168", "7") "}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_memory_query(&vm, on_memory, &told), &told.outcome, NULL, "");
	assert_int_equal(told.memory.started, 256 * MIB);
	assert_true(told.memory.balloon);
	assert_int_equal(told.memory.given, 128 * MIB);
	assert_int_equal(told.memory.updated, 7);
	assert_int_equal(told.memory.total, 228999168);
	rig_run_ends(rig, &seen);
}

static void a_vm_without_a_balloon_has_all_its_memory(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct memory_outcome told = { 0 };

	answers_set(rig, STARTED "query-balloon {\"error\": {\"class\": \"DeviceNotActive\", "
	                         "\"desc\": \"No balloon device has been activated\"}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_memory_query(&vm, on_memory, &told), &told.outcome, NULL, "");
	assert_false(told.memory.balloon);
	assert_int_equal(told.memory.given, 256 * MIB);
	assert_true(told.memory.total == MEMORY_UNKNOWN);
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &told.outcome), &told.outcome, NULL,
	               "memory 128M: the VM was started without a balloon; ");
	rig_run_ends(rig, &seen);
}

static void the_size_has_limits(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };

	answers_set(rig, STARTED STARTED STARTED
	            "query-memory-size-summary {\"return\": {\"base-memory\": 33554432}}\n"
	            "query-memory-size-summary {\"return\": []}\n"
	            "query-balloon {\"return\": {\"actual\": 33554432}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_memory_set(&vm, 257, outcome_came, &outcome), &outcome, NULL,
	               "memory 257M: the VM was started with 256M, which is the most it can have");
	expect_outcome(rig, control_memory_set(&vm, UINT64_MAX, outcome_came, &outcome), &outcome, NULL, "the most it can have");
	expect_outcome(rig, control_memory_set(&vm, 63, outcome_came, &outcome), &outcome, NULL,
	               "memory 63M: 64M is the least that a guest is left with");
	expect_outcome(rig, control_memory_set(&vm, 32, outcome_came, &outcome), &outcome, NULL, "");
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL, "QEMU does not say");
	rig_run_ends(rig, &seen);
}

static void a_change_is_done_when_the_guest_has_followed(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };

	answers_set(rig, STARTED
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-balloon {\"return\": {\"actual\": 201326592}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-balloon {\"return\": {\"actual\": 134217728}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "balloon {\"return\": {}}\n"
	            "balloon! BALLOON_CHANGE {\"actual\": 200000000}\n"
	            "balloon! BALLOON_CHANGE {\"actual\": 134217728}\n"
	            "balloon {\"return\": {}}\n"
	            "balloon {\"return\": {}}\n"
	            "balloon! BALLOON_CHANGE {\"actual\": 210000000}\n"
	            "balloon {\"return\": {}}\n"
	            "balloon! BALLOON_CHANGE {}\n"
	            "balloon {\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL, "");
	vm.guest_ms = 30;
	/* A guest without a driver, one that has no more, and one whose events were not seen. */
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL,
	               "memory 128M: the guest has not reacted and has 256M; its system needs the driver virtio_balloon");
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL,
	               "memory 128M: the guest has 192M now and has not gone on; it may need the rest itself");
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL, "");
	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL, "memory 128M: no way");
	rig_run_ends(rig, &seen);
}

static void whoever_waits_is_told_when_the_vm_ends(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };

	answers_set(rig, STARTED "query-balloon {\"return\": {\"actual\": 268435456}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	vm.guest_ms = 60000;
	control_memory_set(&vm, 128, outcome_came, &outcome);
	control_forget(control_memory_set(&vm, 96, outcome_came, &outcome));
	rig_poweroff(rig, &seen);
	assert_int_equal(outcome.calls, 1);
	assert_true(outcome.error[0] != '\0');
	rig_close(&seen);
}

static void a_paused_guest_is_not_asked(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };

	answers_set(rig, STARTED STARTED
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n"
	            "query-status {\"return\": {\"running\": true, \"status\": \"running\"}}\n"
	            "query-status {\"return\": {\"running\": false, \"status\": \"paused\"}}\n"
	            "query-balloon {\"return\": {\"actual\": 268435456}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_memory_set(&vm, 128, outcome_came, &outcome), &outcome, NULL, "memory 128M: the VM is paused");
	expect_outcome(rig, control_memory_set(&vm, 256, outcome_came, &outcome), &outcome, NULL, "");
	rig_run_ends(rig, &seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statistics_that_a_guest_does_not_give_are_unknown),
		rig_test(the_guest_reports_after_it_was_asked_to),
		rig_test(a_vm_without_a_balloon_has_all_its_memory),
		rig_test(the_size_has_limits),
		rig_test(a_paused_guest_is_not_asked),
		rig_test(a_change_is_done_when_the_guest_has_followed),
		rig_test(whoever_waits_is_told_when_the_vm_ends),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("the memory of a running VM", tests, NULL, NULL);
}
