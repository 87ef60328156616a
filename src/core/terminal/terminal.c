/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void resize_tabs(struct terminal *term, int columns)
{
	int old = term->tab_count;

	if (columns <= old)
		return;
	term->tabs = mem_resize(term->tabs, (size_t)columns, sizeof(*term->tabs));
	term->tab_count = columns;
	terminal_default_tabs(term, old);
}

struct terminal *terminal_new(int rows, int columns, size_t scrollback, const struct terminal_events *events, void *data)
{
	struct terminal *term = mem_alloc(sizeof(*term));

	term->events = events;
	term->data = data;
	surface_init(&term->cells, rows, columns, scrollback);
	scan_init(&term->scan);
	resize_tabs(term, columns);
	terminal_full_reset(term);
	term->touched = 0;
	return term;
}

void terminal_free(struct terminal *term)
{
	if (!term)
		return;
	terminal_strings_finish(term);
	surface_finish(&term->cells);
	free(term->tabs);
	free(term);
}

void terminal_succeed(struct terminal *term, const struct terminal *other)
{
	const struct grid *a = &other->cells.primary, *b = &other->cells.alternate;

	term->cells.generation = other->cells.generation;
	term->cells.primary.version = term->cells.alternate.version = a->version > b->version ? a->version : b->version;
	surface_touch_all(&term->cells);
}

void terminal_reset(struct terminal *term)
{
	scan_init(&term->scan);
	terminal_full_reset(term);
}

void terminal_turn_page(struct terminal *term)
{
	struct grid *grid = &term->cells.primary;
	int used = grid->rows;

	while (used > 0 && grid_row(grid, used - 1)->used == 0)
		used--;
	grid_scroll(grid, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, used, 0, 0);
	terminal_reset(term);
}

static void clamp(int *value, int count)
{
	if (*value >= count)
		*value = count - 1;
	if (*value < 0)
		*value = 0;
}

void terminal_follow(struct terminal *term, struct terminal_point *points, size_t count)
{
	assert(count <= TERMINAL_POINTS);
	term->followed = points;
	term->followed_count = count;
}

void terminal_take_points(struct terminal *term, struct terminal *from)
{
	int64_t shift = (int64_t)terminal_lines(term) - (int64_t)terminal_lines(from);

	terminal_follow(term, from->followed, from->followed_count);
	terminal_follow(from, NULL, 0);
	for (size_t i = 0; i < term->followed_count; i++)
		term->followed[i].line += shift;
}

static void points_to_rows(const struct terminal *term, struct grid_point *out)
{
	int64_t scrolled = (int64_t)terminal_lines(term), oldest = -(int64_t)terminal_scrollback(term);

	for (size_t i = 0; i < term->followed_count; i++) {
		int64_t row = term->followed[i].line - scrolled;

		out[i].row = (int)(row < oldest ? oldest : row < terminal_rows(term) ? row : terminal_rows(term) - 1);
		out[i].column = term->followed[i].column;
	}
}

static void points_from_rows(struct terminal *term, const struct grid_point *rows)
{
	for (size_t i = 0; i < term->followed_count; i++) {
		term->followed[i].line = rows[i].row + (int64_t)terminal_lines(term);
		term->followed[i].column = rows[i].column;
		clamp(&term->followed[i].column, terminal_columns(term));
	}
}

/* Lines of the primary screen are wrapped again; those of the alternate one belong to a program that will draw them. */
void terminal_resize(struct terminal *term, int rows, int columns)
{
	bool alternate = terminal_alternate(term);
	int old_columns = term->cells.grid->columns;
	struct terminal_saved *saved = &term->saved[0];
	struct grid_point here = { term->row, term->wrap ? old_columns : term->column };
	struct grid_point points[2 + TERMINAL_POINTS] = { here, { saved->row, saved->wrap ? old_columns : saved->column } };
	struct grid_point *followed = points + 2;
	int moved;

	if (rows == term->cells.grid->rows && columns == old_columns)
		return;
	points_to_rows(term, followed);
	if (alternate)
		points[0] = points[1];
	grid_reflow(&term->cells.primary, rows, columns, points, alternate ? 2 : 2 + term->followed_count);
	saved->row = points[1].row;
	saved->column = points[1].column;
	saved->wrap = points[1].column == columns;
	moved = grid_resize(&term->cells.alternate, rows, columns, alternate ? term->row : 0);
	term->saved[1].wrap = false;
	if (alternate) {
		here.row += moved;
		for (size_t i = 0; i < term->followed_count; i++)
			followed[i].row += moved;
	} else {
		here = points[0];
	}
	points_from_rows(term, followed);
	term->row = here.row;
	term->column = here.column;
	term->wrap = !alternate && here.column == columns;
	clamp(&term->row, rows);
	clamp(&term->column, columns);
	for (int i = 0; i < 2; i++) {
		clamp(&term->saved[i].row, rows);
		clamp(&term->saved[i].column, columns);
	}
	resize_tabs(term, columns);
	terminal_reset_margins(term);
	surface_touch_all(&term->cells);
}

/* Whatever comes after a character, REP has nothing to repeat. */
static void handle(struct terminal *term, enum scan_event event)
{
	uint32_t last = term->last;

	term->last = 0;
	switch (event) {
	case SCAN_CONTROL:
		terminal_control(term, term->scan.final);
		break;
	case SCAN_ESCAPE:
		terminal_escape(term);
		break;
	case SCAN_CSI:
		if (term->scan.final == 'b')
			term->last = last;
		terminal_csi(term);
		break;
	case SCAN_STRING:
		terminal_string(term);
		break;
	default:
		break;
	}
}

void terminal_write(struct terminal *term, const void *bytes, size_t len)
{
	const unsigned char *at = bytes, *end = at + len;
	struct scan *scan = &term->scan;

	while (at < end) {
		const unsigned char *from = at;
		enum scan_event event = scan_common(scan, &at, end);

		if (event == SCAN_MORE)
			event = scan_next(scan, &at, end);
		term->bytes += (uint64_t)(at - from);
		if (event == SCAN_ASCII)
			terminal_print_ascii(term, scan->text, scan->len);
		else if (event == SCAN_TEXT)
			terminal_print(term, scan->chars, scan->count);
		else if (event != SCAN_MORE)
			handle(term, event);
	}
}

void terminal_answers(struct terminal *term, bool on)
{
	term->answers = on;
}

/* What the terminal shows. */

int terminal_rows(const struct terminal *term)
{
	return term->cells.grid->rows;
}

int terminal_columns(const struct terminal *term)
{
	return term->cells.grid->columns;
}

size_t terminal_scrollback(const struct terminal *term)
{
	return term->cells.grid->history;
}

uint64_t terminal_lines(const struct terminal *term)
{
	return term->cells.grid->scrolled;
}

/* Above any number of changes. */
#define GENERATION_SHIFT 44

uint64_t terminal_row_version(const struct terminal *term, int row)
{
	const struct grid_row *line = grid_row(term->cells.grid, row);

	if (!line)
		return 0;
	return row < 0 ? line->version + (term->cells.generation << GENERATION_SHIFT) : line->version;
}

void terminal_cell(const struct terminal *term, int row, int column, struct cell *out)
{
	surface_cell(&term->cells, row, column, out);
}

int terminal_run(const struct terminal *term, int row, int column, char *out, int size, struct cell *pen)
{
	return surface_run(&term->cells, row, column, out, size, pen);
}

bool terminal_row_wrapped(const struct terminal *term, int row)
{
	const struct grid_row *line = grid_row(term->cells.grid, row);

	return line && line->wrapped;
}

int terminal_row_width(const struct terminal *term, int row)
{
	return surface_row_width(&term->cells, row);
}

size_t terminal_row_text(const struct terminal *term, int row, char *out, size_t size)
{
	return surface_row_text(&term->cells, row, out, size);
}

bool terminal_cursor(const struct terminal *term, int *row, int *column, int *shape)
{
	*row = term->row;
	*column = term->column;
	*shape = term->cursor_style;
	return terminal_has(term, FLAG_CURSOR);
}

const char *terminal_link(const struct terminal *term, unsigned number)
{
	return number < LINKS ? term->links[number].uri : NULL;
}

bool terminal_wants_mouse(const struct terminal *term)
{
	return term->modes.mouse != TERM_MOUSE_NONE;
}

const struct input_modes *terminal_input_modes(const struct terminal *term)
{
	return &term->modes;
}

bool terminal_alternate(const struct terminal *term)
{
	return term->cells.grid == &term->cells.alternate;
}

bool terminal_synchronized(const struct terminal *term)
{
	return terminal_has(term, FLAG_SYNCHRONIZED);
}

/* Keys. */

size_t terminal_key(struct terminal *term, enum terminal_key key, int modifiers, char out[64])
{
	return encode_key(&term->modes, key, modifiers, out);
}

size_t terminal_char(struct terminal *term, uint32_t character, int modifiers, char out[64])
{
	return encode_char(&term->modes, character, modifiers, out);
}

size_t terminal_paste_begin(struct terminal *term, char out[64])
{
	return term->modes.bracketed_paste ? (size_t)snprintf(out, 64, "\033[200~") : 0;
}

size_t terminal_paste_end(struct terminal *term, char out[64])
{
	return term->modes.bracketed_paste ? (size_t)snprintf(out, 64, "\033[201~") : 0;
}

size_t terminal_mouse(struct terminal *term, const struct mouse_event *event, char out[64])
{
	return encode_mouse(&term->modes, event, out);
}

size_t terminal_focus(struct terminal *term, bool gained, char out[64])
{
	return encode_focus(&term->modes, gained, out);
}
