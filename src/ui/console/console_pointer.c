/* SPDX-License-Identifier: MIT */
#include "ui/console/console_view_impl.h"

#include "core/base/loop.h"
#include "core/terminal/terminal.h"
#include "ui/kit/scroller.h"

#define CLICK_GAP 500	/* ms between the clicks of a double click */

static const struct terminal *term_of(const struct console_view *pane)
{
	return console_screen(pane->console);
}

static struct terminal_point point_at(const struct console_view *pane, int row, int column)
{
	const struct terminal *term = term_of(pane);
	int top = pane->scroll.on ? scroll_row(&pane->scroll, term, pane->rows) : pane->pan_row;

	return point_clamped(term, (struct terminal_point){ (int64_t)terminal_lines(term) + top + row, pane->pan_column + column });
}

static void select_from(struct console_view *pane, enum selection_kind kind, struct terminal_point from, struct terminal_point to)
{
	if (!pane->scroll.on) {
		pane->pointer.began = true;
		reading_begin(&pane->view, 0);
	}
	pane->scroll.kind = kind;
	pane->scroll.places[SCROLL_ANCHOR] = from;
	scroll_to(&pane->scroll, term_of(pane), pane->rows, to);
}

static void press(struct console_view *pane, struct terminal_point at)
{
	struct pointer *pointer = &pane->pointer;
	bool again = pointer->at.line == at.line && pointer->at.column == at.column && loop_now() - pointer->pressed < CLICK_GAP;

	*pointer = (struct pointer){
		.held = true, .clicks = again ? pointer->clicks % 3 + 1 : 1, .pressed = loop_now(), .at = at,
	};
	if (pointer->clicks == 2) {
		point_word(term_of(pane), at, &pointer->first, &pointer->last);
		select_from(pane, SELECT_CHARACTERS, pointer->first, pointer->last);
	} else if (pointer->clicks == 3) {
		select_from(pane, SELECT_LINES, at, at);
	} else if (pane->scroll.on) {
		pane->scroll.kind = SELECT_NOTHING;
		scroll_to(&pane->scroll, term_of(pane), pane->rows, at);
	}
}

static bool is_before(struct terminal_point a, struct terminal_point b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* From the word of the double click to the one here, both whole. Returns the end that the cursor is at. */
static struct terminal_point extend_by_words(struct console_view *pane, struct terminal_point at)
{
	const struct pointer *pointer = &pane->pointer;
	struct terminal_point first, last;
	bool back = is_before(at, pointer->first);

	point_word(term_of(pane), at, &first, &last);
	pane->scroll.places[SCROLL_ANCHOR] = back ? pointer->last : pointer->first;
	return back ? first : is_before(pointer->last, at) ? last : pointer->last;
}

/* Alt selects a rectangle, where the terminal passes it on. */
static void drag(struct console_view *pane, const struct key_mouse *mouse, struct terminal_point at)
{
	struct pointer *pointer = &pane->pointer;
	int row = mouse->row - pane->place->row;

	if (!pointer->dragged && at.line == pointer->at.line && at.column == pointer->at.column)
		return;
	if (!pointer->dragged && pointer->clicks == 1)
		select_from(pane, mouse->modifiers & TERM_ALT ? SELECT_RECTANGLE : SELECT_CHARACTERS, pointer->at, at);
	pointer->dragged = true;
	/* Beyond the edge, the lines there come into the window. */
	if (row < 0)
		scroll_window(&pane->scroll, term_of(pane), pane->rows, -1);
	else if (row >= pane->rows)
		scroll_window(&pane->scroll, term_of(pane), pane->rows, 1);
	if (pointer->clicks == 2)
		at = extend_by_words(pane, at);
	scroll_to(&pane->scroll, term_of(pane), pane->rows, at);
}

static unsigned release(struct console_view *pane)
{
	struct selection selection = scroll_selection(&pane->scroll);
	bool began = pane->pointer.began;

	pane->pointer.held = pane->pointer.began = false;
	if (selection.kind == SELECT_NOTHING || (!pane->pointer.dragged && pane->pointer.clicks == 1))
		return UI_REDRAW;
	reading_copy_text(pane, &selection);
	if (began)
		return reading_end(&pane->view, 0);
	pane->scroll.kind = SELECT_NOTHING;
	return console_new_hint(pane);
}

/* A full-screen program that wants no mouse gets cursor keys, as from most terminals. */
static void type_arrows(struct console_view *pane, bool up, long count)
{
	struct key key = { .code = up ? KEY_UP : KEY_DOWN, .is_code = true };

	for (; count > 0; count--)
		console_type(pane->console, &key);
}

static unsigned turn_wheel(struct console_view *pane, bool up)
{
	long by = scroller_distance(up ? MOVE_WHEEL_UP : MOVE_WHEEL_DOWN, pane->rows);

	if (!pane->scroll.on && terminal_alternate(term_of(pane))) {
		type_arrows(pane, up, up ? -by : by);
		return UI_NOTHING;
	}
	if (!pane->scroll.on && !up)
		return UI_NOTHING;
	if (!pane->scroll.on)
		reading_begin(&pane->view, 0);
	scroll_window(&pane->scroll, term_of(pane), pane->rows, by);
	if (!up && !pane->scroll.typing && pane->scroll.kind == SELECT_NOTHING && scroll_at_bottom(&pane->scroll, term_of(pane), pane->rows))
		return reading_end(&pane->view, 0);
	return console_new_hint(pane);
}

unsigned pointer_event(struct console_view *pane, const struct key_mouse *mouse)
{
	int row = mouse->row - pane->place->row, column = mouse->column - pane->place->column;
	bool inside = row >= 0 && row < pane->rows && column >= 0 && column < pane->columns;
	struct terminal_point at;

	if (mouse->button == 1 && !mouse->pressed)
		return pane->pointer.held ? release(pane) : (unsigned)UI_NOTHING;
	row = row < 0 ? 0 : row < pane->rows ? row : pane->rows - 1;
	column = column < 0 ? 0 : column < pane->columns ? column : pane->columns - 1;
	at = point_at(pane, row, column);
	if (mouse->button == 0 && pane->pointer.held) {
		drag(pane, mouse, at);
		return console_new_hint(pane);
	}
	if (!inside && mouse->pressed)
		return console_click_outside(pane, mouse);
	if (!mouse->pressed)
		return UI_NOTHING;
	if (mouse->button == TERM_WHEEL_UP || mouse->button == TERM_WHEEL_DOWN)
		return turn_wheel(pane, mouse->button == TERM_WHEEL_UP);
	if (mouse->button != 1)
		return UI_NOTHING;
	press(pane, at);
	return console_new_hint(pane);
}
