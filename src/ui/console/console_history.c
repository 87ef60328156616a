/* SPDX-License-Identifier: MIT */
#include "ui/console/console_history.h"

#include "core/base/str.h"
#include "core/terminal/scan.h"
#include "core/terminal/terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ROW_BYTES 2048		/* of a row are compared */

/* Returns 1 if the sequence switches to the alternate screen, -1 if to the primary one, otherwise 0. */
static int switches(const struct scan *scan, enum scan_event event)
{
	if (event == SCAN_ESCAPE && scan->final == 'c' && !scan->intermediate[0])
		return 1;	/* RIS: in which screen it was before, nobody can know */
	if (event != SCAN_CSI || scan->prefix != '?' || scan->intermediate[0] || (scan->final != 'h' && scan->final != 'l'))
		return 0;
	for (int i = 0; i < scan->param_count && i < SCAN_PARAMS; i++)
		if (scan->param[i] == 47 || scan->param[i] == 1047 || scan->param[i] == 1049)
			return scan->final == 'h' ? 1 : -1;
	return 0;
}

bool console_history_alternate(const struct str *log, const struct str *since, bool after)
{
	const struct str *parts[] = { log, since };
	struct scan scan;

	scan_init(&scan);
	for (int i = 0; i < 2; i++) {
		const unsigned char *at = (const unsigned char *)parts[i]->text, *end = at + parts[i]->len;
		enum scan_event event;

		while ((event = scan_next(&scan, &at, end)) != SCAN_MORE) {
			int found = switches(&scan, event);

			if (found)
				return found < 0;
		}
	}
	return after;
}

static int used_rows(const struct terminal *term)
{
	int used = terminal_rows(term);

	while (used > 0 && terminal_row_width(term, used - 1) == 0)
		used--;
	return used;
}

static bool same_row(const struct terminal *a, int row, const struct terminal *b, int other)
{
	char one[ROW_BYTES], two[ROW_BYTES];
	size_t len = terminal_row_text(a, row, one, sizeof(one));

	return len == terminal_row_text(b, other, two, sizeof(two)) && memcmp(one, two, len) == 0;
}

/* True if the screen begins at this row of the log's terminal, which has nothing below it that the screen has not. */
static bool begins_at(const struct terminal *log, int row, int log_used, const struct terminal *screen, int used)
{
	if (log_used - row > used)
		return false;
	for (int i = 0; row + i < log_used; i++)
		if (!same_row(log, row + i, screen, i))
			return false;
	return true;
}

/* The text of the line that ends in a row, without spaces: how many there are at a row's end depends on its width. */
static struct str line_text(const struct terminal *term, int end, int *begin)
{
	char text[ROW_BYTES];
	struct str out;

	str_init(&out);
	*begin = end;
	while (*begin > -(int)terminal_scrollback(term) && terminal_row_wrapped(term, *begin - 1))
		(*begin)--;
	for (int row = *begin; row <= end; row++) {
		size_t len = terminal_row_text(term, row, text, sizeof(text));

		for (size_t i = 0; i < len; i++)
			if (text[i] != ' ')
				str_addc(&out, text[i]);
	}
	return out;
}

/*
 * Compares lines from the last one up: after other widths, the keeper's rows are not those of the log. The beginning of
 * the screen's first line may be lost; the whole of it is then above the screen. Returns the first row of the log's
 * terminal that is on the screen, or one behind the last.
 */
static int first_same_line(const struct terminal *log, int log_used, const struct terminal *screen, int used)
{
	int row = log_used - 1, other = used - 1, begin, other_begin;
	bool same = true;

	for (; same && other >= 0; row = begin - 1, other = other_begin - 1) {
		struct str line = line_text(log, row, &begin), shown = line_text(screen, other, &other_begin);

		same = line.len == shown.len && memcmp(line.text, shown.text, line.len) == 0;
		if (!same && other_begin == 0 && line.len > shown.len
		    && memcmp(line.text + line.len - shown.len, shown.text, shown.len) == 0) {
			same = true;
			begin = row + 1;
		}
		str_finish(&line);
		str_finish(&shown);
	}
	return !same ? log_used : row + 1 < 0 ? 0 : row + 1;
}

/* Returns how many rows of the log's terminal are above the screen; all if the screen shows none of them. */
static int rows_above(const struct terminal *log, const struct terminal *screen)
{
	int used = used_rows(screen), log_used = used_rows(log), row = 0;

	while (row < log_used && !begins_at(log, row, log_used, screen, used))
		row++;
	return row < log_used ? row : first_same_line(log, log_used, screen, used);
}

void console_history_join(struct terminal *log, const struct str *screen)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *shown = terminal_new(terminal_rows(log), terminal_columns(log), 0, &nobody, NULL);
	static const char primary[] = "\030\033[?1047l";
	char up[64];
	int above;

	/* Of a program in the alternate screen, there is no history; that of the primary one is above the primary one. */
	terminal_write(shown, screen->text, screen->len);
	terminal_write(shown, primary, sizeof(primary) - 1);
	terminal_write(log, primary, sizeof(primary) - 1);
	above = rows_above(log, shown);
	terminal_free(shown);
	/* Without margins, what scrolls up is scrollback. */
	if (above > 0) {
		int len = snprintf(up, sizeof(up), "\030\033[?69l\033[r\033[%dS", above);

		terminal_write(log, up, (size_t)len);
	}
	terminal_reset(log);
	terminal_write(log, screen->text, screen->len);
}
