/* SPDX-License-Identifier: MIT */
#include "ui/list/list_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/line_edit.h"
#include "ui/list/status_look.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_COLUMN 5
#define CPU_FROM 24		/* columns of the list from which rows have the CPU figure of what runs, */
#define MEMORY_FROM 34		/* its memory */
#define PUBLISH_FROM 44		/* and the published port as well */
#define NAME_LEAST 10		/* minimum columns for a name, whatever follows it */

/* How many of the listed items of a group run under paddock. */
static size_t running_in(const struct list_view *list, enum item_kind kind)
{
	const struct group *group = &list->groups[kind];
	const struct running_vm **machines = model_machines_of(session_model(list->view.app), kind);
	size_t running = 0;

	for (size_t i = 0; i < list_items_in(list, kind); i++)
		running += machines[group->match != NULL ? group->match[i] : i] != NULL;
	free(machines);
	return running;
}

static void draw_heading(const struct list_view *list, WINDOW *window, int row, enum item_kind kind, bool current)
{
	static const char *const names[ITEM_KINDS] = { "profiles", "images", "state directories" };
	const struct theme *theme = app_theme(list->view.app);
	struct store *store = session_store(list->view.app);
	const struct strv *directories = kind == ITEM_IMAGE ? store->directories(store) : NULL;
	bool folded = list->groups[kind].folded;
	int width = getmaxx(window) - 4, used;

	if (!current)
		theme_set(theme, window, STYLE_HEADING);
	draw_text(window, theme, row, 1, 1, theme_glyph(theme, folded ? GLYPH_FOLDED : GLYPH_OPEN));
	size_t running = folded ? running_in(list, kind) : 0;

	if (running > 0)
		used = draw_textf(window, theme, row, 3, width, "%s (%zu)  %zu running", names[kind], list_items_in(list, kind), running);
	else if (folded || list->filter[0] != '\0')
		used = draw_textf(window, theme, row, 3, width, "%s (%zu)", names[kind], list_items_in(list, kind));
	else
		used = draw_text(window, theme, row, 3, width, names[kind]);
	/* The directory of the images, if they are all in the same one. */
	if (directories != NULL && directories->count == 1) {
		char *place = path_shorten(directories->items[0]);

		draw_tail(window, theme, row, 3 + used + 2, width - used - 2, place);
		free(place);
	}
}

/* Widths of the columns after the name, for the visible rows. */
struct columns {
	int word, extra;
};

/* Appends the figures of a running machine as far as there is room, always in the same columns. */
static void add_figures(const struct list_view *list, const struct running_vm *machine, char *extra, size_t size)
{
	const struct usage *usage = machine != NULL ? model_usage(session_model(list->view.app), machine) : NULL;
	const struct usage_figures *figures = usage != NULL ? usage_figures(usage) : NULL;
	char cpu[24] = "-", memory[24] = "";
	size_t len = list->columns < PUBLISH_FROM ? 0 : strlen(extra);

	if (figures == NULL || list->columns < CPU_FROM)
		return;
	if (figures->cpu >= 0)
		snprintf(cpu, sizeof(cpu), "%.0f%%", figures->cpu);
	if (list->columns >= MEMORY_FROM)
		format_size_narrow(figures->resident, memory, sizeof(memory));
	snprintf(extra + len, size - len, "%s%4s%s%*s", len > 0 ? " " : "", cpu, memory[0] != '\0' ? " " : "",
	         memory[0] != '\0' ? 4 : 0, memory);
}

/* Images and state directories show their kind, unless they run, have run or have a problem. */
static void row_texts(const struct list_view *list, const struct item *item, struct status *status, const char **word,
                      char *extra, size_t size)
{
	model_status(session_model(list->view.app), item, status);
	if (status->running && item->pending) {
		size_t len = strlen(status->word);

		snprintf(status->word + len, sizeof(status->word) - len, " %s", theme_glyph(app_theme(list->view.app), GLYPH_DIFFERS));
	}
	*word = status->word;
	extra[0] = '\0';

	const struct running_vm *machine = model_running_vm(session_model(list->view.app), item);
	const char *publish = machine != NULL && machine->settings_known ? machine->publish : item->publish;

	if (publish != NULL)
		snprintf(extra, size, "%s", publish);
	else if (item->kind == ITEM_IMAGE && item->size > 0)
		format_size(item->size, extra, size);
	add_figures(list, machine, extra, size);
	if (status->running || status_is_bad(status->kind))
		return;
	if (item->kind == ITEM_IMAGE && item->last == NULL)
		*word = item_boot_word(item);
	else if (item->kind == ITEM_STATE && item->image == NULL)
		*word = "no image";
}

/* The path relative to its directory of the library. */
static char *item_label(const struct list_view *list, const struct item *item)
{
	struct store *store = session_store(list->view.app);
	const struct strv *directories = store->directories(store);

	if (item->kind == ITEM_PROFILE)
		return mem_strdup(item->name);
	for (size_t i = 0; directories != NULL && i < directories->count; i++) {
		size_t len = strlen(directories->items[i]);

		if (text_starts(item->name, directories->items[i]) && item->name[len] == '/')
			return mem_strdup(item->name + len + 1);
	}
	return path_shorten(item->name);
}

/* A word with nothing after it may use the next column too. */
static void widen(struct columns *columns, const char *word, const char *extra)
{
	int needed = text_columns(word) - (extra[0] == '\0' && columns->extra > 0 ? columns->extra + 1 : 0);

	if (needed > columns->word)
		columns->word = needed;
}

/* The width that the visible names need, up to a limit. */
static int name_columns(const struct list_view *list)
{
	const struct item *item;
	enum item_kind kind;
	int widest = 0;

	for (int line = 0; widest < NAME_LEAST && list_line_at(list, line, &kind, &item); line++) {
		if (item == NULL)
			continue;

		char *label = item_label(list, item);
		int width = text_columns(label);

		widest = width > widest ? width : widest;
		free(label);
	}
	return widest < NAME_LEAST ? widest : NAME_LEAST;
}

static struct columns measure(const struct list_view *list)
{
	struct columns columns = { 3, 0 };
	const struct item *item;
	enum item_kind kind;

	/* The last column first: the one before it depends on it. */
	for (int pass = 0; pass < 2; pass++) {
		for (int line = 0; list_line_at(list, line, &kind, &item); line++) {
			struct status status;
			const char *word;
			char extra[32];

			if (item == NULL)
				continue;
			row_texts(list, item, &status, &word, extra, sizeof(extra));
			if (pass == 1)
				widen(&columns, word, extra);
			else if (text_columns(extra) > columns.extra)
				columns.extra = text_columns(extra);
		}
	}

	int most = list->columns - NAME_COLUMN - name_columns(list) - (columns.extra > 0 ? columns.extra + 1 : 0);

	if (columns.word > most)
		columns.word = most > 3 ? most : 3;
	return columns;
}

/* Column of the word: aligned with the others, or further right after a long name if there is room. */
static int word_column(const struct columns *columns, int right, const char *label, const char *word, bool extra)
{
	int behind = columns->extra > 0 ? columns->extra + 1 : 0;
	int usual = right - columns->word - behind;
	int latest = right - text_columns(word) - (extra ? behind : 0);
	int wanted = NAME_COLUMN + text_columns(label) + 1;

	if (wanted <= usual || latest <= usual)
		return usual;
	return wanted < latest ? wanted : latest;
}

static size_t shared_bytes(const char *a, const char *b)
{
	size_t len = 0;

	while (a[len] != '\0' && a[len] == b[len])
		len++;
	return len;
}

/* Where the label in this row of the window differs from the ones above and below. */
static size_t telling_part(const struct list_view *list, int row, const char *label)
{
	size_t most = 0;

	for (int line = row - 2; line <= row; line += 2) {
		const struct item *item;
		enum item_kind kind;

		if (line < 0 || !list_line_at(list, line, &kind, &item) || item == NULL)
			continue;

		char *other = item_label(list, item);
		size_t shared = shared_bytes(label, other);

		most = shared > most ? shared : most;
		free(other);
	}
	return most;
}

static void draw_item(const struct list_view *list, WINDOW *window, int row, const struct item *item,
                      const struct columns *columns, bool current)
{
	const struct theme *theme = app_theme(list->view.app);
	int right = getmaxx(window) - 1, word_at, behind;
	char *label = item_label(list, item);
	struct status status;
	const char *word;
	char extra[32];

	row_texts(list, item, &status, &word, extra, sizeof(extra));
	if (list_marks_has(&list->marks, item->kind, item->name))
		draw_text(window, theme, row, 1, 1, theme_glyph(theme, GLYPH_MARKED));
	word_at = word_column(columns, right, label, word, extra[0] != '\0');
	/* The status is more important than the port. */
	if (extra[0] != '\0' && text_columns(word) > right - columns->extra - 1 - word_at) {
		extra[0] = '\0';
		word_at = word_column(columns, right, label, word, false);
	}
	behind = extra[0] != '\0' ? columns->extra + 1 : 0;
	if (!current && (item->kind == ITEM_PROFILE || word == status.word))
		theme_set(theme, window, status_look(status.kind).style);
	if (item->kind == ITEM_PROFILE || word == status.word)
		draw_text(window, theme, row, 3, 1, theme_glyph(theme, status_look(status.kind).glyph));
	draw_text(window, theme, row, word_at, right - behind - word_at, word);
	if (!current)
		theme_set(theme, window, STYLE_NORMAL);
	draw_middle(window, theme, row, NAME_COLUMN, word_at - NAME_COLUMN - 1, label, telling_part(list, row, label));
	if (extra[0] != '\0')
		draw_textf(window, theme, row, right - columns->extra, columns->extra, "%*s", columns->extra, extra);
	free(label);
}

static void draw_empty(const struct list_view *list, WINDOW *window)
{
	const struct theme *theme = app_theme(list->view.app);
	int width = getmaxx(window) - 4;

	if (list->filter[0] != '\0') {
		draw_text(window, theme, 1, 2, width, "no match, Esc clears");
	} else if (model_searching(session_model(list->view.app))) {
		draw_text(window, theme, 1, 2, width, "searching");
	} else {
		draw_text(window, theme, 1, 2, width, "nothing found here");
		draw_text(window, theme, 2, 2, width, "n creates a profile");
		draw_text(window, theme, 3, 2, width, "paddock DIR searches DIR");
	}
}

#define WAY_OUT " Esc clears "
#define WAY_OUT_FROM 28		/* columns of the list from which there is room for that in the frame */
#define FILTER_COLUMN 13	/* of the filter while it is typed */

static int way_out_columns(const struct list_view *list)
{
	return list->columns >= WAY_OUT_FROM ? (int)strlen(WAY_OUT) : 0;
}

int list_filter_columns(const struct list_view *list)
{
	int columns = list->columns - FILTER_COLUMN - 1 - way_out_columns(list);

	return columns > 4 ? columns : 4;
}

#define EXTENT_COLUMNS 16	/* of what scroller_draw writes, at most, if it does */

/* At the right, where scroller_draw writes nothing. */
static void draw_marks(const struct list_view *list, WINDOW *window)
{
	char text[48];
	int width, columns = getmaxx(window) - 4;

	if (list->marks.count == 0)
		return;
	width = snprintf(text, sizeof(text), " %zu marked, - unmarks ", list->marks.count);
	if (width > columns - (list->scroller.count > (size_t)list->scroller.page ? EXTENT_COLUMNS : 0))
		width = snprintf(text, sizeof(text), " %zu marked ", list->marks.count);
	draw_text(window, app_theme(list->view.app), getmaxy(window) - 1, columns + 2 - width, width, text);
}

void list_draw(const struct view *view, WINDOW *window)
{
	const struct list_view *list = (const struct list_view *)view;
	const struct theme *theme = app_theme(view->app);
	bool focus = app_has_focus(view->app, view);
	struct columns columns = measure(list);
	const struct item *item;
	enum item_kind kind;
	bool filtered = list->edit != NULL || list->filter[0] != '\0';
	int way_out = way_out_columns(list);
	bool ordered = list->edit == NULL && list->order != ORDER_NAME;
	char *name, *rest;

	/* There is no room for everything. */
	name = mem_printf("%s%s%s", filtered && ordered ? "" : "Machines", !ordered ? "" : filtered ? "by " : " by ",
	                  ordered ? list_order_word(list->order) : "");
	rest = mem_printf("%s%s", filtered ? " / " : "", list->edit == NULL ? list->filter : "");
	draw_titled_frame(window, theme, focus, &(struct frame_title){ name, rest, filtered ? way_out : 0 });
	free(name);
	free(rest);
	if (list->edit != NULL)
		line_edit_draw_text(list->edit, window, 0, FILTER_COLUMN);
	if (filtered)
		draw_text(window, theme, 0, getmaxx(window) - 1 - way_out, way_out, WAY_OUT);
	if (list_row_count(list) == 0)
		draw_empty(list, window);
	for (int line = 0; list_line_at(list, line, &kind, &item); line++) {
		bool current = list->scroller.top + (size_t)line == list->scroller.at;

		theme_set(theme, window, !current ? STYLE_NORMAL : focus ? STYLE_SELECTED : STYLE_SELECTED_IDLE);
		if (current)
			draw_blank(window, 1 + line, 1, getmaxx(window) - 2);
		if (item == NULL)
			draw_heading(list, window, 1 + line, kind, current);
		else
			draw_item(list, window, 1 + line, item, &columns, current);
	}
	theme_set(theme, window, STYLE_NORMAL);
	scroller_draw(&list->scroller, window, theme);
	draw_marks(list, window);
}

bool list_cursor(const struct view *view, int *row, int *column)
{
	const struct list_view *list = (const struct list_view *)view;

	if (list->edit != NULL) {
		*row = 0;
		*column = FILTER_COLUMN + line_edit_cursor(list->edit);
	} else {
		*row = 1 + (int)(list->scroller.at - list->scroller.top);
		*column = 1;
	}
	return true;
}
