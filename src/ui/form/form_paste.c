/* SPDX-License-Identifier: MIT */
#include "ui/form/form_view.h"

#include "ui/kit/app.h"
#include "ui/kit/dropped_path.h"
#include "ui/kit/keys.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void type_text(struct form_view *form, const char *text)
{
	mbstate_t state = { 0 };
	bool changed;
	wchar_t c;

	for (size_t used; (used = mbrtowc(&c, text, MB_CUR_MAX, &state)) > 0 && used <= MB_CUR_MAX; text += used)
		line_edit_key(form->edit, &(struct key){ .code = (wint_t)c }, &changed);
	form_model_set(&form->model, form->scroller.at, form->cell, line_edit_text(form->edit));
}

/* Keeps lines, tabs, and text too long for a line editor; such a value is edited in the user's editor. */
static void end_paste(struct form_view *form)
{
	struct str *pasted = &form->pasted;
	const char *first_end = strchr(pasted->text, '\n');

	form->pasting = false;
	/* The selection included the end of the line. */
	if (first_end && !first_end[1])
		str_cut(pasted, pasted->len - 1);

	char *path = form_cell_is_path(&form->model.rows[form->scroller.at], form->cell) ? dropped_path(pasted->text) : NULL;

	if (path) {
		str_clear(pasted);
		str_adds(pasted, path);
		free(path);
	}

	char *text = form->edit ? line_edit_with(form->edit, pasted->text) : NULL;

	if (text && line_edit_can_hold(text)) {
		type_text(form, pasted->text);
		form->touched = true;
	} else if (text) {
		form_model_set(&form->model, form->scroller.at, form->cell, text);
		form_go(form, form->scroller.at, form->cell);
		app_say(form->view.app, "pasted unchanged; e opens it in the editor");
	}
	free(text);
	str_clear(pasted);
}

static void take_pasted(struct form_view *form, const struct key *key)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };
	size_t len;

	if (key->is_code || key->code == 0)
		return;
	if (key->alt)
		str_addc(&form->pasted, '\033');
	len = key->code == '\r' ? 0 : wcrtomb(bytes, (wchar_t)key->code, &state);
	if (key->code == '\r')
		str_addc(&form->pasted, '\n');
	else if (len != (size_t)-1)
		str_add(&form->pasted, bytes, len);
}

bool form_paste_key(struct form_view *form, const struct key *key)
{
	bool mark = key->is_code && (key->code == KEY_PASTE_BEGIN || key->code == KEY_PASTE_END);

	if (mark && key->code == KEY_PASTE_BEGIN && form->edit) {
		form->pasting = true;
		return true;
	}
	if (!form->pasting)
		return false;
	if (mark || !app_pasting(form->view.app)) {
		end_paste(form);
		return mark;
	}
	take_pasted(form, key);
	return true;
}
