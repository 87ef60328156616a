/* SPDX-License-Identifier: MIT */
#include "ui/console/point_move.h"

#include "ui/console/line_text.h"

#include <string.h>
#include <wctype.h>

enum class { BLANK, WORD, OTHER };

static struct cell cell_of(const struct terminal *term, struct terminal_point at)
{
	struct cell cell;

	terminal_cell(term, line_row(term, at.line), at.column, &cell);
	return cell;
}

static bool is_right_half(const struct terminal *term, struct terminal_point at)
{
	return at.column > 0 && cell_of(term, (struct terminal_point){ at.line, at.column - 1 }).attributes & CELL_WIDE;
}

static enum class class_of(const struct terminal *term, struct terminal_point at)
{
	struct cell cell = cell_of(term, at);

	if (cell.text[0] == 0 || cell.text[0] == ' ')
		return BLANK;
	return cell.text[0] == '_' || cell.text[0] >= 0x80 || iswalnum((wint_t)cell.text[0]) ? WORD : OTHER;
}

struct terminal_point point_clamped(const struct terminal *term, struct terminal_point at)
{
	int64_t oldest = line_oldest(term), last = line_end(term) - 1;
	int columns = terminal_columns(term);

	if (at.line < oldest)
		at = (struct terminal_point){ oldest, 0 };
	if (at.line > last)
		at.line = last;
	at.column = at.column < 0 ? 0 : at.column < columns ? at.column : columns - 1;
	return at;
}

int point_last_column(const struct terminal *term, int64_t line)
{
	int columns = line_columns(term, line);

	return columns > 0 ? columns - 1 : 0;
}

/* To the next cell. *broke: it begins a line, if only a wrapped one is continued it does not. False at the end. */
static bool step(const struct terminal *term, struct terminal_point *at, bool *broke)
{
	int width = cell_of(term, *at).attributes & CELL_WIDE ? 2 : 1;

	*broke = false;
	if (at->column + width < line_columns(term, at->line)) {
		at->column += width;
		return true;
	}
	if (at->line + 1 >= line_end(term))
		return false;
	*broke = !line_wrapped(term, at->line);
	*at = (struct terminal_point){ at->line + 1, 0 };
	return true;
}

static bool step_back(const struct terminal *term, struct terminal_point *at, bool *broke)
{
	*broke = false;
	if (at->column > 0) {
		int last = point_last_column(term, at->line);

		at->column = at->column - 1 < last ? at->column - 1 : last;
	} else if (at->line <= line_oldest(term)) {
		return false;
	} else {
		*broke = !line_wrapped(term, at->line - 1);
		*at = (struct terminal_point){ at->line - 1, point_last_column(term, at->line - 1) };
	}
	at->column -= is_right_half(term, *at);
	return true;
}

/* The point stays where it is if nothing follows. */
static struct terminal_point next_word(const struct terminal *term, struct terminal_point at)
{
	struct terminal_point from = at;
	enum class class = class_of(term, at);
	bool broke;

	do {
		if (!step(term, &at, &broke))
			return from;
		if (broke || class_of(term, at) != class)
			class = BLANK;
	} while (class_of(term, at) == BLANK || class != BLANK);
	return at;
}

static struct terminal_point word_end(const struct terminal *term, struct terminal_point from)
{
	struct terminal_point at = from, next;
	bool broke;

	do {
		if (!step(term, &at, &broke))
			return from;
	} while (class_of(term, at) == BLANK);
	for (next = at; step(term, &next, &broke) && !broke && class_of(term, next) == class_of(term, at);)
		at = next;
	return at;
}

static struct terminal_point word_begin(const struct terminal *term, struct terminal_point from)
{
	struct terminal_point at = from, before;
	bool broke;

	do {
		if (!step_back(term, &at, &broke))
			return from;
	} while (class_of(term, at) == BLANK);
	for (before = at; step_back(term, &before, &broke) && !broke && class_of(term, before) == class_of(term, at);)
		at = before;
	return at;
}

static int64_t line_begin(const struct terminal *term, int64_t line)
{
	while (line > line_oldest(term) && line_wrapped(term, line - 1))
		line--;
	return line;
}

static struct terminal_point first_text(const struct terminal *term, struct terminal_point from)
{
	struct terminal_point at = { line_begin(term, from.line), 0 }, begin = at;
	bool broke;

	while (class_of(term, at) == BLANK) {
		if (!step(term, &at, &broke) || broke)
			return begin;
	}
	return at;
}

static struct terminal_point line_last(const struct terminal *term, int64_t line)
{
	while (line_wrapped(term, line))
		line++;

	struct terminal_point at = { line, point_last_column(term, line) };

	at.column -= is_right_half(term, at);
	return at;
}

static struct terminal_point blank_line(const struct terminal *term, struct terminal_point at, int by)
{
	int64_t line = at.line, end = by < 0 ? line_oldest(term) : line_end(term) - 1;

	while (line != end && line_columns(term, line) == 0)
		line += by;
	while (line != end && line_columns(term, line) > 0)
		line += by;
	return (struct terminal_point){ line, 0 };
}

/* The last row that is not blank, as far down as the screen. */
static struct terminal_point last_row(const struct terminal *term)
{
	int64_t line = line_end(term) - 1, screen = (int64_t)terminal_lines(term);

	while (line > screen && line_columns(term, line) == 0)
		line--;
	return (struct terminal_point){ line, 0 };
}

static struct terminal_point left(const struct terminal *term, struct terminal_point at)
{
	bool wraps = at.line > line_oldest(term) && line_wrapped(term, at.line - 1), broke;

	if (at.column > 0 || wraps)
		step_back(term, &at, &broke);
	return at;
}

static struct terminal_point right(const struct terminal *term, struct terminal_point at)
{
	struct terminal_point next = at;
	bool broke;

	return step(term, &next, &broke) && !broke ? next : at;
}

struct terminal_point point_moved(const struct terminal *term, struct terminal_point at, enum point_move move)
{
	at = point_clamped(term, at);
	at.column -= is_right_half(term, at);
	switch (move) {
	case POINT_LEFT:
		return left(term, at);
	case POINT_RIGHT:
		return right(term, at);
	case POINT_WORD:
		return next_word(term, at);
	case POINT_BACK:
		return word_begin(term, at);
	case POINT_WORD_END:
		return word_end(term, at);
	case POINT_LINE_BEGIN:
		return (struct terminal_point){ line_begin(term, at.line), 0 };
	case POINT_LINE_TEXT:
		return first_text(term, at);
	case POINT_LINE_END:
		return line_last(term, at.line);
	case POINT_BLANK_ABOVE:
		return blank_line(term, at, -1);
	case POINT_BLANK_BELOW:
		return blank_line(term, at, 1);
	case POINT_FIRST:
		return (struct terminal_point){ line_oldest(term), 0 };
	case POINT_LAST:
		return last_row(term);
	default:
		return at;
	}
}

static bool in_click_word(const struct terminal *term, struct terminal_point at)
{
	uint32_t c = cell_of(term, at).text[0];

	return class_of(term, at) == WORD || (c > ' ' && c < 0x80 && strchr("@-./_~?&=%+#:", (int)c));
}

void point_word(const struct terminal *term, struct terminal_point at, struct terminal_point *first,
                struct terminal_point *last)
{
	struct terminal_point next;
	bool broke;

	at = point_clamped(term, at);
	at.column -= is_right_half(term, at);
	*first = *last = at;
	if (!in_click_word(term, at))
		return;
	for (next = at; step_back(term, &next, &broke) && !broke && in_click_word(term, next);)
		*first = next;
	for (next = at; step(term, &next, &broke) && !broke && in_click_word(term, next);)
		*last = next;
}
