/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include <stdio.h>

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

uint64_t terminal_row_version(const struct terminal *term, int row)
{
	const struct grid_row *line = grid_row(term->cells.grid, row);

	return line ? line->version : 0;
}

void terminal_cell(const struct terminal *term, int row, int column, struct cell *out)
{
	surface_cell(&term->cells, row, column, out);
}

int terminal_run(const struct terminal *term, int row, int column, char *out, int size, struct cell *pen)
{
	return surface_run(&term->cells, row, column, out, size, pen);
}

int terminal_row_width(const struct terminal *term, int row)
{
	return surface_row_width(&term->cells, row);
}

size_t terminal_row_text(const struct terminal *term, int row, char *out, size_t size)
{
	return surface_row_text(&term->cells, row, out, size);
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
