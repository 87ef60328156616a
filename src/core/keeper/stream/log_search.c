/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_search.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_file.h"
#include "core/keeper/stream/log_match.h"
#include "core/keeper/stream/log_text.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER (LOG_SEARCH_STEP + 2 * LOG_FILE_BLOCK)	/* a step is extended to whole lines */

struct lines {
	uint64_t *items;
	size_t count, size;
};

struct log_search {
	struct log_file *file;
	const struct log_match *match, *also;
	uint64_t low, high;	/* what has been read; both are lines */
	struct lines up, down;	/* above and below the start; up begins with the last one */
	struct str text;
	char *bytes, *folded;	/* of the current step */
};

struct log_search *log_search_new(struct log_file *file, const struct log_match *match, const struct log_match *also,
                                  uint64_t from)
{
	struct log_search *search = mem_alloc(sizeof(*search));
	uint64_t last = log_file_line(file, log_file_size(file));

	search->file = file;
	search->match = match;
	search->also = also;
	/* The last line can grow, so it is not above the start. */
	search->low = search->high = log_file_line(file, from < last ? from : last);
	search->bytes = mem_alloc(BUFFER + 1);
	search->folded = mem_alloc(BUFFER);
	str_init(&search->text);
	return search;
}

void log_search_free(struct log_search *search)
{
	if (!search)
		return;
	free(search->up.items);
	free(search->down.items);
	free(search->bytes);
	free(search->folded);
	str_finish(&search->text);
	free(search);
}

static void add(struct lines *lines, uint64_t line)
{
	lines->items = mem_grow(lines->items, &lines->size, lines->count + 1, sizeof(lines->items[0]));
	lines->items[lines->count++] = line;
}

/* True for a byte that makes a line look different from its bytes. Reads at[1]. */
static bool is_special(const char *at)
{
	return (*at == '\033') | (*at == '\b') | ((*at == '\r') & (at[1] != '\n'));
}

/* Returns the first special byte from `at` on, or end. Reads *end. */
static const char *next_special(const char *at, const char *end)
{
	/* A loop of fixed length that does not end early is compiled to a few instructions for all bytes at once. */
	while (end - at >= 64) {
		unsigned char any = 0;

		for (int i = 0; i < 64; i++)
			any |= is_special(at + i);
		if (any)
			break;
		at += 64;
	}
	while (at < end && !is_special(at))
		at++;
	return at;
}

static bool matches(struct log_search *search, const char *line, size_t len)
{
	log_text(line, len, &search->text);
	return log_match_line(search->match, search->text.text) &&
	       (!search->also || log_match_line(search->also, search->text.text));
}

/*
 * Adds the matching lines of a step. Most lines of a text search are not looked at: a line can only match if the text
 * is in its bytes, or if it has bytes that make it look different.
 */
static void read_lines(struct log_search *search, uint64_t begin, size_t len, struct lines *out)
{
	const char *bytes = search->bytes, *folded = search->folded;
	const bool is_text = log_match_is_text(search->match);
	size_t at = 0, raw = 0, special = 0;
	bool have_raw = false, have_special = false;

	if (is_text) {
		memcpy(search->folded, bytes, len);
		log_match_fold(search->match, search->folded, len);
	}
	while (at < len) {
		if (is_text && (!have_raw || raw < at)) {
			raw = at + log_match_raw(search->match, folded + at, len - at);
			have_raw = true;
		}
		if (is_text && (!have_special || special < at)) {
			special = (size_t)(next_special(bytes + at, bytes + len) - bytes);
			have_special = true;
		}

		uint64_t line = begin + at;
		size_t next = len;

		if (is_text) {
			size_t candidate = raw < special ? raw : special;

			if (candidate >= len)
				return;
			line = log_file_line(search->file, begin + candidate);
			if (line < begin + at)
				line = begin + at;
			at = (size_t)(line - begin);
		}
		next = (size_t)(log_file_next(search->file, line) - begin);
		if (next > len || next <= at)
			next = len;

		size_t end = next > at && bytes[next - 1] == '\n' ? next - 1 : next;

		if (matches(search, bytes + at, end - at))
			add(out, line);
		at = next;
	}
}

bool log_search_more(const struct log_search *search, bool up)
{
	return up ? search->low > 0 && search->up.count < LOG_SEARCH_MOST
		  : search->high < log_file_size(search->file) && search->down.count < LOG_SEARCH_MOST;
}

bool log_search_covers(const struct log_search *search, uint64_t position, bool up)
{
	return (up ? search->low <= position : search->high >= position) || !log_search_more(search, up);
}

static void reverse(struct lines *lines, size_t from)
{
	for (size_t to = lines->count; from + 1 < to; from++) {
		uint64_t line = lines->items[--to];

		lines->items[to] = lines->items[from];
		lines->items[from] = line;
	}
}

bool log_search_step(struct log_search *search, bool up)
{
	uint64_t size = log_file_size(search->file), from, to;
	size_t had = search->up.count, len;

	if (!log_search_more(search, up))
		return false;
	if (up) {
		to = search->low;
		from = to > LOG_SEARCH_STEP ? log_file_line(search->file, to - LOG_SEARCH_STEP) : 0;
	} else {
		from = search->high;
		to = size - from > LOG_SEARCH_STEP ? log_file_line(search->file, from + LOG_SEARCH_STEP) : size;
	}
	len = log_file_read(search->file, from, search->bytes, (size_t)(to - from));
	search->bytes[len] = '\n';
	read_lines(search, from, len, up ? &search->up : &search->down);
	if (up) {
		reverse(&search->up, had);
		search->low = from;
	} else {
		search->high = to;
	}
	return log_search_more(search, up);
}

void log_search_grown(struct log_search *search)
{
	uint64_t last = log_file_line(search->file, search->high);

	/* What was the last line may be longer now. */
	if (search->high == last || search->high <= search->low)
		return;
	search->high = last > search->low ? last : search->low;
	while (search->down.count > 0 && search->down.items[search->down.count - 1] >= search->high)
		search->down.count--;
}

size_t log_search_count(const struct log_search *search)
{
	return search->up.count + search->down.count;
}

uint64_t log_search_line(const struct log_search *search, size_t index)
{
	return index < search->up.count ? search->up.items[search->up.count - 1 - index]
					: search->down.items[index - search->up.count];
}

size_t log_search_index(const struct log_search *search, uint64_t position)
{
	size_t from = 0, to = log_search_count(search);

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (log_search_line(search, middle) < position)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}
