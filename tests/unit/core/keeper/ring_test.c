/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Also built with RING_SIZE=8, so every size here counts in it. */

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_keeps_the_newest_bytes_by_position),
		cmocka_unit_test(end_of_the_ring_is_an_empty_stretch),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
