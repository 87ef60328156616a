/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/ring.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

/* Points are at least RING_POINT apart: this many are in the ring, and one precedes it. */
#define POINTS (RING_SIZE / RING_POINT + 2)

struct point {
	uint64_t position;
	struct modes modes;
};

struct ring {
	uint64_t end;
	uint64_t due;		/* position at or after which the next point is due */
	struct tracker tracker;
	size_t first, count;	/* in points[] */
	struct point point[POINTS];
	unsigned char bytes[RING_SIZE];
};

struct ring *ring_new(void)
{
	struct ring *ring = mem_alloc(sizeof(*ring));

	tracker_init(&ring->tracker);
	ring->due = RING_POINT;
	ring->count = 1;
	ring->point[0].modes = ring->tracker.modes;
	return ring;
}

void ring_free(struct ring *ring)
{
	free(ring);
}

uint64_t ring_end(const struct ring *ring)
{
	return ring->end;
}

uint64_t ring_begin(const struct ring *ring)
{
	return ring->end > RING_SIZE ? ring->end - RING_SIZE : 0;
}

static void store(struct ring *ring, const unsigned char *bytes, size_t len)
{
	while (len) {
		size_t at = ring->end % RING_SIZE;
		size_t part = RING_SIZE - at < len ? RING_SIZE - at : len;

		memcpy(ring->bytes + at, bytes, part);
		ring->end += part;
		bytes += part;
		len -= part;
	}
}

static void add_point(struct ring *ring)
{
	while (ring->count && ring->point[ring->first].position < ring_begin(ring)) {
		ring->first = (ring->first + 1) % POINTS;
		ring->count--;
	}

	struct point *point = &ring->point[(ring->first + ring->count++) % POINTS];

	point->position = ring->end;
	point->modes = ring->tracker.modes;
	ring->due = ring->end + RING_POINT;
}

/*
 * Returns how many of the bytes to add before the next check for a point. The
 * best position is after a newline, where the cursor is most likely at the left
 * edge; if none comes for long, any position between two sequences is used.
 */
static size_t stretch(const struct ring *ring, const unsigned char *bytes, size_t len)
{
	if (ring->end < ring->due)
		return ring->due - ring->end < len ? (size_t)(ring->due - ring->end) : len;
	if (ring->end >= ring->due + RING_POINT / 4)
		return 1;

	size_t most = (size_t)(ring->due + RING_POINT / 4 - ring->end);
	size_t look = most < len ? most : len;
	const unsigned char *newline = memchr(bytes, '\n', look);

	return newline ? (size_t)(newline - bytes) + 1 : look;
}

void ring_add(struct ring *ring, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	while (len) {
		size_t part = stretch(ring, bytes, len);

		tracker_feed(&ring->tracker, bytes, part);
		store(ring, bytes, part);
		if (ring->end >= ring->due && tracker_between(&ring->tracker) &&
		    (bytes[part - 1] == '\n' || ring->end >= ring->due + RING_POINT / 4))
			add_point(ring);
		bytes += part;
		len -= part;
	}
}

const void *ring_at(const struct ring *ring, uint64_t position, size_t *len)
{
	size_t at = position % RING_SIZE;
	uint64_t left = ring->end - position;

	*len = left < RING_SIZE - at ? (size_t)left : RING_SIZE - at;
	return ring->bytes + at;
}

uint64_t ring_point(const struct ring *ring, uint64_t position, struct str *modes_out)
{
	for (size_t i = 0; i < ring->count; i++) {
		const struct point *point = &ring->point[(ring->first + i) % POINTS];

		if (point->position >= position && point->position >= ring_begin(ring)) {
			/* At position 0 no modes are sent, so that the output is exactly that of the guest. */
			if (point->position > 0)
				modes_write(&point->modes, modes_out);
			return point->position;
		}
	}

	/* No point: use the end, or the start of the unfinished sequence. */
	uint64_t now = ring->end - tracker_pending(&ring->tracker);

	tracker_modes(&ring->tracker, modes_out);
	return now >= position && now >= ring_begin(ring) ? now : ring->end;
}
