/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_match.h"
#include "core/keeper/stream/log_search.h"
#include "ui/details/log_view_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/line_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WIDE	60		/* columns from which a time has its day */

int log_view_stamp_columns(const struct log_view *log)
{
	return !log->stamps ? 0 : log->columns >= WIDE ? 16 : 9;
}

const char *log_view_stamp(const struct log_view *log, const struct log_shown *shown, char *buf, size_t size)
{
	time_t seconds = (time_t)(shown->ms / 1000);
	struct tm tm;

	if (!shown->timed || localtime_r(&seconds, &tm) == NULL ||
	    strftime(buf, size, log->columns >= WIDE ? "%d %b %H:%M:%S" : "%H:%M:%S", &tm) == 0)
		return strcpy(buf, "-");
	return buf;
}

static int draw_part(WINDOW *window, const struct theme *theme, int row, int column, const char *text, size_t len)
{
	char *copy = mem_strndup(text, len);
	int used = draw_text(window, theme, row, column, getmaxx(window) - column, copy);

	free(copy);
	return column + used;
}

/* A match can begin in one row of a line and end in another. */
static void draw_row(const struct log_view *log, WINDOW *window, int y, const struct log_row *row)
{
	const struct theme *theme = app_theme(log->view.app);
	const struct log_pager *pager = &log->pager;
	const struct log_shown *shown = &pager->shown[row->line];
	const bool current = pager->has_current && shown->line == pager->current;
	size_t at = row->from, end = row->from + row->len, from = 0, match, len;
	int column = log_view_stamp_columns(log);
	char stamp[40];

	if (column > 0 && row->from == 0) {
		theme_set(theme, window, STYLE_DIM);
		draw_text(window, theme, y, 0, column - 1, log_view_stamp(log, shown, stamp, sizeof(stamp)));
	}
	theme_set(theme, window, STYLE_NORMAL);
	while (pager->match != NULL && at < end && log_match_find(pager->match, shown->text, from, &match, &len) && match < end) {
		size_t to = match + len < end ? match + len : end;

		from = match + len;
		if (to > at) {
			if (match > at)
				column = draw_part(window, theme, y, column, shown->text + at, match - at);
			if (match < at)
				match = at;
			theme_set(theme, window, current ? STYLE_SELECTED : STYLE_SELECTED_IDLE);
			column = draw_part(window, theme, y, column, shown->text + match, to - match);
			theme_set(theme, window, STYLE_NORMAL);
			at = to;
		}
	}
	if (at < end)
		draw_part(window, theme, y, column, shown->text + at, end - at);
}

static void add_part(struct str *out, const char *text)
{
	if (out->len > 0)
		str_adds(out, "  ");
	str_adds(out, text);
}

/* "3 of 17", "17..." while they are counted. */
static void add_count(const struct log_view *log, struct str *out)
{
	const struct log_pager *pager = &log->pager;
	size_t count = pager->found != NULL ? log_search_count(pager->found) : 0;
	bool counting = pager->found != NULL && (log_search_more(pager->found, true) || log_search_more(pager->found, false));
	struct str text;

	str_init(&text);
	if (counting && count >= LOG_SEARCH_MOST)
		str_addf(&text, "more than %zu lines", count);
	else if (counting)
		str_addf(&text, "%zu...", count);
	else if (count == 0)
		str_adds(&text, "no match");
	else if (pager->has_current)
		str_addf(&text, "%zu of %zu", log_search_index(pager->found, pager->current) + 1, count);
	else
		str_addf(&text, "%zu lines", count);
	if (!counting && count > 0 && pager->failed)
		str_addf(&text, ", none %s", pager->seek_up ? "above" : "below");
	if (log->prompt != PROMPT_SEARCH)
		str_addf(&text, " /%s", log->query);
	add_part(out, text.text);
	str_finish(&text);
}

static void add_filter(const struct log_view *log, struct str *out)
{
	const struct log_search *kept = log->pager.kept;
	bool reading = kept != NULL && (log_search_more(kept, true) || log_search_more(kept, false));
	char *text = mem_printf("%zu%s lines &%s", kept != NULL ? log_search_count(kept) : 0, reading ? "..." : "",
	                        log->prompt == PROMPT_FILTER ? "" : log->filter);

	add_part(out, text);
	free(text);
}

static void draw_status(const struct log_view *log, WINDOW *window)
{
	const struct theme *theme = app_theme(log->view.app);
	int row = getmaxy(window) - 1, width = getmaxx(window), left = 0;
	char percent[16];
	struct str text;

	str_init(&text);
	if (log->query != NULL && log->prompt != PROMPT_FILTER)
		add_count(log, &text);
	if (log->filter != NULL && log->prompt != PROMPT_SEARCH)
		add_filter(log, &text);
	if (log->prompt == PROMPT_NONE && log->boot > 0) {
		char *boot = mem_printf("%u %s ago", log->boot, log->boot == 1 ? "boot" : "boots");

		add_part(&text, boot);
		free(boot);
	}
	if (log->save_path != NULL)
		add_part(&text, "saving...");
	snprintf(percent, sizeof(percent), "%d %%", log_pager_percent(&log->pager));
	add_part(&text, log->pager.follows && log->boot == 0 ? "follows" : percent);
	if (log->prompt != PROMPT_NONE) {
		theme_set(theme, window, STYLE_KEY);
		draw_text(window, theme, row, 0, 1, log->prompt == PROMPT_SEARCH ? "/" : "&");
		theme_set(theme, window, STYLE_NORMAL);
		line_edit_draw_text(log->edit, window, row, 1);
		left = 2 + text_columns(line_edit_text(log->edit));
		left = left < width / 2 ? left : width / 2;
	}
	theme_set(theme, window, STYLE_DIM);
	left = width - text_columns(text.text) > left ? width - text_columns(text.text) : left;
	draw_text(window, theme, row, left, width - left, text.text);
	theme_set(theme, window, STYLE_NORMAL);
	str_finish(&text);
}

void log_view_draw(const struct view *view, WINDOW *window)
{
	const struct log_view *log = (const struct log_view *)view;
	const struct theme *theme = app_theme(view->app);
	int row = 0;

	if (log->heading != NULL && log->boot == 0) {
		theme_set(theme, window, STYLE_HEADING);
		draw_text(window, theme, row++, 0, getmaxx(window), log->heading);
		theme_set(theme, window, STYLE_NORMAL);
	}
	if (log->problem != NULL) {
		draw_text(window, theme, row, 0, getmaxx(window), log->problem);
		return;
	}
	for (size_t i = 0; i < log->pager.row_count && row < getmaxy(window) - 1; i++)
		draw_row(log, window, row++, &log->pager.row[i]);
	if (log->pager.file != NULL)
		draw_status(log, window);
}
