/* SPDX-License-Identifier: MIT */
#include "ui/console/line_search.h"

#include "core/base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

static int compare(struct terminal_point a, struct terminal_point b)
{
	if (a.line != b.line)
		return a.line < b.line ? -1 : 1;
	return a.column < b.column ? -1 : a.column > b.column;
}

bool line_match_next(const struct pattern *pattern, const struct terminal *term, const struct line_text *line,
                     size_t *offset, struct line_match *out)
{
	size_t at, len;

	while (*offset <= line->text.len && pattern_find(pattern, line->text.text, *offset, &at, &len)) {
		struct terminal_point last = line_text_point(line, at + len - 1);

		*offset = at + len;
		out->from = line_text_point(line, at);
		out->to = line_text_point(line, at + len);
		/* At the end of a row: not in the next one. */
		if (out->to.line != last.line) {
			struct cell cell;

			terminal_cell(term, line_row(term, last.line), last.column, &cell);
			out->to = last;
			out->to.column += cell.attributes & CELL_WIDE ? 2 : 1;
		}
		/* Pieces overlap. */
		if (out->from.line >= line->owned)
			return true;
	}
	return false;
}

void line_search_begin(struct line_search *search, struct terminal_point from, bool up)
{
	*search = (struct line_search){ .state = SEARCH_GOES_ON, .up = up, .from = from, .next = from.line };
}

/* The match of a piece that is nearest to where the search began. */
static bool nearest(struct line_search *search, const struct pattern *pattern, const struct terminal *term,
                    const struct line_text *line)
{
	struct line_match match;
	bool any = false;

	for (size_t offset = 0; line_match_next(pattern, term, line, &offset, &match);) {
		int order = compare(match.from, search->from);

		if (search->up ? order >= 0 : order <= 0)
			continue;
		search->found = match;
		any = true;
		if (!search->up)
			break;
	}
	return any;
}

enum search_state line_search_step(struct line_search *search, const struct pattern *pattern, const struct terminal *term)
{
	int64_t oldest = line_oldest(term), end = line_end(term);
	struct line_text line = { 0 };
	int rows = 0;

	if (search->state != SEARCH_GOES_ON)
		return search->state;
	if (search->up && search->next >= end)
		search->next = end - 1;
	if (!search->up && search->next < oldest)
		search->next = oldest;
	for (; rows < SEARCH_ROWS && search->state == SEARCH_GOES_ON; rows += line.rows) {
		if (search->next < oldest || search->next >= end) {
			search->state = SEARCH_FAILED;
			break;
		}
		line_text_read(&line, term, search->next);
		if (nearest(search, pattern, term, &line))
			search->state = SEARCH_FOUND;
		search->next = search->up ? line.first - 1 : line.first + line.rows;
	}
	line_text_finish(&line);
	return search->state;
}

void line_tally_begin(struct line_tally *tally)
{
	tally->count = 0;
	tally->next = INT64_MIN;
	tally->done = false;
}

void line_tally_changed(struct line_tally *tally, const struct terminal *term)
{
	int64_t screen = (int64_t)terminal_lines(term), first = line_first(term, screen);

	if (tally->next > first) {
		while (tally->count > 0 && tally->found[tally->count - 1].line >= first)
			tally->count--;
		tally->next = first;
	}
	tally->done = tally->count >= SEARCH_COUNTED;
}

void line_tally_step(struct line_tally *tally, const struct pattern *pattern, const struct terminal *term)
{
	int64_t end = line_end(term);
	struct line_text line = { 0 };
	struct line_match match;

	if (tally->next < line_oldest(term))
		tally->next = line_oldest(term);
	for (int rows = 0; rows < SEARCH_ROWS && tally->next < end && tally->count < SEARCH_COUNTED; rows += line.rows) {
		line_text_read(&line, term, tally->next);
		for (size_t offset = 0; tally->count < SEARCH_COUNTED && line_match_next(pattern, term, &line, &offset, &match);) {
			tally->found = mem_grow(tally->found, &tally->size, tally->count + 1, sizeof(*tally->found));
			tally->found[tally->count++] = match.from;
		}
		tally->next = line.first + line.rows;
	}
	tally->done = tally->next >= end || tally->count >= SEARCH_COUNTED;
	line_text_finish(&line);
}

/* How many matches begin before the point. */
static size_t before(const struct line_tally *tally, struct terminal_point at)
{
	size_t low = 0, high = tally->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(tally->found[middle], at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void line_tally_text(const struct line_tally *tally, const struct terminal *term, struct terminal_point at, char *out,
                     size_t size)
{
	/* Matches in lines that have been dropped from the history since do not count any more. */
	size_t dropped = before(tally, (struct terminal_point){ line_oldest(term), 0 }), index = before(tally, at);
	const char *more = tally->done && tally->count < SEARCH_COUNTED ? "" : "+";

	if (size > 0)
		out[0] = '\0';
	if (tally->count == dropped)
		return;
	if (index >= dropped && index < tally->count && compare(tally->found[index], at) == 0)
		snprintf(out, size, "%zu/%zu%s", index - dropped + 1, tally->count - dropped, more);
	else
		snprintf(out, size, "%zu%s", tally->count - dropped, more);
}

void line_tally_finish(struct line_tally *tally)
{
	free(tally->found);
	*tally = (struct line_tally){ 0 };
}
