/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>


static uint32_t current_pen(struct terminal *term)
{
	uint32_t *packed = &term->cells.held[HOLD_PEN].pen;

	if (!term->packed_valid) {
		uint32_t attributes = term->pen.attributes | (term->dim ? CELL_DIM : 0u) | (term->conceal ? CELL_CONCEAL : 0u);

		*packed = surface_pen(&term->cells, term->pen.foreground, term->pen.background, attributes);
		term->packed_valid = true;
	}
	return *packed;
}

/* What is erased takes the background's colour and nothing else, as with xterm. */
static uint32_t blank_pen(struct terminal *term)
{
	return term->pen.background < 0 ? 0 : surface_pen(&term->cells, -1, term->pen.background, 0);
}

static int count_marks(const uint32_t *chars)
{
	int count = 0;

	while (chars[count])
		count++;
	return count - 1;
}

/* What libvterm's state layer tells us. */

static int on_glyph(VTermGlyphInfo *info, VTermPos pos, void *data)
{
	struct terminal *term = data;
	struct grid_cell cell;

	if (info->width < 1 || !info->chars[0])	/* a mark with nothing to stand on */
		return 1;
	cell.pen = current_pen(term);
	if (info->protected_cell)
		cell.pen = surface_protected_pen(&term->cells, cell.pen);
	cell.text = info->chars[0];
	term->last_marks = 0;
	if (info->chars[1]) {
		term->cells.held[HOLD_CELL].pen = cell.pen;
		cell.text = surface_text(&term->cells, info->chars);
		term->last_marks = count_marks(info->chars);
	}
	term->cells.held[HOLD_CELL] = cell;
	grid_put(term->cells.grid, pos.row, pos.col, cell, info->width > 1 ? 2 : 1);
	return 1;
}

static struct grid_rect to_rect(VTermRect rect)
{
	return (struct grid_rect){ .top = rect.start_row, .bottom = rect.end_row,
	                           .left = rect.start_col, .right = rect.end_col };
}

static int on_scroll(VTermRect rect, int downward, int rightward, void *data)
{
	struct terminal *term = data;

	grid_scroll(term->cells.grid, to_rect(rect), downward, rightward, blank_pen(term));
	return 1;
}

static int on_erase(VTermRect rect, int selective, void *data)
{
	struct terminal *term = data;

	grid_erase(term->cells.grid, to_rect(rect), blank_pen(term), selective,
	           (const uint32_t (*)[6])term->cells.pens.records);
	return 1;
}

static int on_initpen(void *data)
{
	struct terminal *term = data;

	term->pen = (struct cell){ .foreground = -1, .background = -1 };
	term->dim = term->conceal = false;
	term->packed_valid = false;
	return 1;
}

static int to_colour(const VTermColor *colour)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
		return -1;
	if (VTERM_COLOR_IS_INDEXED(colour))
		return colour->indexed.idx;
	return TERMINAL_RGB | colour->rgb.red << 16 | colour->rgb.green << 8 | colour->rgb.blue;
}

static void pen_bit(struct terminal *term, unsigned bit, bool on)
{
	term->pen.attributes = (uint16_t)(on ? term->pen.attributes | bit : term->pen.attributes & ~bit);
}

static int on_pen(VTermAttr attribute, VTermValue *value, void *data)
{
	struct terminal *term = data;

	term->packed_valid = false;
	switch (attribute) {
	case VTERM_ATTR_BOLD:
		pen_bit(term, CELL_BOLD, value->boolean);
		break;
	case VTERM_ATTR_UNDERLINE:
		pen_bit(term, CELL_UNDERLINE, value->number != 0);
		break;
	case VTERM_ATTR_ITALIC:
		pen_bit(term, CELL_ITALIC, value->boolean);
		break;
	case VTERM_ATTR_BLINK:
		pen_bit(term, CELL_BLINK, value->boolean);
		break;
	case VTERM_ATTR_REVERSE:
		pen_bit(term, CELL_REVERSE, value->boolean);
		break;
	case VTERM_ATTR_STRIKE:
		pen_bit(term, CELL_STRIKE, value->boolean);
		break;
	case VTERM_ATTR_FOREGROUND:
		term->pen.foreground = to_colour(&value->color);
		break;
	case VTERM_ATTR_BACKGROUND:
		term->pen.background = to_colour(&value->color);
		break;
	default:	/* fonts, and what later releases add */
		break;
	}
	return 1;
}

static void show_alternate(struct terminal *term, bool on)
{
	VTermPos pos;

	if (on && term->cells.grid == &term->cells.primary) {
		vterm_state_get_cursorpos(term->state, &pos);
		term->first_row = pos.row;
		term->first_moved = false;
	}
	term->cells.grid = on ? &term->cells.alternate : &term->cells.primary;
}

static void touch_all(struct terminal *term)
{
	surface_touch_all(&term->cells);
}

static int on_property(VTermProp property, VTermValue *value, void *data)
{
	struct terminal *term = data;

	switch (property) {
	case VTERM_PROP_CURSORVISIBLE:
		term->cursor_visible = value->boolean;
		break;
	case VTERM_PROP_CURSORBLINK:
		term->cursor_blink = value->boolean;
		break;
	case VTERM_PROP_CURSORSHAPE:
		term->cursor_shape = value->number;
		break;
	case VTERM_PROP_ALTSCREEN:
		show_alternate(term, value->boolean);
		touch_all(term);
		break;
	case VTERM_PROP_REVERSE:
		term->cells.reversed = value->boolean;
		touch_all(term);
		break;
	default:
		break;
	}
	return 1;
}

static int on_bell(void *data)
{
	struct terminal *term = data;

	if (term->events->bell)
		term->events->bell(term->data);
	return 1;
}

/* Lines of double width or height: no. That also keeps libvterm's row widths at what they are. */
static int on_line(int row, const VTermLineInfo *now, const VTermLineInfo *before, void *data)
{
	(void)row;
	(void)now;
	(void)before;
	(void)data;
	return 0;
}

static void *vterm_memory(size_t size, void *data)
{
	(void)data;
	return mem_alloc(size);
}

static void vterm_memory_free(void *memory, void *data)
{
	(void)data;
	free(memory);
}

#if VTERM_VERSION_MAJOR > 0 || VTERM_VERSION_MINOR > 1
/*
 * From 0.2 on the callback owns the table of lines; without one 0.3.3
 * keeps a table of the old size. What is in it is never looked at here.
 */
static int on_resize(int rows, int columns, VTermStateFields *fields, void *data)
{
	(void)columns;
	(void)data;
	for (int i = 0; i < 2; i++) {
		if (!fields->lineinfos[i])
			continue;
		free(fields->lineinfos[i]);
		fields->lineinfos[i] = mem_array((size_t)rows, sizeof(VTermLineInfo));
	}
	return 1;
}
#else
#define on_resize NULL	/* 0.1 looks after its tables only without one */
#endif

/* No movecursor: the position is asked for. */
static const VTermStateCallbacks callbacks = {
	.resize = on_resize,
	.putglyph = on_glyph, .scrollrect = on_scroll, .erase = on_erase, .initpen = on_initpen,
	.setpenattr = on_pen, .settermprop = on_property, .bell = on_bell, .setlineinfo = on_line,
};

static void on_output(const char *bytes, size_t len, void *data)
{
	struct terminal *term = data;

	if (term->answers && term->events->answer)
		term->events->answer(term->data, bytes, len);
}

static void say_size(struct terminal *term)
{
	char answer[32];
	int len = snprintf(answer, sizeof(answer), "\033[8;%d;%dt", terminal_rows(term), terminal_columns(term));

	on_output(answer, (size_t)len, term);
}

/* What the guard lets through. */

static void say(struct terminal *term, const char *bytes)
{
	vterm_input_write(term->vterm, bytes, strlen(bytes));
}

static void on_pass(void *data, const char *bytes, size_t len)
{
	struct terminal *term = data;

	vterm_input_write(term->vterm, bytes, len);
}

/*
 * libvterm takes ten times as long for a glyph as it takes to store one. So
 * all but the last of a run that fits its line are stored here, and libvterm
 * is told to move its cursor over them.
 */
static size_t on_run(void *data, const unsigned char *bytes, size_t len)
{
	struct terminal *term = data;
	char forward[8] = "\033[";
	int at = 2, room;
	VTermPos pos;

	vterm_state_get_cursorpos(term->state, &pos);
	room = term->cells.grid->columns - 1 - pos.col;	/* none where the next character wraps */
	if ((size_t)room >= len)
		room = (int)len - 1;
	if (room < GUARD_RUN / 2 || room > 999)
		return 0;
	grid_put_run(term->cells.grid, pos.row, pos.col, bytes, room, current_pen(term));
	if (room > 99)
		forward[at++] = (char)('0' + room / 100);
	if (room > 9)
		forward[at++] = (char)('0' + room / 10 % 10);
	forward[at++] = (char)('0' + room % 10);
	forward[at++] = 'C';
	vterm_input_write(term->vterm, forward, (size_t)at);
	return (size_t)room;
}

static void move_cursor(struct terminal *term, int row, int column)
{
	char out[32];

	snprintf(out, sizeof(out), "\033[%d;%dH", row + 1, column + 1);
	say(term, out);
}

/* The last glyph again: at most a screen full of it. */
static void repeat(struct terminal *term, int count)
{
	uint32_t text = surface_base(&term->cells, term->cells.held[HOLD_CELL].text);
	int limit = term->cells.grid->rows * term->cells.grid->columns;
	char bytes[4];
	size_t len = utf8_encode(text, bytes);

	if (text < 0x20)
		return;
	for (int i = 0; i < count && i < limit; i++)
		vterm_input_write(term->vterm, bytes, len);
}

static void reset_modes(struct terminal *term)
{
	term->modes = (struct input_modes){ 0 };
	term->cells.held[HOLD_CELL] = (struct grid_cell){ 0 };
}

/* libvterm's own reset leaves the alternate screen up, and what was never saved would come back black on black. */
static void reset(struct terminal *term)
{
	VTermValue off = { .boolean = 0 };

	vterm_state_set_termprop(term->state, VTERM_PROP_ALTSCREEN, &off);
	vterm_state_set_termprop(term->state, VTERM_PROP_REVERSE, &off);
	vterm_state_set_termprop(term->state, VTERM_PROP_MOUSE, &off);
	vterm_state_reset(term->state, 1);
	reset_modes(term);
	say(term, "\0337");
}

/* A cursor that was saved before a resize. */
static void bring_inside(struct terminal *term)
{
	VTermPos pos;

	vterm_state_get_cursorpos(term->state, &pos);
	if (pos.row >= term->cells.grid->rows || pos.col >= term->cells.grid->columns)
		say(term, "\033[1g");	/* clears no tab stop, but every CSI ends in a look at the limits */
	if (term->first_moved && term->cells.grid == &term->cells.primary) {
		term->first_moved = false;
		move_cursor(term, term->first_row < 0 ? 0 : term->first_row, pos.col);
	}
}

static void on_act(void *data, enum guard_act what, int value, bool on)
{
	struct terminal *term = data;

	switch (what) {
	case GUARD_MODE:
		input_mode(&term->modes, value, on);
		break;
	case GUARD_RESTORE:
		bring_inside(term);
		break;
	case GUARD_REPEAT:
		repeat(term, value);
		break;
	case GUARD_FORGET:
		grid_forget(&term->cells.primary);
		break;
	case GUARD_RESET:
		reset(term);
		break;
	case GUARD_SOFT_RESET:
		vterm_state_reset(term->state, 0);
		term->modes.application_cursor = false;
		break;
	case GUARD_SIZE:
		say_size(term);
		break;
	case GUARD_DIM:
		term->dim = on;
		term->packed_valid = false;
		break;
	case GUARD_CONCEAL:
		term->conceal = on;
		term->packed_valid = false;
		break;
	}
}

/* DECRQSS, in one piece: libvterm 0.1.4 can't put one together, and prints a number as a string where it knows no answer. */
static void on_status_request(struct terminal *term, const char *what)
{
	static const char *const known[] = { "m", "r", " q", "\"q" };
	char query[16];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(what, known[i]) == 0) {
			snprintf(query, sizeof(query), "\033P$q%s\033\\", what);
			say(term, query);
			return;
		}
	}
	on_output("\033P0$r\033\\", 7, term);
}

static void on_string(void *data, char kind, const char *text, size_t len)
{
	struct terminal *term = data;

	if (kind == ']' && len >= 2 && (text[0] == '0' || text[0] == '2') && text[1] == ';') {
		if (term->events->title)
			term->events->title(term->data, text + 2);
	} else if (kind == 'P' && strncmp(text, "$q", 2) == 0) {
		on_status_request(term, text + 2);
	}
}

#define MARKS_ENOUGH 16

static bool on_crowded(void *data)
{
	const struct terminal *term = data;

	return term->last_marks >= MARKS_ENOUGH;
}

static const struct guard_sink sink = {
	.pass = on_pass, .run = on_run, .act = on_act, .string = on_string, .crowded = on_crowded,
};

/* The rest of terminal.h. */

struct terminal *terminal_new(int rows, int columns, size_t scrollback, const struct terminal_events *events, void *data)
{
	struct terminal *term = mem_alloc(sizeof(*term));
	VTermAllocatorFunctions *allocator;

	term->events = events;
	term->data = data;
	surface_init(&term->cells, rows, columns, scrollback);
	/* libvterm checks no allocation itself. */
	allocator = mem_alloc(sizeof(*allocator));
	*allocator = (VTermAllocatorFunctions){ .malloc = vterm_memory, .free = vterm_memory_free };
	term->allocator = allocator;
	term->vterm = vterm_new_with_allocator(rows, columns, allocator, NULL);
	vterm_set_utf8(term->vterm, 1);
	vterm_output_set_callback(term->vterm, on_output, term);
	term->state = vterm_obtain_state(term->vterm);
	vterm_state_set_callbacks(term->state, &callbacks, term);
	guard_init(&term->guard, &sink, term);
	reset(term);
	return term;
}

void terminal_free(struct terminal *term)
{
	if (!term)
		return;
	vterm_free(term->vterm);
	free(term->allocator);
	surface_finish(&term->cells);
	free(term);
}

void terminal_reset(struct terminal *term)
{
	guard_init(&term->guard, &sink, term);
	reset(term);
}

void terminal_turn_page(struct terminal *term)
{
	const struct grid *grid = &term->cells.primary;
	int used = grid->rows;

	while (used > 0 && grid_row(grid, used - 1)->used == 0)
		used--;
	grid_scroll(&term->cells.primary, (struct grid_rect){ 0, grid->rows, 0, grid->columns }, used, 0, 0);
	terminal_reset(term);
}

/*
 * The scroll region goes first: libvterm keeps one that is now outside, and
 * scrolls memory that is not its own.
 */
void terminal_resize(struct terminal *term, int rows, int columns)
{
	bool alternate = term->cells.grid == &term->cells.alternate;
	VTermPos pos;
	int moved;

	if (rows == term->cells.grid->rows && columns == term->cells.grid->columns)
		return;
	vterm_state_get_cursorpos(term->state, &pos);
	moved = grid_resize(&term->cells.primary, rows, columns, alternate ? term->first_row : pos.row);
	if (alternate && moved) {
		term->first_row += moved;
		term->first_moved = true;
	}
	if (alternate)
		moved = grid_resize(&term->cells.alternate, rows, columns, pos.row);
	else
		grid_resize(&term->cells.alternate, rows, columns, 0);
	say(term, "\033[r");
	vterm_set_size(term->vterm, rows, columns);
	move_cursor(term, pos.row + moved, pos.col);
	touch_all(term);
}

void terminal_write(struct terminal *term, const void *bytes, size_t len)
{
	const char *at = bytes;

	/* libvterm decodes a run on the stack, four bytes for each. */
	for (size_t step; len > 0; len -= step, at += step) {
		step = len < 4096 ? len : 4096;
		guard_feed(&term->guard, at, step);
	}
}

void terminal_answers(struct terminal *term, bool on)
{
	term->answers = on;
}

bool terminal_cursor(const struct terminal *term, int *row, int *column, int *shape)
{
	VTermPos pos;

	vterm_state_get_cursorpos(term->state, &pos);
	*row = pos.row;
	*column = pos.col;
	*shape = term->cursor_shape * 2 - (term->cursor_blink ? 1 : 0);
	return term->cursor_visible;
}
