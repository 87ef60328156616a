/* SPDX-License-Identifier: MIT */
#include "core/vm/lifecycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Feed a story, in order; every step in it must be legal. */
#define play(...) play_events((const enum vm_event[]){ __VA_ARGS__, VM_EVENTS })

static struct vm_step play_events(const enum vm_event *event)
{
	struct vm_step step = { .phase = VM_OFF };

	for (; *event != VM_EVENTS; event++) {
		step = lifecycle_step(step.phase, *event);
		assert_true(step.legal);
	}
	return step;
}

static void polite_stop_asks_the_guest_and_arms_the_timer(void **state)
{
	(void)state;
	struct vm_step step = play(VM_WANT_START, VM_SAW_READY, VM_WANT_STOP);

	assert_int_equal(step.phase, VM_STOPPING);
	assert_int_equal(step.actions, VM_DO_POWERDOWN | VM_DO_ARM);
}

static void guest_that_ignores_powerdown_is_left_to_the_user(void **state)
{
	(void)state;
	struct vm_step step = play(VM_WANT_START, VM_SAW_READY, VM_WANT_STOP,
	                           VM_SAW_TIMEOUT);

	assert_int_equal(step.phase, VM_STOPPING);
	assert_int_equal(step.actions, VM_DO_TELL);
	assert_int_equal(lifecycle_step(step.phase, VM_SAW_DEATH).phase, VM_OFF);
}

static void death_nobody_asked_for_is_a_crash(void **state)
{
	(void)state;
	assert_int_equal(play(VM_WANT_START, VM_SAW_READY, VM_SAW_DEATH).phase,
	                 VM_CRASHED);
	assert_int_equal(play(VM_WANT_START, VM_SAW_EXIT).phase, VM_CRASHED);
}

/* Holds for every pair, so it also guards rows added later. */
static void only_a_machine_without_a_process_may_start(void **state)
{
	(void)state;
	for (int phase = 0; phase < VM_PHASES; phase++) {
		for (int event = 0; event < VM_EVENTS; event++) {
			struct vm_step step = lifecycle_step(phase, event);

			if (step.legal && step.phase == VM_STARTING)
				assert_true(phase == VM_OFF || phase == VM_CRASHED);
			if (!step.legal) {
				assert_int_equal(step.phase, phase);
				assert_int_equal(step.actions, 0);
			}
		}
	}
}

static void before_qmp_answers_a_stop_is_a_quit_and_never_a_kill(void **state)
{
	(void)state;
	struct vm_step step = play(VM_WANT_START, VM_WANT_STOP);

	assert_int_equal(step.phase, VM_STOPPING);
	assert_true(step.actions & VM_DO_QUIT);
	assert_false(step.actions & VM_DO_KILL);
}

/* Holds for every pair. */
static void nothing_is_killed_that_nobody_wants_killed(void **state)
{
	(void)state;
	for (int phase = 0; phase < VM_PHASES; phase++) {
		for (int event = 0; event < VM_EVENTS; event++) {
			if (lifecycle_step(phase, event).actions & VM_DO_KILL)
				assert_int_equal(event, VM_WANT_KILL);
		}
	}
}

static void a_machine_with_a_process_can_always_be_killed(void **state)
{
	(void)state;
	const enum vm_phase alive[] = { VM_STARTING, VM_RUNNING, VM_STOPPING };

	for (size_t i = 0; i < sizeof(alive) / sizeof(alive[0]); i++)
		assert_int_equal(lifecycle_step(alive[i], VM_WANT_KILL).actions,
		                 VM_DO_KILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(polite_stop_asks_the_guest_and_arms_the_timer),
		cmocka_unit_test(guest_that_ignores_powerdown_is_left_to_the_user),
		cmocka_unit_test(death_nobody_asked_for_is_a_crash),
		cmocka_unit_test(only_a_machine_without_a_process_may_start),
		cmocka_unit_test(before_qmp_answers_a_stop_is_a_quit_and_never_a_kill),
		cmocka_unit_test(nothing_is_killed_that_nobody_wants_killed),
		cmocka_unit_test(a_machine_with_a_process_can_always_be_killed),
	};

	return cmocka_run_group_tests_name("lifecycle", tests, NULL, NULL);
}
