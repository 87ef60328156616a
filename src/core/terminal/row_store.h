/* SPDX-License-Identifier: MIT */
#ifndef CORE_TERMINAL_ROW_STORE_H
#define CORE_TERMINAL_ROW_STORE_H

#include "core/terminal/grid_row.h"
#include "core/terminal/side.h"

#include <stddef.h>

/*
 * The history of a grid: a queue of rows in packed form. The text takes one byte
 * a cell if all of it is below U+0100, two below U+FFFF and four otherwise; pens
 * are runs, and take nothing where all are 0. Rows lie one behind the other in
 * chunks; a chunk whose rows are all evicted is used for new ones, so a store
 * that has reached its limit allocates nothing. Only the grid uses this.
 */
#ifndef ROW_STORE_CHUNK
#define ROW_STORE_CHUNK 8192u 		/* bytes; at most 65536 */
#endif

struct row_store *row_store_new(void);
void row_store_free(struct row_store *);
size_t row_store_count(const struct row_store *);
size_t row_store_bytes(const struct row_store *);

void row_store_push(struct row_store *, const struct grid_row *);	/* behind the newest */
/* Moves the newest row into `out`, whose cells may be reallocated. The store must not be empty. */
void row_store_pop(struct row_store *, struct grid_row *out);
void row_store_evict(struct row_store *);				/* the oldest, if there is one */
void row_store_end_line(struct row_store *);	/* the newest row, if any, no longer continues on the next one */
/* Returns a row, 0 being the oldest, which must exist; valid until the store changes or two others are read. */
const struct grid_row *row_store_row(struct row_store *, size_t index);
void row_store_mark(const struct row_store *, struct side *marks, struct side *pens);

#endif
