/* SPDX-License-Identifier: MIT */
#include "ui/kit/palette.h"

#include "core/base/alloc.h"
#include "ui/kit/app_impl.h"
#include "ui/kit/draw.h"
#include "ui/kit/line_edit.h"
#include "ui/kit/scroller.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define KEY_COLUMNS	8	/* the first of a row's keys and a blank */
#define WIDEST		64
#define LONGEST		14	/* maximum rows of the list */
#define ABOVE		2	/* the frame and the input line */

struct entry {
	const struct view_ops *owner;	/* NULL: the command works everywhere */
	const struct keybinding *binding;
};

struct palette {
	struct view view;
	struct line_edit *line;
	struct entry *entries;
	size_t count;
	size_t *shown;			/* the entries that match the typed text, best first */
	struct scroller scroller;	/* position in those entries */
	int columns;			/* of the list */
};

static struct palette *of(struct view *view)
{
	return (struct palette *)view;
}

/* The available commands. */

static void add_rows(struct palette *palette, const struct view_ops *owner, const struct keybinding *row, size_t most)
{
	for (; row != NULL && row->run != NULL && most > 0; row++, most--) {
		if (row->help == NULL)
			continue;
		palette->entries = mem_resize(palette->entries, palette->count + 1, sizeof(palette->entries[0]));
		palette->entries[palette->count++] = (struct entry){ owner, row };
	}
}

/* Outer views first: actions on machines come before movements in the list. */
static void add_view(struct palette *palette, const struct view *view)
{
	struct view_wants wants = view_wants(view, LINES, COLS);

	if (view->parent != NULL)
		add_view(palette, view->parent);
	add_rows(palette, view->ops, wants.keys, wants.key_count);
}

/* How well the text matches the typed one; 0: no match. */
static int fit_of(const char *text, const char *typed, int best)
{
	const char *at = text != NULL ? strcasestr(text, typed) : NULL;

	if (at == NULL)
		return 0;
	if (strcasecmp(text, typed) == 0)
		return best + 1;
	if (at == text)
		return best;
	/* At the beginning of a word. */
	for (; at != NULL; at = strcasestr(at + 1, typed))
		if (!isalnum((unsigned char)at[-1]))
			return 2;
	return 1;
}

static void narrow(struct palette *palette)
{
	const char *typed = line_edit_text(palette->line);
	size_t count = 0;

	for (int wanted = 6; wanted > 0; wanted--) {
		for (size_t i = 0; i < palette->count; i++) {
			const struct keybinding *binding = palette->entries[i].binding;
			int as_label = fit_of(binding->label, typed, 5), as_help = fit_of(binding->help, typed, 3);

			if ((as_label > as_help ? as_label : as_help) == wanted)
				palette->shown[count++] = i;
		}
	}
	palette->scroller = (struct scroller){ .count = count, .page = palette->scroller.page };
}

static const struct entry *selected(const struct palette *palette)
{
	return palette->scroller.at < palette->scroller.count ? &palette->entries[palette->shown[palette->scroller.at]] : NULL;
}

/* Keys. */

static unsigned scroll_rows(struct view *view, int move)
{
	scroller_move(&of(view)->scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

/* Closes first, because the command may use the stack and open the next view. */
static unsigned take(struct view *view, int arg)
{
	const struct entry *entry = selected(of(view));
	struct app *app = view->app;
	struct entry kept;

	(void)arg;
	if (entry == NULL)
		return UI_NOTHING;
	kept = *entry;
	app_apply(app, view, UI_CLOSE);
	app_run_row(app, kept.owner, kept.binding);
	return UI_NOTHING;
}

/* The name of the selected row becomes the typed text. */
static unsigned complete(struct view *view, int arg)
{
	struct palette *palette = of(view);
	const struct entry *entry = selected(palette);
	const char *name = entry == NULL ? NULL : entry->binding->label ? entry->binding->label : entry->binding->help;

	(void)arg;
	if (name == NULL)
		return UI_NOTHING;
	line_edit_free(palette->line);
	palette->line = line_edit_new(name, palette->columns - 2);
	narrow(palette);
	return UI_REDRAW;
}

static unsigned typed(struct view *view, const struct key *key)
{
	struct palette *palette = of(view);
	bool changed = false;

	/* Backspace on an empty line closes the list. */
	if (key_is(key, "Backspace") && line_edit_text(palette->line)[0] == '\0')
		return UI_CLOSE;
	if (!line_edit_key(palette->line, key, &changed))
		return UI_IGNORED;
	if (changed)
		narrow(palette);
	return UI_REDRAW;
}

static const struct keybinding keys[] = {
	{ "Enter", take, 0, "Run it", "run" },
	{ "Tab", complete, 0, "Complete the name", "complete" },
	{ "Up S-Tab C-p", scroll_rows, MOVE_UP, "Up", NULL },
	{ "Down C-n", scroll_rows, MOVE_DOWN, "Down", NULL },
	{ "PgUp", scroll_rows, MOVE_PAGE_UP, "Scroll up a page", NULL },
	{ "PgDn", scroll_rows, MOVE_PAGE_DOWN, "Scroll down a page", NULL },
	{ "Esc A-x C-g", view_leave, 0, "Back", "back" },
	{ NULL, NULL, 0, NULL, NULL }
};

static unsigned mouse(struct view *view, enum mouse_act act, int row, int column)
{
	struct palette *palette = of(view);
	size_t at;

	(void)column;
	if (act != MOUSE_PRESS)
		return scroll_rows(view, scroller_wheel(act));
	if (!scroller_row_at(&palette->scroller, row - ABOVE, &at))
		return UI_NOTHING;
	if (at == palette->scroller.at)
		return take(view, 0);
	scroller_to(&palette->scroller, at);
	return UI_REDRAW;
}

/* The view. */

static void draw(const struct view *view, WINDOW *window)
{
	const struct palette *palette = (const struct palette *)view;
	const struct theme *theme = app_theme(view->app);
	size_t at;

	draw_frame(window, theme, true, "Commands");
	draw_text(window, theme, 1, 2, 1, ":");
	line_edit_draw(palette->line, window, 1, 4);
	for (int line = 0; scroller_row_at(&palette->scroller, line, &at); line++) {
		const struct keybinding *binding = palette->entries[palette->shown[at]].binding;
		int row = ABOVE + line, key_columns = (int)strcspn(binding->key, " ");
		bool current = at == palette->scroller.at;

		theme_set(theme, window, current ? STYLE_SELECTED : STYLE_KEY);
		draw_blank(window, row, 2, palette->columns);
		draw_textf(window, theme, row, 2, KEY_COLUMNS - 1, "%.*s", key_columns, binding->key);
		if (!current)
			theme_set(theme, window, STYLE_NORMAL);
		draw_text(window, theme, row, 2 + KEY_COLUMNS, palette->columns - KEY_COLUMNS, binding->help);
	}
	theme_set(theme, window, STYLE_NORMAL);
	if (palette->scroller.count == 0)
		draw_text(window, theme, ABOVE, 2, palette->columns, "no match");
	scroller_draw(&palette->scroller, window, theme);
}

static bool cursor(const struct view *view, int *row, int *column)
{
	*row = 1;
	*column = 4 + line_edit_cursor(((const struct palette *)view)->line);
	return true;
}

/* Always large enough for all commands, so that the size does not change while the user types. */
static void wants_room(const struct view *view, struct view_wants *wants)
{
	size_t count = ((const struct palette *)view)->count;
	int wanted = (int)(count < LONGEST ? count : LONGEST) + ABOVE + 1;

	if (wanted < wants->rows)
		wants->rows = wanted;
	if (wants->columns > WIDEST)
		wants->columns = WIDEST;
	wants->takes_text = true;
}

static void resized(struct view *view, int rows, int columns)
{
	struct palette *palette = of(view);

	palette->columns = columns - 4;
	line_edit_width(palette->line, palette->columns - 2);
	scroller_fit(&palette->scroller, palette->scroller.count, rows - ABOVE - 1);
}

static void on_close(struct view *view)
{
	struct palette *palette = of(view);

	line_edit_free(palette->line);
	free(palette->entries);
	free(palette->shown);
	free(palette);
}

static const struct view_ops ops = {
	.name = "commands", .title = "Commands", .keys = keys, .close = on_close, .typed = typed, .resized = resized,
	.draw = draw, .cursor = cursor, .wants = wants_room, .mouse = mouse,
	.raw_keys = true, .dialog = true,
};

void palette_open(struct app *app, const struct view *view)
{
	struct palette *palette = mem_alloc(sizeof(*palette));

	palette->view.ops = &ops;
	palette->line = line_edit_new("", WIDEST - 6);
	add_view(palette, view);
	add_rows(palette, NULL, app_keys(app), (size_t)-1);
	palette->shown = mem_array(palette->count, sizeof(palette->shown[0]));
	narrow(palette);
	app_push(app, &palette->view);
}
