/* SPDX-License-Identifier: MIT */
#include "ui/console/console_view_impl.h"

#include "core/base/loop.h"
#include "core/terminal/terminal.h"
#include "ui/console/console_copy.h"
#include "ui/console/line_text.h"
#include "ui/console/link_clean.h"
#include "ui/kit/app.h"
#include "ui/kit/editor.h"
#include "ui/kit/scroller.h"
#include "ui/session.h"

static struct console_view *of(struct view *view)
{
	return (struct console_view *)view;
}

static const struct terminal *term_of(const struct console_view *pane)
{
	return console_screen(pane->console);
}

/* The window follows the cursor sideways by half of its width, so that there is something to read around it. */
static unsigned show(struct console_view *pane)
{
	int column = pane->scroll.places[SCROLL_CURSOR].column;

	if (column < pane->pan_column || column >= pane->pan_column + pane->columns)
		console_pan_to(pane, column - pane->columns / 2);
	return console_new_hint(pane);
}

unsigned reading_begin(struct view *view, int arg)
{
	struct console_view *pane = of(view);
	struct terminal_point cursor;
	int row, shape;

	(void)arg;
	terminal_cursor(term_of(pane), &row, &cursor.column, &shape);
	cursor.line = row + (int64_t)terminal_lines(term_of(pane));
	scroll_begin(&pane->scroll, term_of(pane), pane->pan_row, cursor);
	console_follow_modes(pane);
	return console_new_hint(pane);
}

unsigned reading_end(struct view *view, int arg)
{
	struct console_view *pane = of(view);

	(void)arg;
	scroll_end(&pane->scroll);
	loop_timer_disarm(pane->search_timer);
	pane->pan_column = 0;
	console_follow_cursor(pane);
	console_follow_modes(pane);
	return console_new_hint(pane);
}

unsigned reading_escape(struct view *view, int arg)
{
	struct console_view *pane = of(view);

	if (pane->scroll.kind == SELECT_NOTHING)
		return reading_end(view, arg);
	pane->scroll.kind = SELECT_NOTHING;
	return console_new_hint(pane);
}

unsigned reading_travel(struct view *view, int move)
{
	struct console_view *pane = of(view);

	if (!pane->scroll.on)
		reading_begin(view, 0);
	scroll_by(&pane->scroll, term_of(pane), pane->rows, scroller_distance((enum scroller_move)move, pane->rows));
	return show(pane);
}

unsigned reading_move(struct view *view, int move)
{
	scroll_move(&of(view)->scroll, term_of(of(view)), of(view)->rows, (enum point_move)move);
	return show(of(view));
}

unsigned reading_line(struct view *view, int down)
{
	scroll_lines(&of(view)->scroll, term_of(of(view)), of(view)->rows, down);
	return show(of(view));
}

unsigned reading_window(struct view *view, int down)
{
	scroll_window(&of(view)->scroll, term_of(of(view)), of(view)->rows, down);
	return show(of(view));
}

unsigned reading_place(struct view *view, int halves)
{
	struct console_view *pane = of(view);
	int64_t top = scroll_row(&pane->scroll, term_of(pane), pane->rows) + (int64_t)terminal_lines(term_of(pane));
	int64_t line = top + (pane->rows - 1) * halves / 2;

	return reading_line(view, (int)(line - pane->scroll.places[SCROLL_CURSOR].line));
}

unsigned reading_select(struct view *view, int kind)
{
	scroll_select(&of(view)->scroll, (enum selection_kind)kind);
	return console_new_hint(of(view));
}

unsigned reading_swap(struct view *view, int arg)
{
	(void)arg;
	scroll_swap(&of(view)->scroll, term_of(of(view)), of(view)->rows);
	return show(of(view));
}

void reading_copy_text(struct console_view *pane, const struct selection *selection)
{
	char said[sizeof(pane->message)];
	struct str text;

	str_init_secret(&text);
	selection_text(selection, term_of(pane), &text);
	console_copy(session_records(pane->view.app), &text, said, sizeof(said));
	str_finish(&text);
	console_say(pane, "%s", said);
}

static unsigned copy_and_end(struct console_view *pane, const struct selection *selection)
{
	reading_copy_text(pane, selection);
	return reading_end(&pane->view, 0);
}

unsigned reading_copy(struct view *view, int arg)
{
	struct selection selection = scroll_selection(&of(view)->scroll);

	(void)arg;
	if (selection.kind != SELECT_NOTHING)
		return copy_and_end(of(view), &selection);
	console_say(of(view), "nothing is selected; v begins a selection, Y copies the line");
	return UI_REDRAW;
}

unsigned reading_copy_link(struct view *view, int arg)
{
	struct console_view *pane = of(view);
	struct terminal_point at = pane->scroll.places[SCROLL_CURSOR];
	const char *uri = console_link_at(pane->console, (int)(at.line - (int64_t)terminal_lines(term_of(pane))), at.column);
	char said[sizeof(pane->message)];
	struct str text;

	(void)arg;
	if (!uri || !link_is_clean(uri)) {
		console_say(pane, uri ? "the link is not copied: only web, ftp and mailto links are" : "there is no link under the cursor");
		return UI_REDRAW;
	}
	str_init(&text);
	str_adds(&text, uri);
	console_copy(session_records(view->app), &text, said, sizeof(said));
	str_finish(&text);
	console_say(pane, "%s", said);
	return reading_end(view, 0);
}

unsigned reading_copy_or_end(struct view *view, int arg)
{
	return of(view)->scroll.kind == SELECT_NOTHING ? reading_end(view, arg) : reading_copy(view, arg);
}

unsigned reading_copy_line(struct view *view, int arg)
{
	struct terminal_point at = of(view)->scroll.places[SCROLL_CURSOR];
	struct selection line = { SELECT_LINES, at, at };

	(void)arg;
	return copy_and_end(of(view), &line);
}

unsigned reading_copy_screen(struct view *view, int arg)
{
	struct selection screen = selection_of_all(term_of(of(view)), true);

	(void)arg;
	reading_copy_text(of(view), &screen);
	return UI_REDRAW;
}

unsigned reading_show(struct view *view, int in_pager)
{
	struct console_view *pane = of(view);
	struct selection selection = scroll_selection(&pane->scroll);
	struct str text;

	if (selection.kind == SELECT_NOTHING)
		selection = selection_of_all(term_of(pane), false);
	str_init_secret(&text);
	selection_text(&selection, term_of(pane), &text);
	str_addc(&text, '\n');
	editor_show(view->app, text.text, in_pager);
	str_finish(&text);
	return UI_NOTHING;
}

/* Searching. */

/* A slice at a time; the timer does the next one after keys and drawing. */
static void search_on(struct console_view *pane)
{
	struct line_search *search = &pane->scroll.search;

	if (scroll_search(&pane->scroll, term_of(pane), pane->rows))
		loop_timer_arm(pane->search_timer, 0);
	else
		loop_timer_disarm(pane->search_timer);
	if (search->state == SEARCH_FAILED)
		console_say(pane, "no match for \"%ls\" %s", pane->scroll.query, search->up ? "above" : "below");
	if (search->state == SEARCH_FAILED || search->state == SEARCH_FOUND) {
		search->state = SEARCH_IDLE;
		show(pane);
	}
}

void reading_on_timer(void *data)
{
	struct console_view *pane = data;

	search_on(pane);
	app_apply(pane->view.app, &pane->view, console_new_hint(pane));
}

void reading_changed(struct console_view *pane)
{
	scroll_update(&pane->scroll, term_of(pane), pane->rows);
	if (pane->scroll.query_len > 0)
		loop_timer_arm(pane->search_timer, 0);
}

unsigned reading_query(struct view *view, int arg)
{
	struct console_view *pane = of(view);
	bool search;

	(void)arg;
	pane->scroll.typing = true;
	pane->scroll.query_len = 0;
	scroll_query_key(&pane->scroll, &(struct key){ .code = 21 }, &search);
	return console_new_hint(pane);
}

unsigned reading_find(struct view *view, int up)
{
	struct console_view *pane = of(view);

	if (pane->scroll.pattern.error) {
		console_say(pane, "%s", pane->scroll.pattern.error);
	} else if (pane->scroll.query_len > 0) {
		scroll_find(&pane->scroll, up);
		search_on(pane);
	}
	return console_new_hint(pane);
}

void reading_query_typed(struct console_view *pane, const struct key *key)
{
	bool search;

	scroll_query_key(&pane->scroll, key, &search);
	app_apply(pane->view.app, &pane->view, search ? reading_find(&pane->view, true) : console_new_hint(pane));
}
