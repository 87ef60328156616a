/* SPDX-License-Identifier: MIT */
#include "ui/kit/ask.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/line_edit.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WIDEST 76

/* A question, its answers and its callback. */
struct ask {
	struct view view;
	char *question;
	struct ask_then then;
	int columns;			/* of the window */
	/* a line of text */
	struct line_edit *line;
	ask_check_fn *check;
	struct error wrong;		/* text[0] == '\0': no error */
	/* one of a list */
	struct ask_choice *choices;
	ask_title_fn *title;		/* NULL: the question stays as it is */
	struct scroller scroller;
};

struct ask_then ask_then_text(ask_fn *call, const char *text)
{
	return (struct ask_then){ call, mem_strdup(text), free };
}

static void ask_close(struct view *view)
{
	struct ask *ask = (struct ask *)view;

	for (size_t i = 0; i < ask->scroller.count; i++) {
		free((void *)(uintptr_t)ask->choices[i].key);
		free((void *)(uintptr_t)ask->choices[i].id);
		free((void *)(uintptr_t)ask->choices[i].text);
	}
	free(ask->choices);
	line_edit_free(ask->line);
	free(ask->question);
	if (ask->then.data != NULL)
		ask->then.free(ask->then.data);
	free(ask);
}

/*
 * The dialog is closed before the callback runs, because the callback may open
 * the next one. So its members are taken first, and UI_CLOSE is not returned.
 */
static unsigned answer(struct ask *ask, const char *text)
{
	struct app *app = ask->view.app;
	struct ask_then then = ask->then;
	char *said = mem_strdup(text);

	ask->then.data = NULL;
	app_apply(app, &ask->view, UI_CLOSE);
	then.call(app, then.data, said);
	if (then.data != NULL)
		then.free(then.data);
	free(said);
	return UI_NOTHING;
}

static int wrapped_rows(const struct ask *ask, int columns)
{
	int rows = text_wrap(ask->question, columns - 4, NULL, NULL);

	return rows > 0 ? rows : 1;
}

struct pen {
	WINDOW *window;
	const struct theme *theme;
};

static void draw_line(void *data, int line, const char *text, size_t len)
{
	struct pen *pen = data;
	char *copy = mem_strndup(text, len);

	draw_text(pen->window, pen->theme, 1 + line, 2, getmaxx(pen->window) - 4, copy);
	free(copy);
}

static int draw_question(const struct ask *ask, WINDOW *window, const char *title)
{
	struct pen pen = { window, app_theme(ask->view.app) };

	draw_frame(window, pen.theme, true, title);
	return 1 + text_wrap(ask->question, getmaxx(window) - 4, draw_line, &pen);
}

/* Yes or no. */

static unsigned say_yes(struct view *view, int arg)
{
	(void)arg;
	return answer((struct ask *)view, "y");
}

static const struct keybinding yes_no_keys[] = {
	{ "y", say_yes, 0, "Yes", "yes" },
	{ "n Enter Esc q", view_leave, 0, "No", "no" },
	{ NULL, NULL, 0, NULL, NULL }
};

static void yes_no_wants(const struct view *view, struct view_wants *wants)
{
	if (wants->columns > WIDEST)
		wants->columns = WIDEST;
	wants->rows = wrapped_rows((const struct ask *)view, wants->columns) + 4;
}

static void yes_no_draw(const struct view *view, WINDOW *window)
{
	const struct ask *ask = (const struct ask *)view;
	int row = draw_question(ask, window, "Question") + 1;

	draw_text(window, app_theme(view->app), row, 2, getmaxx(window) - 4, "y yes   [n no]");
}

static bool yes_no_cursor(const struct view *view, int *row, int *column)
{
	(void)view;
	*row = 1;
	*column = 2;
	return true;
}

static const struct view_ops yes_no_ops = {
	.name = "question", .title = "Question", .keys = yes_no_keys, .close = ask_close,
	.draw = yes_no_draw, .cursor = yes_no_cursor, .wants = yes_no_wants, .dialog = true,
};

static struct ask *new_ask(const struct view_ops *ops, const char *question, struct ask_then then)
{
	struct ask *ask = mem_alloc(sizeof(*ask));

	ask->view.ops = ops;
	ask->question = mem_strdup(question);
	ask->then = then;
	return ask;
}

void ask_yes_no(struct app *app, const char *question, struct ask_then then)
{
	app_push(app, &new_ask(&yes_no_ops, question, then)->view);
}

/* A line of text. */

static void check_text(struct ask *ask)
{
	ask->wrong.text[0] = '\0';
	if (ask->check != NULL)
		ask->check(ask->view.app, ask->then.data, line_edit_text(ask->line), &ask->wrong);
}

static unsigned text_typed(struct view *view, const struct key *key)
{
	struct ask *ask = (struct ask *)view;
	bool changed = false;

	/* The end of a pasted line does not answer the question. */
	if (key_is(key, "Enter") && app_pasting(view->app))
		return UI_NOTHING;
	if (key_is(key, "Enter"))
		return ask->wrong.text[0] == '\0' ? answer(ask, line_edit_text(ask->line)) : (unsigned)UI_REDRAW;
	if (!line_edit_key(ask->line, key, &changed))
		return UI_IGNORED;
	if (changed)
		check_text(ask);
	return UI_REDRAW;
}

static void text_wants(const struct view *view, struct view_wants *wants)
{
	if (wants->columns > WIDEST)
		wants->columns = WIDEST;
	wants->rows = wrapped_rows((const struct ask *)view, wants->columns) + 5;
	wants->takes_text = true;
}

static void text_resized(struct view *view, int rows, int columns)
{
	struct ask *ask = (struct ask *)view;

	(void)rows;
	ask->columns = columns;
	line_edit_width(ask->line, columns - 4);
}

static void text_draw(const struct view *view, WINDOW *window)
{
	const struct ask *ask = (const struct ask *)view;
	const struct theme *theme = app_theme(view->app);
	int row = draw_question(ask, window, NULL), width = getmaxx(window) - 4;

	line_edit_draw(ask->line, window, row, 2);
	theme_set(theme, window, STYLE_FAILED);
	if (ask->wrong.text[0] != '\0')
		draw_textf(window, theme, row + 1, 2, width, "^ %s", ask->wrong.text);
	theme_set(theme, window, STYLE_NORMAL);
	draw_text(window, theme, row + 2, 2, width, "Enter accept   Esc cancel");
}

static bool text_cursor(const struct view *view, int *row, int *column)
{
	const struct ask *ask = (const struct ask *)view;

	*row = 1 + wrapped_rows(ask, ask->columns);
	*column = 2 + line_edit_cursor(ask->line);
	return true;
}

static const struct keybinding text_keys[] = {
	{ "Esc", view_leave, 0, "Cancel", "cancel" },
	{ NULL, NULL, 0, NULL, NULL }
};

static const struct view_ops text_ops = {
	.name = "prompt", .title = "Text", .keys = text_keys, .close = ask_close, .typed = text_typed,
	.resized = text_resized, .draw = text_draw, .cursor = text_cursor, .wants = text_wants,
	.raw_keys = true, .dialog = true,
};

void ask_text(struct app *app, const char *prompt, const char *initial, ask_check_fn *check, struct ask_then then)
{
	struct ask *ask = new_ask(&text_ops, prompt, then);

	ask->view.app = app;
	ask->check = check;
	ask->columns = WIDEST;
	ask->line = line_edit_new(initial != NULL ? initial : "", WIDEST - 4);
	check_text(ask);
	app_push(app, &ask->view);
}

/* One of a list. */

static unsigned choice_move(struct view *view, int move)
{
	scroller_move(&((struct ask *)view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

static unsigned choice_take(struct view *view, int arg)
{
	struct ask *ask = (struct ask *)view;

	(void)arg;
	return answer(ask, ask->choices[ask->scroller.at].id);
}

static unsigned choice_typed(struct view *view, const struct key *key)
{
	struct ask *ask = (struct ask *)view;

	for (size_t i = 0; i < ask->scroller.count && !app_pasting(view->app); i++)
		if (ask->choices[i].key != NULL && key_is(key, ask->choices[i].key))
			return answer(ask, ask->choices[i].id);
	return UI_IGNORED;
}

/* The first click only selects, so that a stray click does not choose. */
static unsigned choice_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct ask *ask = (struct ask *)view;
	size_t at;

	(void)column;
	if (act != MOUSE_PRESS)
		return choice_move(view, act == MOUSE_WHEEL_UP ? MOVE_UP : MOVE_DOWN);
	if (!scroller_row_at(&ask->scroller, row - 2 - wrapped_rows(ask, ask->columns), &at))
		return UI_NOTHING;
	if (at == ask->scroller.at)
		return choice_take(view, 0);
	scroller_to(&ask->scroller, at);
	return UI_REDRAW;
}

static const struct keybinding choice_keys[] = {
	{ "Enter", choice_take, 0, "Choose it", "take" },
	SCROLLER_LIST_KEYS(choice_move),
	{ "Esc q", view_leave, 0, "Back", "back" },
	{ NULL, NULL, 0, NULL, NULL }
};

static void choice_wants(const struct view *view, struct view_wants *wants)
{
	const struct ask *ask = (const struct ask *)view;
	int widest = text_columns(ask->question);

	for (size_t i = 0; i < ask->scroller.count; i++) {
		int width = text_columns(ask->choices[i].text) + 4;

		widest = width > widest ? width : widest;
	}
	if (widest + 4 < wants->columns)
		wants->columns = widest + 4;
	wants->rows = wrapped_rows(ask, wants->columns) + (int)ask->scroller.count + 3;
}

static void choice_resized(struct view *view, int rows, int columns)
{
	struct ask *ask = (struct ask *)view;

	ask->columns = columns;
	scroller_fit(&ask->scroller, ask->scroller.count, rows - wrapped_rows(ask, columns) - 3);
}

static void choice_draw(const struct view *view, WINDOW *window)
{
	const struct ask *ask = (const struct ask *)view;
	const struct theme *theme = app_theme(view->app);
	int top = draw_question(ask, window, NULL) + 1, width = getmaxx(window) - 4;
	size_t at;

	for (int line = 0; scroller_row_at(&ask->scroller, line, &at); line++) {
		const struct ask_choice *choice = &ask->choices[at];

		theme_set(theme, window, at == ask->scroller.at ? STYLE_SELECTED : STYLE_NORMAL);
		draw_blank(window, top + line, 2, width);
		draw_textf(window, theme, top + line, 2, width, "%-3s %s", choice->key != NULL ? choice->key : "", choice->text);
	}
	theme_set(theme, window, STYLE_NORMAL);
}

static bool choice_cursor(const struct view *view, int *row, int *column)
{
	const struct ask *ask = (const struct ask *)view;

	*row = wrapped_rows(ask, ask->columns) + 2 + (int)(ask->scroller.at - ask->scroller.top);
	*column = 2;
	return true;
}

static unsigned choice_notice(struct view *view)
{
	struct ask *ask = (struct ask *)view;
	char *title = ask->title != NULL ? ask->title(view->app, ask->then.data) : NULL;
	bool same = title == NULL || strcmp(title, ask->question) == 0;
	bool larger = !same && text_columns(title) > text_columns(ask->question);

	if (same) {
		free(title);
		return UI_NOTHING;
	}
	free(ask->question);
	ask->question = title;
	return larger ? UI_LAYOUT : UI_REDRAW;
}

static const struct view_ops choice_ops = {
	.name = "choice", .title = "Choice", .keys = choice_keys, .close = ask_close, .typed = choice_typed,
	.resized = choice_resized, .draw = choice_draw, .cursor = choice_cursor, .wants = choice_wants,
	.mouse = choice_mouse, .notice = choice_notice, .raw_keys = true, .dialog = true,
};

static struct ask *new_choice(const char *title, const struct ask_choice *choices, struct ask_then then)
{
	struct ask *ask = new_ask(&choice_ops, title, then);
	size_t count = 0;

	while (choices[count].id != NULL)
		count++;
	ask->choices = mem_array(count > 0 ? count : 1, sizeof(ask->choices[0]));
	for (size_t i = 0; i < count; i++) {
		ask->choices[i].key = mem_strdup(choices[i].key);
		ask->choices[i].id = mem_strdup(choices[i].id);
		ask->choices[i].text = mem_strdup(choices[i].text);
	}
	ask->scroller.count = count;
	return ask;
}

void ask_choice(struct app *app, const char *title, const struct ask_choice *choices, struct ask_then then)
{
	app_push(app, &new_choice(title, choices, then)->view);
}

void ask_choice_of(struct app *app, ask_title_fn *title, const struct ask_choice *choices, struct ask_then then)
{
	char *first = title(app, then.data);
	struct ask *ask = new_choice(first, choices, then);

	ask->title = title;
	app_push(app, &ask->view);
	free(first);
}
