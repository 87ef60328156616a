/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "ui/form/form_cells.h"
#include "ui/form/form_view.h"
#include "ui/kit/app.h"
#include "ui/kit/draw.h"
#include "ui/kit/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shared by the drawing functions below. */
struct brush {
	const struct form_view *form;
	const struct theme *theme;
	WINDOW *window;
};

static void draw_cell(const struct brush *b, size_t at, size_t cell, int line)
{
	const struct form_view *form = b->form;
	const struct form_row *row = &form->model.rows[at];
	struct form_cell_place place = form_cell_place(row, cell, form->columns);
	int column = place.column + 1;
	bool here = at == form->scroller.at && cell == form->cell;
	const char *text = row->text[cell];

	theme_set(b->theme, b->window, STYLE_FIELD);
	draw_blank(b->window, line, column, place.columns);
	/* An empty field still shows its default. */
	if (here && form->edit && *line_edit_text(form->edit)) {
		line_edit_draw(form->edit, b->window, line, column);
	} else if (!form_cell_choices(row, cell) && !line_edit_can_hold(text)) {
		theme_set(b->theme, b->window, STYLE_DIM);
		draw_textf(b->window, b->theme, line, column, place.columns, "%zu bytes, e edits", strlen(text));
	} else if (!*text && row->cells == 1) {
		theme_set(b->theme, b->window, STYLE_DIM);
		draw_textf(b->window, b->theme, line, column, place.columns, "(%s)", setting_info(row->setting)->fallback);
	} else {
		draw_text(b->window, b->theme, line, column, place.columns, text);
	}
	/* The pad of a line editor has no style of its own, so that the style of the drawn cells is set. */
	if (here)
		mvwchgat(b->window, line, column, place.columns, b->theme->attributes[STYLE_SELECTED],
		         b->theme->pairs[STYLE_SELECTED], NULL);
}

static void draw_reason(const struct brush *b, size_t at, int line)
{
	int column = form_value_columns(b->form->columns) + 2;
	bool wrong;
	const char *reason = form_model_reason(&b->form->model, at, &wrong);

	if (!reason)
		return;
	if (column + 8 > b->form->columns) {
		/* No room for the reason: show a mark; the bottom line has the reason. */
		theme_set(b->theme, b->window, wrong ? STYLE_FAILED : STYLE_WARNING);
		draw_text(b->window, b->theme, line, b->form->columns, 1, wrong ? "!" : "*");
		return;
	}
	theme_set(b->theme, b->window, wrong ? STYLE_FAILED : STYLE_WARNING);
	draw_textf(b->window, b->theme, line, column, b->form->columns - column + 1, "%s%s", wrong ? "! " : "", reason);
}

static void draw_settings(const struct brush *b)
{
	const struct form_view *form = b->form;
	int labels = form_label_columns(form->columns);
	size_t at;

	for (int line = 1; scroller_row_at(&form->scroller, line - 1, &at); line++) {
		const struct form_row *row = &form->model.rows[at];
		const struct setting *info = setting_info(row->setting);
		const struct form_split *split = form_split_of(row->setting);

		switch (row->kind) {
		case FORM_HEADING:
			theme_set(b->theme, b->window, STYLE_HEADING);
			draw_text(b->window, b->theme, line, 1, form->columns, info->section);
			break;
		case FORM_VALUE:
			theme_set(b->theme, b->window, STYLE_NORMAL);
			draw_text(b->window, b->theme, line, 2, labels - 2, info->key);
			for (size_t cell = 0; cell < row->cells; cell++)
				draw_cell(b, at, cell, line);
			draw_reason(b, at, line);
			break;
		case FORM_ADD:
			theme_set(b->theme, b->window, at == form->scroller.at ? STYLE_SELECTED : STYLE_DIM);
			draw_textf(b->window, b->theme, line, labels + 1, form->columns - labels - 1, "+ add a %s",
			           split ? split->noun : row->setting == SET_ARG ? "QEMU argument" : info->key);
			break;
		}
	}
}

/* Keys are shown in the frame, because the bottom line shows the meaning of the field. */
static void draw_keys(const struct brush *b)
{
	static const struct { const char *key, *label; } keys[] = {
		{ "C-s", "save" }, { "C-t", "command" }, { "C-n", "add" }, { "C-d", "remove" }, { "Esc", "leave" }, { "F1", "help" },
	};
	int row = getmaxy(b->window) - 1, column = 2;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int width = text_columns(keys[i].key) + 1 + text_columns(keys[i].label) + 2;

		if (column + width > getmaxx(b->window) - 1)
			break;
		theme_set(b->theme, b->window, STYLE_KEY);
		column += draw_textf(b->window, b->theme, row, column, width, " %s ", keys[i].key);
		theme_set(b->theme, b->window, STYLE_NORMAL);
		column += draw_textf(b->window, b->theme, row, column, width, "%s ", keys[i].label);
	}
}

void form_draw(const struct view *view, WINDOW *window)
{
	const struct form_view *form = (const struct form_view *)view;
	struct brush brush = { .form = form, .theme = app_theme(view->app), .window = window };
	size_t visible = form->scroller.page > 0 ? (size_t)form->scroller.page : 0;
	const char *changed = form_model_changed(&form->model) ? " (changed)" : "";
	char *name = mem_printf("%s%s", form->is_new ? "new " : "", form->model.config.name);
	char *rest = mem_printf(" %s %s%s", theme_glyph(brush.theme, GLYPH_DASH), form->command ? "Command" : "Settings", changed);
	struct frame_title title = { .name = name, .rest = rest };
	char extent[64] = "";
	int columns;

	/* The extent is in the upper frame, because the lower one has the keys. */
	if (!form->command)
		scroller_extent(form->scroller.top, visible, form->model.count, extent, sizeof(extent));
	columns = text_columns(extent);
	title.reserved = columns > 0 ? columns - 1 : 0;
	/* The name and what is not saved are more important than the name of the tab. */
	if (text_columns(name) + text_columns(rest) > getmaxx(window) - 6 - title.reserved)
		title.rest = changed;
	draw_titled_frame(window, brush.theme, true, &title);
	draw_text(window, brush.theme, 0, getmaxx(window) - 2 - columns, columns, extent);
	free(rest);
	free(name);
	if (form->command) {
		page_draw_framed(&form->argv, window, brush.theme, form->argv_scroller.at);
	} else {
		draw_keys(&brush);
		draw_settings(&brush);
	}
}

/* A hint that is too long for these rows is cut: rows for the longest hint would be taken from the fields. */
int form_hint_rows(int columns)
{
	return columns >= 160 ? 1 : columns >= 80 ? 2 : 3;
}

const char *form_hint(const struct form_view *form)
{
	const struct form_row *row = &form->model.rows[form->scroller.at];
	const struct setting *info = setting_info(row->setting);
	const char *label = form_cell_label(row, form->cell);
	bool wrong;
	const char *reason = form_model_reason(&form->model, form->scroller.at, &wrong);

	if (form->command)
		return "C-t back to the settings   C-s save   Up Down scroll   Esc back";
	if (row->kind == FORM_HEADING)
		return NULL;
	if (reason && wrong)
		snprintf(form->hint, FORM_HINT, "%s: %s", label, reason);
	else if (row->cells > 1)
		snprintf(form->hint, FORM_HINT, "%s", form_split_of(row->setting)->meanings[form->cell]);
	else
		snprintf(form->hint, FORM_HINT, "%s: %s%s", info->meaning,
		         row->setting == SET_DEVICE ? "C-p lists this host's USB devices; " : "", info->values);
	return form->hint;
}
