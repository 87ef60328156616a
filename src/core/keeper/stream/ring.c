/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/ring.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct ring {
	uint64_t end;
	unsigned char bytes[RING_SIZE];
};

struct ring *ring_new(void)
{
	return mem_alloc(sizeof(struct ring));
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

void ring_add(struct ring *ring, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	while (len) {
		size_t at = ring->end % RING_SIZE;
		size_t part = RING_SIZE - at < len ? RING_SIZE - at : len;

		memcpy(ring->bytes + at, bytes, part);
		ring->end += part;
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
