/* SPDX-License-Identifier: MIT */
#include "core/terminal/row_store.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * A packed row: version (8 bytes), flags and number of cells (4), the pen `fill` if it is not 0 (4), the text, and
 * the runs of pens: pen (4) and end (4) of each, up to the number of cells. The chunk's end holds an offset for each row.
 */
#define HEAD 12u
#define RUN 8u
#define USED_BITS 24
#define USED_MAX ((1 << USED_BITS) - 1)
#define BLOCK 16			/* cells packed at once, so that a compiler can use vectors */
#define SHORT_TAIL 0xffffu		/* GRID_TAIL in two bytes */

enum packed_flag {
	PACKED_UNIT = 3,		/* log2 of bytes for the text of a cell */
	PACKED_RUNS = 1 << 2, PACKED_FILL = 1 << 3, PACKED_WRAPPED = 1 << 4
};

struct chunk {
	uint64_t first;			/* number of its first row */
	uint32_t rows, used, size;
	unsigned char data[];
};

struct row_store {
	struct chunk **ring;
	size_t ring_size, head, chunks;	/* ring_size: 0 or a power of two */
	struct chunk *spare;
	uint64_t first, end;		/* rows in the order in which they came: the oldest, one after the newest */
	size_t bytes;			/* of chunks and the ring */
	struct grid_row scratch[2];
	int last;			/* scratch row that was returned last */
};

struct packed {				/* a view of a packed row */
	uint64_t version;
	const unsigned char *text, *runs;
	int used;
	uint32_t fill;
	unsigned flags;
};

static uint32_t load32(const unsigned char *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static unsigned char *store32(unsigned char *to, uint32_t value)
{
	memcpy(to, &value, sizeof(value));
	return to + sizeof(value);
}

struct row_store *row_store_new(void)
{
	return mem_alloc(sizeof(struct row_store));
}

void row_store_free(struct row_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->chunks; i++)
		free(store->ring[(store->head + i) & (store->ring_size - 1)]);
	free(store->ring);
	free(store->spare);
	free(store->scratch[0].cells);
	free(store->scratch[1].cells);
	free(store);
}

size_t row_store_count(const struct row_store *store)
{
	return store ? (size_t)(store->end - store->first) : 0;
}

size_t row_store_bytes(const struct row_store *store)
{
	if (!store)
		return 0;
	return sizeof(*store) + store->bytes
	       + (size_t)(store->scratch[0].capacity + store->scratch[1].capacity) * sizeof(struct grid_cell);
}

static struct chunk *chunk_at(const struct row_store *store, size_t index)
{
	return store->ring[(store->head + index) & (store->ring_size - 1)];
}

/* Packing. */

/* Text of one byte a cell. Returns all bits that are set in any text, and in `differ` those in which pens differ. */
static uint32_t pack_bytes(const struct grid_cell *restrict cells, int count, unsigned char *restrict out, uint32_t *differ)
{
	uint32_t all = 0, other = 0, pen = cells->pen;
	int i = 0;

	for (; i + BLOCK <= count; i += BLOCK) {
		for (int k = 0; k < BLOCK; k++) {
			all |= cells[i + k].text;
			other |= cells[i + k].pen ^ pen;
			out[i + k] = (unsigned char)cells[i + k].text;
		}
		if (all > 0xff)
			return all;
	}
	for (; i < count; i++) {
		all |= cells[i].text;
		other |= cells[i].pen ^ pen;
		out[i] = (unsigned char)cells[i].text;
	}
	*differ = other;
	return all;
}

/* Text of two bytes a cell. Returns false if it does not fit. */
static bool pack_halves(const struct grid_cell *restrict cells, int count, unsigned char *restrict out, uint32_t *differ)
{
	uint32_t over = 0, other = 0, pen = cells->pen;

	for (int i = 0; i < count; i += BLOCK) {
		int size = count - i < BLOCK ? count - i : BLOCK;
		uint16_t block[BLOCK];

		for (int k = 0; k < size; k++) {
			uint32_t text = cells[i + k].text;

			over |= (text == SHORT_TAIL ? 1u : 0u) | (text == GRID_TAIL ? 0u : text >> 16);
			other |= cells[i + k].pen ^ pen;
			block[k] = (uint16_t)(text == GRID_TAIL ? SHORT_TAIL : text);
		}
		memcpy(out + sizeof(*block) * (size_t)i, block, sizeof(*block) * (size_t)size);
		if (over)
			return false;
	}
	*differ = other;
	return true;
}

static void pack_words(const struct grid_cell *cells, int count, unsigned char *out, uint32_t *differ)
{
	*differ = 0;
	for (int i = 0; i < count; i++) {
		out = store32(out, cells[i].text);
		*differ |= cells[i].pen ^ cells->pen;
	}
}

/* Returns the end of what was written, or NULL if that is beyond `end`. */
static unsigned char *pack_runs(const struct grid_cell *cells, int count, unsigned char *out, const unsigned char *end)
{
	for (int i = 0; i < count;) {
		uint32_t pen = cells[i].pen;

		while (i < count && cells[i].pen == pen)
			i++;
		if (end - out < (ptrdiff_t)RUN)
			return NULL;
		out = store32(store32(out, pen), (uint32_t)i);
	}
	return out;
}

/* Writes text and runs to `at`. Returns their end, or NULL if there is not enough room. */
static unsigned char *pack_cells(const struct grid_row *row, int used, unsigned char *at, const unsigned char *end,
                                 unsigned *flags)
{
	uint32_t differ = 0;
	unsigned unit = 0;

	if (used == 0)
		return at;
	if (end - at < used)
		return NULL;
	if (pack_bytes(row->cells, used, at, &differ) > 0xff) {
		if (end - at < 2 * (ptrdiff_t)used)
			return NULL;
		unit = pack_halves(row->cells, used, at, &differ) ? 1 : 2;
	}
	if (unit == 2) {
		if (end - at < 4 * (ptrdiff_t)used)
			return NULL;
		pack_words(row->cells, used, at, &differ);
	}
	*flags |= unit;
	at += (size_t)used << unit;
	if (!differ && row->cells[0].pen == 0)
		return at;
	*flags |= PACKED_RUNS;
	return pack_runs(row->cells, used, at, end);
}

/* Returns the number of bytes, or 0 if there is not enough room. */
static size_t pack(const struct grid_row *row, int used, unsigned char *out, size_t room)
{
	const unsigned char *end = out + room;
	unsigned flags = (row->wrapped ? PACKED_WRAPPED : 0u);
	unsigned char *at = out + HEAD;

	if (room < HEAD + 4)
		return 0;
	if (row->fill) {
		flags |= PACKED_FILL;
		at = store32(at, row->fill);
	}
	at = pack_cells(row, used, at, end, &flags);
	if (!at)
		return 0;
	memcpy(out, &row->version, sizeof(row->version));
	store32(out + sizeof(row->version), (uint32_t)used | (uint32_t)flags << USED_BITS);
	return (size_t)(at - out);
}

static struct packed view(const unsigned char *from)
{
	struct packed row = { .text = from + HEAD };
	uint32_t head = load32(from + sizeof(row.version));

	memcpy(&row.version, from, sizeof(row.version));
	row.used = (int)(head & USED_MAX);
	row.flags = head >> USED_BITS;
	if (row.flags & PACKED_FILL) {
		row.fill = load32(row.text);
		row.text += sizeof(row.fill);
	}
	row.runs = row.text + ((size_t)row.used << (row.flags & PACKED_UNIT));
	return row;
}

static uint32_t text_at(const struct packed *row, int column)
{
	uint16_t half;

	switch (row->flags & PACKED_UNIT) {
	case 0:
		return row->text[column];
	case 1:
		memcpy(&half, row->text + 2 * (size_t)column, sizeof(half));
		return half == SHORT_TAIL ? GRID_TAIL : half;
	default:
		return load32(row->text + 4 * (size_t)column);
	}
}

static void unpack(const unsigned char *from, struct grid_row *out)
{
	struct packed row = view(from);
	const unsigned char *run = row.runs;
	int end = row.flags & PACKED_RUNS ? 0 : row.used;
	uint32_t pen = 0;

	if (row.used > out->capacity) {
		free(out->cells);
		out->cells = mem_array((size_t)row.used, sizeof(*out->cells));
		out->capacity = row.used;
	}
	for (int i = 0; i < row.used;) {
		if (i == end) {
			pen = load32(run);
			end = (int)load32(run + 4);
			run += RUN;
		}
		for (; i < end; i++)
			out->cells[i] = (struct grid_cell){ .text = text_at(&row, i), .pen = pen };
	}
	out->used = row.used;
	out->fill = row.fill;
	out->version = row.version;
	out->wrapped = row.flags & PACKED_WRAPPED;
}

/* The queue. */

static unsigned char *row_bytes(struct chunk *chunk, uint32_t index)
{
	uint16_t offset;

	memcpy(&offset, chunk->data + chunk->size - sizeof(offset) * ((size_t)index + 1), sizeof(offset));
	return chunk->data + offset;
}

static unsigned char *find(const struct row_store *store, uint64_t number)
{
	size_t low = 0, high = store->chunks;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (chunk_at(store, middle)->first <= number)
			low = middle;
		else
			high = middle;
	}
	return row_bytes(chunk_at(store, low), (uint32_t)(number - chunk_at(store, low)->first));
}

static void grow_ring(struct row_store *store)
{
	size_t size = store->ring_size ? store->ring_size * 2 : 4;
	struct chunk **ring = mem_array(size, sizeof(*ring));

	for (size_t i = 0; i < store->chunks; i++)
		ring[i] = chunk_at(store, i);
	free(store->ring);
	store->bytes += (size - store->ring_size) * sizeof(struct chunk *);
	store->ring = ring;
	store->ring_size = size;
	store->head = 0;
}

static void drop(struct row_store *store, struct chunk *chunk)
{
	if (!store->spare && chunk->size == ROW_STORE_CHUNK) {
		store->spare = chunk;
		return;
	}
	store->bytes -= sizeof(*chunk) + chunk->size;
	free(chunk);
}

static struct chunk *add_chunk(struct row_store *store, size_t need)
{
	size_t size = need > ROW_STORE_CHUNK ? need : ROW_STORE_CHUNK;
	struct chunk *chunk = store->spare;

	if (chunk && chunk->size == size) {
		store->spare = NULL;
	} else {
		chunk = mem_resize(NULL, sizeof(*chunk) + size, 1);
		chunk->size = (uint32_t)size;
		store->bytes += sizeof(*chunk) + size;
	}
	chunk->first = store->end;
	chunk->rows = chunk->used = 0;
	if (store->chunks == store->ring_size)
		grow_ring(store);
	store->ring[(store->head + store->chunks++) & (store->ring_size - 1)] = chunk;
	return chunk;
}

/* Room for the next row; offsets have 16 bits, so a row that has a larger chunk has it alone. */
static size_t room_in(const struct chunk *chunk)
{
	size_t taken = chunk->used + sizeof(uint16_t) * ((size_t)chunk->rows + 1);

	return taken < chunk->size && (chunk->size == ROW_STORE_CHUNK || chunk->rows == 0) ? chunk->size - taken : 0;
}

void row_store_push(struct row_store *store, const struct grid_row *row)
{
	struct chunk *chunk = store->chunks ? chunk_at(store, store->chunks - 1) : NULL;
	int used = row->used < USED_MAX ? row->used : USED_MAX;
	size_t len = 0;
	uint16_t offset;

	while (used > 0 && row->cells[used - 1].text == 0 && row->cells[used - 1].pen == row->fill)
		used--;
	if (chunk)
		len = pack(row, used, chunk->data + chunk->used, room_in(chunk));
	if (len == 0) {
		chunk = add_chunk(store, HEAD + 4 + (4 + RUN) * (size_t)used + sizeof(offset));
		len = pack(row, used, chunk->data, room_in(chunk));
		assert(len > 0);
	}
	offset = (uint16_t)chunk->used;
	chunk->used += (uint32_t)len;
	chunk->rows++;
	memcpy(chunk->data + chunk->size - sizeof(offset) * chunk->rows, &offset, sizeof(offset));
	store->end++;
}

void row_store_pop(struct row_store *store, struct grid_row *out)
{
	struct chunk *chunk = chunk_at(store, store->chunks - 1);
	unsigned char *from = row_bytes(chunk, chunk->rows - 1);

	assert(store->end > store->first);
	unpack(from, out);
	chunk->used = (uint32_t)(from - chunk->data);
	store->end--;
	if (--chunk->rows == 0 || store->end == store->first) {
		store->chunks--;
		drop(store, chunk);
	}
}

void row_store_evict(struct row_store *store)
{
	struct chunk *chunk;

	if (store->first == store->end)
		return;
	chunk = chunk_at(store, 0);
	if (++store->first == chunk->first + chunk->rows) {
		store->head = (store->head + 1) & (store->ring_size - 1);
		store->chunks--;
		drop(store, chunk);
	}
}

void row_store_end_line(struct row_store *store)
{
	unsigned char *head;

	if (row_store_count(store) == 0)
		return;
	head = find(store, store->end - 1) + sizeof(uint64_t);
	store32(head, load32(head) & ~((uint32_t)PACKED_WRAPPED << USED_BITS));
	store->scratch[0].version = store->scratch[1].version = 0;	/* no row has that */
}

const struct grid_row *row_store_row(struct row_store *store, size_t index)
{
	const unsigned char *from = find(store, store->first + index);
	uint64_t version;

	/* Packed rows do not change, so a version says whether a scratch row holds it. */
	memcpy(&version, from, sizeof(version));
	if (store->scratch[store->last].version == version)
		return &store->scratch[store->last];
	store->last = !store->last;
	if (store->scratch[store->last].version != version)
		unpack(from, &store->scratch[store->last]);
	return &store->scratch[store->last];
}

static void mark_row(const unsigned char *from, struct side *marks, struct side *pens)
{
	struct packed row = view(from);
	int end = row.flags & PACKED_RUNS ? 0 : row.used;

	if (row.fill & GRID_RGB)
		pens->marked[row.fill & ~GRID_RGB] = true;
	for (const unsigned char *run = row.runs; end < row.used; run += RUN) {
		if (load32(run) & GRID_RGB)
			pens->marked[load32(run) & ~GRID_RGB] = true;
		end = (int)load32(run + 4);
	}
	if ((row.flags & PACKED_UNIT) < 2)
		return;
	for (int i = 0; i < row.used; i++) {
		if (text_at(&row, i) & GRID_MARKS)
			marks->marked[text_at(&row, i) & ~GRID_MARKS] = true;
	}
}

void row_store_mark(const struct row_store *store, struct side *marks, struct side *pens)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->chunks; i++) {
		struct chunk *chunk = chunk_at(store, i);

		for (uint32_t k = 0; k < chunk->rows; k++) {
			if (chunk->first + k >= store->first)
				mark_row(row_bytes(chunk, k), marks, pens);
		}
	}
}
