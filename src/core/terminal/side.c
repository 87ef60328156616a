/* SPDX-License-Identifier: MIT */
#include "core/terminal/side.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#define SIDE_FIRST 64u
#define SIDE_PAUSE (SIDE_MAX / 64)	/* new records between two sweeps at the limit */

void side_finish(struct side *side)
{
	free(side->records);
	free(side->next);
	free(side->buckets);
	free(side->marked);
	*side = (struct side){ 0 };
}

static uint32_t *bucket(const struct side *side, const uint32_t record[6])
{
	uint32_t hash = 2166136261u;

	for (int i = 0; i < 6; i++)
		hash = (hash ^ record[i]) * 16777619u ^ record[i] >> 16;
	return &side->buckets[(hash ^ hash >> 15) & (side->size - 1)];
}

static void enter(struct side *side, uint32_t index)
{
	uint32_t *head = bucket(side, side->records[index]);

	side->next[index] = *head;
	*head = index + 1;
}

/* Make it `size` records; those that are marked (or all) are entered again, the others are free. */
static void rehash(struct side *side, uint32_t size, bool all)
{
	if (size != side->size) {
		side->records = mem_resize(side->records, size, sizeof(*side->records));
		side->next = mem_resize(side->next, size, sizeof(*side->next));
		side->marked = mem_resize(side->marked, size, sizeof(*side->marked));
		side->buckets = mem_resize(side->buckets, size, sizeof(*side->buckets));
		side->size = size;
	}
	memset(side->buckets, 0, side->size * sizeof(*side->buckets));
	side->free = 0;
	side->live = 0;
	for (uint32_t i = 0; i < side->count; i++) {
		if (all || side->marked[i]) {
			enter(side, i);
			side->live++;
		} else {
			side->next[i] = side->free;
			side->free = i + 1;
		}
	}
}

static uint32_t take(struct side *side)
{
	uint32_t index;

	if (side->free) {
		index = side->free - 1;
		side->free = side->next[index];
		return index;
	}
	if (side->count < side->size)
		return side->count++;
	if (side->size)
		return SIDE_FULL;
	rehash(side, SIDE_FIRST < SIDE_MAX ? SIDE_FIRST : SIDE_MAX, true);
	return side->count++;
}

uint32_t side_intern(struct side *side, const uint32_t record[6])
{
	uint32_t index;

	if (side->size) {
		for (uint32_t at = *bucket(side, record); at; at = side->next[at - 1]) {
			if (memcmp(side->records[at - 1], record, sizeof(side->records[0])) == 0)
				return at - 1;
		}
	}
	side->missed++;
	index = take(side);
	if (index == SIDE_FULL)
		return SIDE_FULL;
	memcpy(side->records[index], record, sizeof(side->records[0]));
	enter(side, index);
	side->live++;
	return index;
}

bool side_due(const struct side *side)
{
	return side->size < SIDE_MAX || side->missed >= SIDE_PAUSE;
}

void side_begin(struct side *side)
{
	if (side->size)
		memset(side->marked, 0, side->size * sizeof(*side->marked));
}

bool side_end(struct side *side)
{
	uint32_t size = side->size;

	if (!size)
		return true;
	side->missed = 0;
	rehash(side, size, false);
	/* Grow before it is nearly full of live ones, or each sweep would win little. */
	if (side->live > size / 2 && size < SIDE_MAX)
		rehash(side, size * 2, false);
	return side->live < side->size;
}
