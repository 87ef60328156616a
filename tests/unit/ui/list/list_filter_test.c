/* SPDX-License-Identifier: MIT */
#include "ui/list/list_filter.h"
#include "ui/model/item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct status running = { .kind = STATUS_RUNNING, .word = "running", .running = true };
static const struct status paused = { .kind = STATUS_RUNNING, .word = "paused", .running = true };
static const struct status crashed = { .kind = STATUS_FAILED, .word = "crashed 12:03" };
static const struct status off = { .kind = STATUS_OFF, .word = "off 12:03" };
static const struct status killed = { .kind = STATUS_OFF, .word = "killed 12:03" };

static int score(const char *filter_text, const char *name, const struct status *status)
{
	struct list_filter filter = { 0 };
	int result;

	list_filter_parse(&filter, filter_text);
	result = list_filter_score(&filter, name, status);
	list_filter_finish(&filter);
	return result;
}

static void what_matches_better_scores_more(void **state)
{
	static const char *const best_first[] = { "web", "my-web", "cobweb", "w-eb", "w-e-b", "wide--e-b", NULL };
	static const char *const not_at_all[] = { "bew", "we", "", "w-e", NULL };

	(void)state;
	for (int i = 0; best_first[i + 1] != NULL; i++)
		if (score("web", best_first[i], NULL) <= score("web", best_first[i + 1], NULL))
			fail_msg("%s is not before %s", best_first[i], best_first[i + 1]);
	for (int i = 0; not_at_all[i] != NULL; i++)
		assert_int_equal(score("web", not_at_all[i], NULL), 0);
	assert_int_equal(score("WEB", "web-1", NULL), score("web", "Web-1", NULL));
	/* The closest letters count, not the first ones. */
	assert_int_equal(score("web", "w-we.b", NULL), score("web", "we.b", NULL));
	/* The letters of a long name are found, however far they are from each other. */
	char *name = malloc(5001);

	memset(name, '-', 5000);
	name[5000] = '\0';
	name[0] = 'w';
	name[4999] = 'b';
	assert_true(score("wb", name, NULL) > 0);
	free(name);
}

static void every_word_must_match(void **state)
{
	(void)state;
	assert_true(score("", "web", NULL) > 0);
	assert_true(score("  ", "web", NULL) > 0);
	assert_true(score("we 01", "web-01", NULL) > 0);
	assert_true(score("01  we", "web-01", NULL) > 0);
	assert_int_equal(score("we 02", "web-01", NULL), 0);
}

static void a_word_after_an_exclamation_mark_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(score("!test", "web-Test", NULL), 0);
	/* Its letters alone are not the word. */
	assert_true(score("!test", "t-e-s-t", NULL) > 0);
	assert_true(score("we !test", "web", NULL) > 0);
	assert_true(score("we !", "web", NULL) > 0);
}

static void states_match_by_their_beginning_or_their_kind(void **state)
{
	static const struct { const char *filter; const struct status *status; bool matches; } cases[] = {
		{ "state:run", &running, true }, { "state:run", &paused, true }, { "state:pau", &paused, true },
		{ "state:pau", &running, false }, { "state:RUN", &running, true }, { "STATE:run", &running, true },
		{ "state:run", &off, false }, { "state:run", &crashed, false }, { "state:crash", &crashed, true },
		{ "state:fail", &crashed, true }, { "state:off", &off, true }, { "state:off", &killed, true },
		{ "state:off", &running, false }, { "state:k", &killed, true }, { "!state:off", &killed, false },
		{ "!state:off", &running, true }, { "state:", &off, true }, { "we state:run", &running, true },
		{ "x state:run", &running, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((score(cases[i].filter, "web", cases[i].status) > 0) != cases[i].matches)
			fail_msg("%s with %s", cases[i].filter, cases[i].status->word);
}

static void it_says_whether_states_are_needed(void **state)
{
	struct list_filter filter = { 0 };

	(void)state;
	list_filter_parse(&filter, "web !x state:");
	assert_false(filter.by_state);
	list_filter_finish(&filter);
	list_filter_parse(&filter, "web !state:o");
	assert_true(filter.by_state);
	list_filter_finish(&filter);
	assert_null(filter.terms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_matches_better_scores_more),
		cmocka_unit_test(every_word_must_match),
		cmocka_unit_test(a_word_after_an_exclamation_mark_is_left_out),
		cmocka_unit_test(states_match_by_their_beginning_or_their_kind),
		cmocka_unit_test(it_says_whether_states_are_needed),
	};

	return cmocka_run_group_tests_name("filter of the list", tests, NULL, NULL);
}
