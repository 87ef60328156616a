/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_RING_H
#define CORE_KEEPER_STREAM_RING_H

#include "core/keeper/stream/tracker.h"

#include <stddef.h>
#include <stdint.h>

/*
 * The newest RING_SIZE bytes of the console, addressed by their position in
 * the whole stream (the first byte is 0). About every RING_POINT bytes, the
 * terminal modes are stored. Allocates once, in ring_new.
 */
#ifndef RING_SIZE
#define RING_SIZE (1024 * 1024)
#endif
#ifndef RING_POINT
#define RING_POINT (64 * 1024)
#endif

struct ring;

struct ring *ring_new(void);
void ring_free(struct ring *);
void ring_add(struct ring *, const void *bytes, size_t len);
uint64_t ring_end(const struct ring *);		/* position after the newest byte */
uint64_t ring_begin(const struct ring *);	/* position of the oldest byte */
/* Returns up to *len contiguous bytes from a position in [begin, end], and sets *len to their number. */
const void *ring_at(const struct ring *, uint64_t position, size_t *len);
/* Returns the first position at or after `position` where a client can begin, and writes the bytes to send first to modes_out. */
uint64_t ring_point(const struct ring *, uint64_t position, struct str *modes_out);

#endif
