/* SPDX-License-Identifier: MIT */
#include "ui/details/log_pager.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"
#include "core/keeper/stream/log_file.h"
#include "core/keeper/stream/log_match.h"
#include "core/keeper/stream/log_search.h"
#include "core/keeper/stream/log_text.h"
#include "core/terminal/width.h"

#include <stdlib.h>
#include <string.h>

void log_pager_init(struct log_pager *pager)
{
	*pager = (struct log_pager){ .rows = 1, .columns = 80, .follows = true };
	str_init(&pager->text);
}

static void forget_shown(struct log_pager *pager)
{
	for (size_t i = 0; i < pager->shown_count; i++)
		free(pager->shown[i].text);
	pager->shown_count = pager->row_count = 0;
}

static void forget_lines(struct log_pager *pager)
{
	log_search_free(pager->kept);
	log_search_free(pager->found);
	pager->kept = pager->found = NULL;
	pager->seeking = pager->has_current = pager->failed = false;
}

void log_pager_close(struct log_pager *pager)
{
	forget_lines(pager);
	forget_shown(pager);
	log_file_close(pager->file);
	pager->file = NULL;
}

void log_pager_finish(struct log_pager *pager)
{
	log_pager_close(pager);
	log_match_free(pager->filter);
	log_match_free(pager->match);
	free(pager->shown);
	free(pager->row);
	free(pager->bytes);
	str_finish(&pager->text);
}

/* Lines. */

static bool line_before(struct log_pager *pager, uint64_t line, uint64_t *out)
{
	if (pager->filter) {
		size_t index = log_search_index(pager->kept, line);

		if (index == 0)
			return false;
		*out = log_search_line(pager->kept, index - 1);
		return true;
	}
	if (line == 0)
		return false;
	*out = log_file_line(pager->file, line - 1);
	return true;
}

bool log_pager_line_from(struct log_pager *pager, uint64_t position, uint64_t *line)
{
	if (pager->filter) {
		size_t index = log_search_index(pager->kept, position);

		if (index == log_search_count(pager->kept))
			return false;
		*line = log_search_line(pager->kept, index);
		return true;
	}
	*line = position;
	return position < log_file_size(pager->file);
}

static bool line_after(struct log_pager *pager, uint64_t line, uint64_t *out)
{
	return log_pager_line_from(pager, pager->filter ? line + 1 : log_file_next(pager->file, line), out);
}

static void read_text(struct log_pager *pager, uint64_t line)
{
	uint64_t next;

	if (!pager->bytes)
		pager->bytes = mem_alloc((size_t)2 * LOG_FILE_BLOCK);

	size_t len = log_file_text(pager->file, line, pager->bytes, &next);

	log_text(pager->bytes, len, &pager->text);
}

/* The end of the row that begins at `from`: at least one character, even if it is too wide. */
static size_t row_end(const struct log_pager *pager, const char *text, size_t from)
{
	int columns = 0;
	size_t at = from;

	while (text[at] != '\0') {
		uint32_t character = '?';
		size_t len = utf8_decode(text + at, strnlen(text + at, 4), &character);
		int width = width_of(character);

		columns += width > 0 ? width : 0;
		if (columns > pager->columns && at > from)
			break;
		at += len > 0 ? len : 1;
	}
	return at;
}

static size_t count_rows(struct log_pager *pager, uint64_t line)
{
	size_t rows = 0, at = 0;

	read_text(pager, line);
	do {
		at = row_end(pager, pager->text.text, at);
		rows++;
	} while (at < pager->text.len);
	return rows;
}

/* Places. */

static bool is_above(struct log_place a, struct log_place b)
{
	return a.line < b.line || (a.line == b.line && a.row < b.row);
}

static bool row_up(struct log_pager *pager, struct log_place *place)
{
	if (place->row > 0) {
		place->row--;
		return true;
	}
	if (!line_before(pager, place->line, &place->line))
		return false;
	place->row = count_rows(pager, place->line) - 1;
	return true;
}

static bool row_down(struct log_pager *pager, struct log_place *place)
{
	uint64_t line;

	if (place->row + 1 < count_rows(pager, place->line)) {
		place->row++;
		return true;
	}
	if (!line_after(pager, place->line, &line))
		return false;
	*place = (struct log_place){ line, 0 };
	return true;
}

static void move_place(struct log_pager *pager, struct log_place *place, long rows)
{
	for (; rows < 0 && row_up(pager, place); rows++) {}
	for (; rows > 0 && row_down(pager, place); rows--) {}
}

static void find_last_top(struct log_pager *pager)
{
	struct log_place place = { log_file_size(pager->file), 0 };

	if (row_up(pager, &place))
		move_place(pager, &place, -(long)(pager->rows - 1));
	else
		place = (struct log_place){ 0, 0 };
	pager->last_top = place;
}

static void add_line(struct log_pager *pager, uint64_t line, size_t skip)
{
	size_t at = 0, end, rows = 0;

	read_text(pager, line);
	pager->shown = mem_grow(pager->shown, &pager->shown_size, pager->shown_count + 1, sizeof(pager->shown[0]));

	struct log_shown *shown = &pager->shown[pager->shown_count++];

	*shown = (struct log_shown){ .line = line, .text = mem_strdup(pager->text.text) };
	shown->timed = log_file_time(pager->file, line, &shown->ms);
	do {
		end = row_end(pager, shown->text, at);
		if (rows++ >= skip && pager->row_count < (size_t)pager->rows)
			pager->row[pager->row_count++] = (struct log_row){ pager->shown_count - 1, at, end - at };
		at = end;
	} while (shown->text[at] != '\0' && pager->row_count < (size_t)pager->rows);
}

/* Reads what is in the window. */
static void lay_out(struct log_pager *pager)
{
	uint64_t line;
	size_t skip = pager->top.row;

	forget_shown(pager);
	if (!pager->file)
		return;
	pager->row = mem_grow(pager->row, &pager->row_size, (size_t)pager->rows, sizeof(pager->row[0]));

	bool more = log_pager_line_from(pager, pager->top.line, &line);

	while (more && pager->row_count < (size_t)pager->rows) {
		add_line(pager, line, skip);
		skip = 0;
		more = line_after(pager, line, &line);
	}
}

/* Shows the window from this place on, or as far down as there are lines. */
static void place_top(struct log_pager *pager, struct log_place place)
{
	uint64_t line;

	find_last_top(pager);
	if (log_pager_line_from(pager, place.line, &line) && line != place.line)
		place = (struct log_place){ line, 0 };
	pager->top = is_above(pager->last_top, place) ? pager->last_top : place;
	lay_out(pager);
}

void log_pager_go(struct log_pager *pager, struct log_place place)
{
	if (!pager->file)
		return;
	place_top(pager, place);
	pager->wanted = place;
	pager->failed = false;
}

/* The same for a place that was reached from what is shown: what is read later does not move the window. */
static void go_and_stay(struct log_pager *pager, struct log_place place)
{
	log_pager_go(pager, place);
	pager->wanted = pager->top;
}

void log_pager_move(struct log_pager *pager, long rows)
{
	if (!pager->file)
		return;
	move_place(pager, &pager->top, rows);
	go_and_stay(pager, pager->top);
	pager->follows = rows > 0 ? !is_above(pager->top, pager->last_top) : rows == 0 && pager->follows;
}

void log_pager_first(struct log_pager *pager)
{
	go_and_stay(pager, (struct log_place){ 0, 0 });
	pager->follows = false;
}

void log_pager_last(struct log_pager *pager)
{
	go_and_stay(pager, (struct log_place){ UINT64_MAX, 0 });
	pager->follows = true;
}

/* After the lines, their number or the window have changed. */
static void settle(struct log_pager *pager)
{
	place_top(pager, pager->follows ? (struct log_place){ UINT64_MAX, 0 } : pager->wanted);
}

void log_pager_resize(struct log_pager *pager, int rows, int columns)
{
	pager->rows = rows > 0 ? rows : 1;
	pager->columns = columns > 0 ? columns : 1;
	if (!pager->file)
		return;
	pager->wanted.row = 0;
	settle(pager);
}

/* The position behind the last line in the window. */
static uint64_t window_end(struct log_pager *pager)
{
	return pager->shown_count > 0 ? log_file_next(pager->file, pager->shown[pager->shown_count - 1].line)
				      : log_file_size(pager->file);
}

static void begin_filter(struct log_pager *pager)
{
	log_search_free(pager->kept);
	pager->kept = NULL;
	if (pager->filter)
		pager->kept = log_search_new(pager->file, pager->filter, NULL,
		                             pager->follows ? log_file_size(pager->file) : pager->wanted.line);
}

static void begin_search(struct log_pager *pager)
{
	log_search_free(pager->found);
	pager->found = pager->match ? log_search_new(pager->file, pager->match, pager->filter, window_end(pager)) : NULL;
	pager->seeking = pager->has_current = pager->failed = false;
}

bool log_pager_open(struct log_pager *pager, const char *directory, unsigned boot, struct error *err)
{
	struct log_file *file = log_file_open(directory, boot, err);

	if (!file)
		return false;
	log_pager_close(pager);
	pager->file = file;
	begin_filter(pager);
	log_pager_last(pager);
	begin_search(pager);
	return true;
}

bool log_pager_look(struct log_pager *pager)
{
	uint64_t before, dropped = 0;

	if (!pager->file)
		return false;
	before = log_file_size(pager->file);
	if (!log_file_look(pager->file) && log_file_reopen(pager->file, &dropped)) {
		pager->wanted.line = pager->wanted.line > dropped ? pager->wanted.line - dropped : 0;
		forget_lines(pager);
		forget_shown(pager);
		begin_filter(pager);
		begin_search(pager);
	} else if (log_file_size(pager->file) == before) {
		return false;
	} else {
		if (pager->kept)
			log_search_grown(pager->kept);
		if (pager->found)
			log_search_grown(pager->found);
	}
	settle(pager);
	return true;
}

void log_pager_filter(struct log_pager *pager, struct log_match *filter)
{
	log_match_free(pager->filter);
	pager->filter = filter;
	if (!pager->file)
		return;
	begin_filter(pager);
	begin_search(pager);
	settle(pager);
}

/* Search. */

static void seek(struct log_pager *pager, uint64_t from, bool up, bool turns)
{
	pager->seeking = true;
	pager->seek_from = from;
	pager->seek_up = up;
	pager->seek_turns = turns;
	pager->seek_again = 0;
	pager->failed = false;
}

void log_pager_search(struct log_pager *pager, struct log_match *match)
{
	log_match_free(pager->match);
	pager->match = match;
	if (!pager->file)
		return;
	begin_search(pager);
	if (match)
		seek(pager, window_end(pager), true, true);
}

static bool is_shown(const struct log_pager *pager, uint64_t line)
{
	for (size_t i = 0; i < pager->shown_count; i++)
		if (pager->shown[i].line == line)
			return true;
	return false;
}

void log_pager_next(struct log_pager *pager, bool up)
{
	if (!pager->found || pager->shown_count == 0)
		return;
	if (pager->seeking && up == pager->seek_up) {
		pager->seek_again++;
		return;
	}
	if (pager->has_current && is_shown(pager, pager->current))
		seek(pager, up ? pager->current : pager->current + 1, up, false);
	else
		seek(pager, up ? window_end(pager) : pager->shown[0].line, up, false);
}

static void show_match(struct log_pager *pager, uint64_t line)
{
	struct log_place place = { line, 0 };

	pager->current = line;
	pager->has_current = true;
	pager->seeking = false;
	if (is_shown(pager, line))
		return;
	move_place(pager, &place, -(long)(pager->rows / 2));
	go_and_stay(pager, place);
	pager->follows = pager->follows && !is_above(pager->top, pager->last_top);
}

/* One step towards the next match. */
static bool seek_step(struct log_pager *pager)
{
	struct log_search *found = pager->found;
	size_t index = log_search_index(found, pager->seek_from);

	if (!log_search_covers(found, pager->seek_from, !pager->seek_up)) {
		log_search_step(found, !pager->seek_up);
	} else if (pager->seek_up ? index > 0 : index < log_search_count(found)) {
		uint64_t line = log_search_line(found, pager->seek_up ? index - 1 : index);
		unsigned again = pager->seek_again;

		show_match(pager, line);
		if (again > 0) {
			seek(pager, pager->seek_up ? line : line + 1, pager->seek_up, false);
			pager->seek_again = again - 1;
		}
		return true;
	} else if (log_search_more(found, pager->seek_up)) {
		log_search_step(found, pager->seek_up);
	} else if (pager->seek_turns) {
		pager->seek_turns = false;
		pager->seek_up = !pager->seek_up;
	} else {
		pager->seeking = false;
		pager->failed = true;
		return true;
	}
	return false;
}

static bool more_of(const struct log_search *search)
{
	return search && (log_search_more(search, true) || log_search_more(search, false));
}

bool log_pager_busy(const struct log_pager *pager)
{
	return pager->file && (pager->seeking || more_of(pager->kept) || more_of(pager->found));
}

bool log_pager_work(struct log_pager *pager)
{
	size_t before;

	if (!log_pager_busy(pager))
		return false;
	if (more_of(pager->kept)) {
		before = log_search_count(pager->kept);
		log_search_step(pager->kept, log_search_more(pager->kept, true));
		if (log_search_count(pager->kept) == before)
			return !more_of(pager->kept);
		/* A full window in its place stays as it is. */
		if (pager->row_count < (size_t)pager->rows || pager->follows || is_above(pager->top, pager->wanted))
			settle(pager);
		return true;
	}
	if (pager->seeking)
		return seek_step(pager);
	before = log_search_count(pager->found);
	log_search_step(pager->found, log_search_more(pager->found, true));
	return log_search_count(pager->found) != before || !more_of(pager->found);
}

int log_pager_percent(const struct log_pager *pager)
{
	uint64_t size = pager->file ? log_file_size(pager->file) : 0;

	if (size == 0 || pager->shown_count == 0 || !is_above(pager->top, pager->last_top))
		return 100;
	return (int)(pager->shown[pager->shown_count - 1].line * 100 / size);
}
