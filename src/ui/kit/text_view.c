/* SPDX-License-Identifier: MIT */
#include "ui/kit/ask.h"

#include "core/base/alloc.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/page.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"

#include <stdlib.h>
#include <string.h>

/* A text to read, over the whole screen or in a dialog of the size it needs. */
struct text_view {
	struct view view;
	char *title;
	struct page page;
	struct scroller scroller;
};

static void text_close(struct view *view)
{
	struct text_view *text = (struct text_view *)view;

	page_finish(&text->page);
	free(text->title);
	free(text);
}

static void text_resized(struct view *view, int rows, int columns)
{
	struct text_view *text = (struct text_view *)view;

	scroller_fit(&text->scroller, page_last_top(&text->page, rows - 2, columns - 4) + 1, rows - 2);
}

static unsigned scroll_text(struct view *view, int move)
{
	scroller_move(&((struct text_view *)view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

static unsigned text_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	(void)row;
	(void)column;
	return act == MOUSE_PRESS ? (unsigned)UI_NOTHING : scroll_text(view, scroller_wheel(act));
}

static const struct keybinding keys[] = {
	{ "Esc q Enter ? F1", view_leave, 0, "Close", "close" },
	SCROLLER_TEXT_KEYS(scroll_text, "page down"),
	{ NULL, NULL, 0, NULL, NULL }
};

static void text_draw(const struct view *view, WINDOW *window)
{
	const struct text_view *text = (const struct text_view *)view;
	const struct theme *theme = app_theme(view->app);

	draw_frame(window, theme, true, text->title);
	page_draw_framed(&text->page, window, theme, text->scroller.at);
}

static bool text_cursor(const struct view *view, int *row, int *column)
{
	(void)view;
	*row = 1;
	*column = 2;
	return true;
}

struct measure {
	int lines, width;
};

static void measure_line(void *data, int line, const char *text, size_t len)
{
	struct measure *measure = data;
	char *copy = mem_strndup(text, len);
	int width = text_columns(copy);

	(void)line;
	measure->lines++;
	if (width > measure->width)
		measure->width = width;
	free(copy);
}

static void message_wants(const struct view *view, struct view_wants *wants)
{
	const struct text_view *text = (const struct text_view *)view;
	struct measure measure = { 0, text_columns(text->title) + 2 };

	if (wants->columns > 84)
		wants->columns = 84;
	for (size_t i = 0; i < text->page.count; i++)
		if (text_wrap(text->page.lines[i].text, wants->columns - 4, measure_line, &measure) == 0)
			measure.lines++;
	if (measure.lines + 2 < wants->rows)
		wants->rows = measure.lines + 2;
	if (measure.width + 4 < wants->columns)
		wants->columns = measure.width + 4;
}

static const struct view_ops text_ops = {
	.name = "text", .title = "Text", .keys = keys, .close = text_close,
	.resized = text_resized, .draw = text_draw, .cursor = text_cursor, .mouse = text_mouse,
};

static const struct view_ops message_ops = {
	.name = "message", .title = "Message", .keys = keys, .close = text_close,
	.resized = text_resized, .draw = text_draw, .cursor = text_cursor, .wants = message_wants,
	.mouse = text_mouse, .dialog = true,
};

static void open_text(struct app *app, const struct view_ops *ops, const char *title, const char *content)
{
	struct text_view *text = mem_alloc(sizeof(*text));

	text->view.ops = ops;
	text->title = mem_strdup(title);
	page_text(&text->page, STYLE_NORMAL, content);
	text->scroller.count = text->page.count;	/* until it is known how many fit */
	app_push(app, &text->view);
}

void text_view_open(struct app *app, const char *title, const char *text)
{
	open_text(app, &text_ops, title, text);
}

void message_open(struct app *app, const char *title, const char *text)
{
	open_text(app, &message_ops, title, text);
}

const struct view_ops *text_view_ops(void)
{
	return &text_ops;
}
