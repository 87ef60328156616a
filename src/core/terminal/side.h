/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_SIDE_H
#define CORE_TERMINAL_SIDE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Records of six numbers for what does not fit a cell. They are shared and
 * have no count: when the table is full, the owner marks those still in use
 * and the others are reused.
 */
#ifndef SIDE_MAX
#define SIDE_MAX (1u << 18)
#endif

struct side {
	uint32_t (*records)[6];
	uint32_t *next;			/* of a record with the same hash, or of the free list; 1 + index */
	uint32_t *buckets;		/* 1 + index, `size` of them */
	bool *marked;
	uint32_t size, count, free;	/* size: a power of two, or 0 */
	uint32_t live;			/* in use as far as known */
	uint32_t missed;		/* records that were not found since the last sweep */
};

#define SIDE_FULL UINT32_MAX

void side_finish(struct side *);
/* Returns the index of the record, or SIDE_FULL if a sweep is needed first. */
uint32_t side_intern(struct side *, const uint32_t record[6]);
/*
 * Whether a sweep of a full table is due. A sweep looks at all cells; at the limit it may win nothing, so there it has
 * to be earned by as many new records as pay for it.
 */
bool side_due(const struct side *);
/* A sweep: side_begin, grid_mark for each grid, side_end, which returns false if the table is still at its limit. */
void side_begin(struct side *);
bool side_end(struct side *);

#endif
