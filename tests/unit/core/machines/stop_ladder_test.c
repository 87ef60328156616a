/* SPDX-License-Identifier: MIT */
#include "core/machines/stop_ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define NONE STOP_STEPS

static struct stop_ladder ladder_of(unsigned ms, bool force, bool agent)
{
	struct stop_ladder ladder;

	stop_ladder_init(&ladder, ms);
	ladder.force = force;
	ladder.agent = agent;
	return ladder;
}

static void only_force_takes_the_next_step(void **state)
{
	/* The steps that are taken one after the other, each when the time of the last one is over. */
	static const struct {
		bool force, agent;
		unsigned ms;
		enum stop_step first, then[STOP_STEPS + 1];
	} rows[] = {
		{ false, false, 30000, STOP_BUTTON, { STOP_BUTTON, NONE } },
		{ false, true, 30000, STOP_BUTTON, { STOP_BUTTON, NONE } },
		{ false, false, 30000, STOP_QUIT, { STOP_QUIT, NONE } },
		{ false, false, 0, STOP_BUTTON, { STOP_BUTTON, NONE } },
		{ true, false, 30000, STOP_BUTTON, { STOP_BUTTON, STOP_QUIT, STOP_TERM, STOP_KILL, NONE } },
		{ true, true, 30000, STOP_BUTTON, { STOP_BUTTON, STOP_AGENT, STOP_QUIT, STOP_TERM, STOP_KILL, NONE } },
		{ true, true, 1, STOP_BUTTON, { STOP_BUTTON, STOP_AGENT, STOP_QUIT, STOP_TERM, STOP_KILL, NONE } },
		{ true, true, 0, STOP_BUTTON, { STOP_KILL, NONE } },
		{ true, false, 0, STOP_KILL, { STOP_KILL, NONE } },
		{ true, false, 30000, STOP_TERM, { STOP_TERM, STOP_KILL, NONE } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stop_ladder ladder = ladder_of(rows[i].ms, rows[i].force, rows[i].agent);
		enum stop_verdict verdict = STOP_TAKE;
		uint64_t now = 1000;

		stop_ladder_begin(&ladder, rows[i].first, now);
		for (size_t at = 0; rows[i].then[at] != NONE; at++) {
			assert_int_equal(verdict, STOP_TAKE);
			assert_int_equal(ladder.stage, STOP_WAITING);
			assert_int_equal(ladder.step, rows[i].then[at]);
			if (ladder.due > now)
				assert_int_equal(stop_ladder_time(&ladder, ladder.due - 1), STOP_STAY);
			now = ladder.due;
			verdict = stop_ladder_time(&ladder, now);
		}
		assert_int_equal(verdict, STOP_TELL);
		assert_int_equal(ladder.stage, STOP_OVERDUE);
		assert_int_equal(stop_ladder_time(&ladder, now + 1000000), STOP_STAY);
	}
}

static void what_is_offered_leads_on(void **state)
{
	/* Per step taken last (the last row: none yet), with and without an agent: which steps can be asked for. */
	static const char *const rows[STOP_STEPS + 1][2] = {
		[STOP_BUTTON] = { "b.QTK", "baQTK" },
		[STOP_AGENT] = { "..QTK", "..QTK" },
		[STOP_QUIT] = { "...TK", "...TK" },
		[STOP_TERM] = { "....K", "....K" },
		[STOP_KILL] = { ".....", "....." },
		[NONE] = { "b.QTK", "baQTK" },
	};

	(void)state;
	for (int last = 0; last <= STOP_STEPS; last++) {
		for (int agent = 0; agent < 2; agent++) {
			struct stop_ladder ladder = ladder_of(30000, false, agent);

			if (last != NONE)
				stop_ladder_begin(&ladder, (enum stop_step)last, 0);
			for (int step = 0; step < STOP_STEPS; step++) {
				char key = rows[last][agent][step];
				bool offers = stop_ladder_offers(&ladder, (enum stop_step)step);

				assert_int_equal(offers, key != '.');
				if (offers)
					assert_int_equal(key, stop_step_key((enum stop_step)step)[0]);
			}
		}
	}
}

static void who_stops_waiting_may_begin_again(void **state)
{
	struct stop_ladder ladder = ladder_of(30000, true, false);

	(void)state;
	stop_ladder_begin(&ladder, STOP_QUIT, 0);
	stop_ladder_cancel(&ladder);
	assert_int_equal(stop_ladder_time(&ladder, UINT64_MAX), STOP_STAY);
	assert_true(stop_ladder_offers(&ladder, STOP_BUTTON));
	stop_ladder_begin(&ladder, STOP_BUTTON, 5);
	assert_int_equal(ladder.due, 30005);
}

static void a_step_that_could_not_be_taken_is_not_waited_for(void **state)
{
	struct stop_ladder forced = ladder_of(30000, true, false), asked = ladder_of(30000, false, false);

	(void)state;
	stop_ladder_begin(&forced, STOP_TERM, 100);
	stop_ladder_failed(&forced);
	assert_int_equal(stop_ladder_time(&forced, 100), STOP_TAKE);
	assert_int_equal(forced.step, STOP_KILL);
	stop_ladder_begin(&asked, STOP_TERM, 100);
	stop_ladder_failed(&asked);
	assert_int_equal(stop_ladder_time(&asked, 100), STOP_TELL);
}

static void the_text_counts_down_and_says_what_can_be_done(void **state)
{
	static const struct {
		enum stop_step step;
		uint64_t now;
		bool over, agent;
		const char *with_keys, *without;
	} rows[] = {
		{ STOP_BUTTON, 0, false, false, "power button pressed; 30 s left, then Q = quit, T = SIGTERM, K = kill, w = stop waiting",
		  "power button pressed; 30 s left" },
		{ STOP_BUTTON, 6001, false, true,
		  "power button pressed; 24 s left, then a = agent, Q = quit, T = SIGTERM, K = kill, w = stop waiting",
		  "power button pressed; 24 s left" },
		{ STOP_BUTTON, 30000, true, false, "power button pressed, no reaction; Q = quit, T = SIGTERM, K = kill, w = stop waiting",
		  "power button pressed, no reaction" },
		{ STOP_QUIT, 9999, false, false, "QEMU asked to quit; 1 s left, then T = SIGTERM, K = kill, w = stop waiting",
		  "QEMU asked to quit; 1 s left" },
		{ STOP_KILL, 5000, true, false, "QEMU killed, no reaction; w = stop waiting", "QEMU killed, no reaction" },
	};
	struct stop_ladder idle = ladder_of(30000, false, false);
	char *nothing = stop_ladder_text(&idle, 0, "p ");

	(void)state;
	assert_string_equal(nothing, "");
	free(nothing);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stop_ladder ladder = ladder_of(30000, false, rows[i].agent);

		stop_ladder_begin(&ladder, rows[i].step, 0);
		assert_int_equal(stop_ladder_time(&ladder, rows[i].now), rows[i].over ? STOP_TELL : STOP_STAY);

		char *with_keys = stop_ladder_text(&ladder, rows[i].now, "");
		char *without = stop_ladder_text(&ladder, rows[i].now, NULL);

		assert_string_equal(with_keys, rows[i].with_keys);
		assert_string_equal(without, rows[i].without);
		free(with_keys);
		free(without);
	}

	struct stop_ladder ladder = ladder_of(30000, false, false);

	stop_ladder_begin(&ladder, STOP_TERM, 0);
	char *prefixed = stop_ladder_text(&ladder, 0, "p ");
	assert_string_equal(prefixed, "SIGTERM sent to QEMU; 10 s left, then p K = kill, p w = stop waiting");
	free(prefixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_force_takes_the_next_step),
		cmocka_unit_test(what_is_offered_leads_on),
		cmocka_unit_test(who_stops_waiting_may_begin_again),
		cmocka_unit_test(a_step_that_could_not_be_taken_is_not_waited_for),
		cmocka_unit_test(the_text_counts_down_and_says_what_can_be_done),
	};

	return cmocka_run_group_tests_name("stop ladder", tests, NULL, NULL);
}
