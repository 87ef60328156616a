/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_RING_H
#define CORE_KEEPER_STREAM_RING_H

#include <stddef.h>
#include <stdint.h>

/*
 * The newest RING_SIZE bytes of the console, addressed by their position in
 * the whole stream (the first byte is 0): what clients have not read yet.
 * Allocates once, in ring_new.
 */
#ifndef RING_SIZE
#define RING_SIZE (128 * 1024)
#endif

struct ring;

struct ring *ring_new(void);
void ring_free(struct ring *);
void ring_add(struct ring *, const void *bytes, size_t len);
uint64_t ring_end(const struct ring *);		/* position after the newest byte */
uint64_t ring_begin(const struct ring *);	/* position of the oldest byte */
/* Returns up to *len contiguous bytes from a position in [begin, end], and sets *len to their number. */
const void *ring_at(const struct ring *, uint64_t position, size_t *len);

#endif
