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

static void draw_value(const struct brush *b, const struct form_row *row, size_t cell, int line,
                       struct form_cell_place place)
{
	const char *text = row->text[cell];
	bool fallback = !*text && row->cells == 1;
	bool typed = !form_cell_choices(row, cell);
	char big[64];

	theme_set(b->theme, b->window, STYLE_FIELD);
	draw_blank(b->window, line, place.column, place.columns);
	if (typed && !line_edit_can_hold(text)) {
		snprintf(big, sizeof(big), "%zu bytes, e edits", strlen(text));
		text = big;
		fallback = true;
	} else if (fallback) {
		snprintf(big, sizeof(big), "(%s)", setting_info(row->setting)->fallback);
		text = big;
	}
	if (fallback)
		theme_set(b->theme, b->window, STYLE_DIM);
	draw_text(b->window, b->theme, line, place.column, place.columns, text);
}

static void draw_cell(const struct brush *b, size_t at, size_t cell, int line)
{
	const struct form_view *form = b->form;
	const struct form_row *row = &form->model.rows[at];
	struct form_cell_place place = form_cell_place(row, cell, form->columns);
	bool here = at == form->scroller.at && cell == form->cell;

	place.column++;
	/* An empty field still shows its default. */
	if (here && form->edit && *line_edit_text(form->edit)) {
		theme_set(b->theme, b->window, STYLE_SELECTED);
		line_edit_draw(form->edit, b->window, line, place.column);
		/* The pad has no style of its own: set the style of the copied cells. */
		mvwchgat(b->window, line, place.column, place.columns, b->theme->attributes[STYLE_SELECTED],
		         b->theme->pairs[STYLE_SELECTED], NULL);
		return;
	}
	draw_value(b, row, cell, line, place);
	if (here)
		mvwchgat(b->window, line, place.column, place.columns, b->theme->attributes[STYLE_SELECTED],
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

static void draw_value_row(const struct brush *b, size_t at, int line)
{
	const struct form_row *row = &b->form->model.rows[at];

	theme_set(b->theme, b->window, STYLE_NORMAL);
	draw_text(b->window, b->theme, line, 2, form_label_columns(b->form->columns) - 2,
	          setting_info(row->setting)->key);
	for (size_t cell = 0; cell < row->cells; cell++)
		draw_cell(b, at, cell, line);
	draw_reason(b, at, line);
}

static void draw_add_row(const struct brush *b, size_t at, int line)
{
	const struct form_row *row = &b->form->model.rows[at];
	const struct form_split *split = form_split_of(row->setting);
	const char *noun = split ? split->noun : row->setting == SET_ARG ? "QEMU argument" : setting_info(row->setting)->key;
	int column = form_label_columns(b->form->columns) + 1;

	theme_set(b->theme, b->window, at == b->form->scroller.at ? STYLE_SELECTED : STYLE_DIM);
	draw_textf(b->window, b->theme, line, column, b->form->columns - column, "+ add a %s", noun);
}

static void draw_settings(const struct brush *b)
{
	const struct form_model *model = &b->form->model;

	for (int line = 0; line < b->form->scroller.page; line++) {
		size_t at = b->form->scroller.top + (size_t)line;

		if (at >= model->count)
			break;
		switch (model->rows[at].kind) {
		case FORM_HEADING:
			theme_set(b->theme, b->window, STYLE_HEADING);
			draw_text(b->window, b->theme, line + 1, 1, b->form->columns,
			          setting_info(model->rows[at].setting)->section);
			break;
		case FORM_VALUE:
			draw_value_row(b, at, line + 1);
			break;
		case FORM_ADD:
			draw_add_row(b, at, line + 1);
			break;
		}
	}
}

/* Which rows are visible, if not all of them are. */
static void draw_extent(const struct brush *b)
{
	const struct form_view *form = b->form;
	size_t visible = form->scroller.page > 0 ? (size_t)form->scroller.page : 0;
	char text[64];
	int width = text_columns(scroller_extent(form->scroller.top, visible, form->model.count, text, sizeof(text)));

	theme_set(b->theme, b->window, STYLE_NORMAL);
	draw_text(b->window, b->theme, 0, getmaxx(b->window) - 2 - width, width, text);
}

static void draw_command(const struct brush *b)
{
	page_draw_framed(&b->form->argv, b->window, b->theme, b->form->argv_scroller.at);
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
	char title[256];

	snprintf(title, sizeof(title), "%s%s %s %s%s", form->is_new ? "new " : "", form->model.config.name,
	         theme_glyph(brush.theme, GLYPH_DASH), form->command ? "Command" : "Settings",
	         form_model_changed(&form->model) ? " (changed)" : "");
	draw_frame(window, brush.theme, true, title);
	if (form->command) {
		draw_command(&brush);
	} else {
		draw_keys(&brush);
		draw_settings(&brush);
		draw_extent(&brush);
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
