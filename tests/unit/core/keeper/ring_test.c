/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/ring.h"

#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Also built with RING_SIZE=8 RING_POINT=3, so every size here counts in those. */

static unsigned char byte_at(uint64_t position)
{
	return (unsigned char)('a' + position % 23);
}

static void fill(struct ring *ring, uint64_t upto, size_t step)
{
	unsigned char *chunk = malloc(step);

	while (ring_end(ring) < upto) {
		size_t len = upto - ring_end(ring) < step ? (size_t)(upto - ring_end(ring)) : step;

		for (size_t i = 0; i < len; i++)
			chunk[i] = byte_at(ring_end(ring) + i);
		ring_add(ring, chunk, len);
	}
	free(chunk);
}

static void assert_holds_the_newest(const struct ring *ring)
{
	uint64_t position = ring_begin(ring);

	assert_true(ring_end(ring) - position <= RING_SIZE);
	assert_true(ring_end(ring) < RING_SIZE || ring_end(ring) - position == RING_SIZE);
	while (position < ring_end(ring)) {
		size_t len;
		const unsigned char *bytes = ring_at(ring, position, &len);

		assert_true(len > 0 && position + len <= ring_end(ring));
		for (size_t i = 0; i < len; i++)
			if (bytes[i] != byte_at(position + i))
				fail_msg("wrong byte at %llu", (unsigned long long)(position + i));
		position += len;
	}
}

static void ring_keeps_the_newest_bytes_by_position(void **state)
{
	(void)state;
	const size_t steps[] = { 1, 2, 3, 5, 7, 8, 9, RING_SIZE / 2 + 1, RING_SIZE, RING_SIZE + 1, 3 * RING_SIZE + 2 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct ring *ring = ring_new();
		size_t rounds = RING_SIZE > 1000 && steps[i] < 100 ? 1 : 3;

		for (uint64_t upto = 1; upto < rounds * RING_SIZE + 7; upto += 1 + RING_SIZE / 5) {
			fill(ring, upto, steps[i]);
			assert_int_equal(ring_end(ring), upto);
			assert_holds_the_newest(ring);
		}
		ring_free(ring);
	}
}

static void end_of_the_ring_is_an_empty_stretch(void **state)
{
	(void)state;
	struct ring *ring = ring_new();
	size_t len = 1;

	fill(ring, RING_SIZE + 3, 3);
	ring_at(ring, ring_end(ring), &len);
	assert_int_equal(len, 0);
	ring_free(ring);
}

static uint64_t point(const struct ring *ring, uint64_t position, struct str *modes)
{
	str_clear(modes);
	return ring_point(ring, position, modes);
}

static void young_ring_is_given_from_its_first_byte(void **state)
{
	(void)state;
	struct ring *ring = ring_new();
	struct str modes;

	str_init(&modes);
	assert_int_equal(point(ring, 0, &modes), 0);
	ring_add(ring, "\033[31", 4);
	assert_int_equal(point(ring, 0, &modes), 0);
	/* Without a word of ours: `run` passes it on to what is no terminal. */
	assert_int_equal(modes.len, 0);
	str_finish(&modes);
	ring_free(ring);
}

static void without_a_point_the_newest_sequence_is_given_whole(void **state)
{
	(void)state;
	struct ring *ring = ring_new();
	struct str modes;

	str_init(&modes);
	ring_add(ring, "\033[1m\033[3", 7);
	/* The wish is behind the first point, so the end it is, but not in the middle of ESC [ 3. */
	assert_int_equal(point(ring, 4, &modes), 4);
	assert_non_null(strstr(modes.text, "\033[0;1m"));
	assert_int_equal(point(ring, 7, &modes), 7);
	str_finish(&modes);
	ring_free(ring);
}

static void points_are_near_and_never_inside_a_sequence(void **state)
{
	(void)state;
	static const char line[] = "ab\033[?2004h\303\251\033]0;t\007\r\n";
	struct ring *ring = ring_new();
	struct str modes;

	str_init(&modes);
	while (ring_end(ring) < 4 * RING_SIZE + 100) {
		ring_add(ring, line, sizeof(line) - 1);

		uint64_t from = ring_begin(ring);
		uint64_t at = point(ring, from, &modes);
		size_t offset = at % (sizeof(line) - 1);

		assert_true(at >= from && at <= ring_end(ring));
		assert_true(at - from <= RING_POINT + RING_POINT / 4 + sizeof(line) || at == ring_end(ring));
		/* In ESC [ ? 2004 h, in the two-byte character, in OSC. */
		assert_false((offset > 2 && offset < 10) || offset == 11 || (offset > 12 && offset < 17));
		if (at >= sizeof(line))
			assert_non_null(strstr(modes.text, "\033[?2004h"));
	}
	str_finish(&modes);
	ring_free(ring);
}

static void an_endless_string_leaves_only_the_end_to_begin_at(void **state)
{
	(void)state;
	struct ring *ring = ring_new();
	struct str modes;

	str_init(&modes);
	ring_add(ring, "\033]0;", 4);
	fill(ring, 3 * RING_SIZE, 7);
	assert_int_equal(point(ring, ring_begin(ring), &modes), ring_end(ring));
	ring_add(ring, "\007", 1);
	assert_int_equal(point(ring, ring_begin(ring), &modes), ring_end(ring));
	str_finish(&modes);
	ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_keeps_the_newest_bytes_by_position),
		cmocka_unit_test(end_of_the_ring_is_an_empty_stretch),
		cmocka_unit_test(young_ring_is_given_from_its_first_byte),
		cmocka_unit_test(without_a_point_the_newest_sequence_is_given_whole),
		cmocka_unit_test(points_are_near_and_never_inside_a_sequence),
		cmocka_unit_test(an_endless_string_leaves_only_the_end_to_begin_at),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
