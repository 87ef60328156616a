/* SPDX-License-Identifier: MIT */
#include "ui/kit/ask.h"

#include "core/base/alloc.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/page.h"
#include "ui/kit/view.h"

#include <stdlib.h>
#include <string.h>

/* A text to read, over the whole screen or in a dialog of the size it needs. */
struct text_view {
	struct view view;
	char *title;
	struct page page;
	size_t top;
	int rows, columns;	/* inside of the frame */
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
	size_t last;

	text->rows = rows - 2;
	text->columns = columns - 4;
	last = page_last_top(&text->page, text->rows, text->columns);
	if (text->top > last)
		text->top = last;
}

static unsigned scroll_by(struct view *view, long lines)
{
	struct text_view *text = (struct text_view *)view;

	text->top = page_scrolled(text->top, lines, page_last_top(&text->page, text->rows, text->columns));
	return UI_REDRAW;
}

static long page_size(const struct view *view)
{
	int rows = ((const struct text_view *)view)->rows;

	return rows > 1 ? rows - 1 : 1;
}

static unsigned up(struct view *view)
{
	return scroll_by(view, -1);
}

static unsigned down(struct view *view)
{
	return scroll_by(view, 1);
}

static unsigned page_up(struct view *view)
{
	return scroll_by(view, -page_size(view));
}

static unsigned page_down(struct view *view)
{
	return scroll_by(view, page_size(view));
}

static unsigned to_top(struct view *view)
{
	((struct text_view *)view)->top = 0;
	return UI_REDRAW;
}

static unsigned to_end(struct view *view)
{
	struct text_view *text = (struct text_view *)view;

	text->top = page_last_top(&text->page, text->rows, text->columns);
	return UI_REDRAW;
}

static unsigned text_mouse(struct view *view, enum mouse_act act, int row, int column)
{
	(void)row;
	(void)column;
	return act == MOUSE_PRESS ? UI_NOTHING : scroll_by(view, act == MOUSE_WHEEL_UP ? -MOUSE_LINES : MOUSE_LINES);
}

static unsigned leave(struct view *view)
{
	(void)view;
	return UI_CLOSE;
}

static const struct keybinding keys[] = {
	{ "Esc q Enter ? F1", leave, "Close", "close" },
	{ "Up k", up, "Scroll up", NULL },
	{ "Down j", down, "Scroll down", NULL },
	{ "PgUp C-b", page_up, "A page up", NULL },
	{ "PgDn Space C-f", page_down, "A page down", "page down" },
	{ "Home g", to_top, "To the beginning", NULL },
	{ "End G", to_end, "To the end", NULL },
	{ NULL, NULL, NULL, NULL }
};

static void text_draw(const struct view *view, WINDOW *window)
{
	const struct text_view *text = (const struct text_view *)view;
	const struct theme *theme = app_theme(view->app);

	draw_frame(window, theme, true, text->title);
	page_draw_framed(&text->page, window, theme, text->top);
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

static void text_size(const struct view *view, int *rows, int *columns)
{
	const struct text_view *text = (const struct text_view *)view;
	struct measure measure = { 0, text_columns(text->title) + 2 };

	if (*columns > 84)
		*columns = 84;
	for (size_t i = 0; i < text->page.count; i++)
		if (text_wrap(text->page.lines[i].text, *columns - 4, measure_line, &measure) == 0)
			measure.lines++;
	if (measure.lines + 2 < *rows)
		*rows = measure.lines + 2;
	if (measure.width + 4 < *columns)
		*columns = measure.width + 4;
}

static const struct view_ops text_ops = {
	.name = "text", .title = "Text", .keys = keys, .close = text_close,
	.resized = text_resized, .draw = text_draw, .cursor = text_cursor, .mouse = text_mouse,
};

static const struct view_ops message_ops = {
	.name = "message", .title = "Message", .keys = keys, .close = text_close,
	.resized = text_resized, .draw = text_draw, .cursor = text_cursor, .size = text_size,
	.mouse = text_mouse, .dialog = true,
};

static void open_text(struct app *app, const struct view_ops *ops, const char *title, const char *content)
{
	struct text_view *text = mem_alloc(sizeof(*text));

	text->view.ops = ops;
	text->title = mem_strdup(title);
	page_text(&text->page, content);
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
