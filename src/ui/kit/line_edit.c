/* SPDX-License-Identifier: MIT */
#include "ui/kit/line_edit.h"

#include "core/base/alloc.h"
#include "ui/kit/draw.h"
#include "ui/kit/keys.h"

#include <form.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

struct line_edit {
	FIELD *fields[2];
	FORM *form;
	WINDOW *pad;
	int width;
	char *text;
};

bool line_edit_can_hold(const char *text)
{
	mbstate_t state = { 0 };
	int columns = 0;
	wchar_t c = L'x';
	size_t len = strlen(text);

	if (*text == ' ' || (len && text[len - 1] == ' '))
		return false;
	while (*text) {
		size_t used = mbrtowc(&c, text, MB_CUR_MAX, &state);
		int width;

		if (used == 0 || used > MB_CUR_MAX || !iswprint((wint_t)c) || (width = wcwidth(c)) < 1)
			return false;
		columns += width;
		text += used;
	}
	return columns <= LINE_EDIT_COLUMNS;
}

static void close_form(struct line_edit *edit)
{
	unpost_form(edit->form);
	free_form(edit->form);
	free_field(edit->fields[0]);
	delwin(edit->pad);
}

/* These calls fail only for lack of memory or because of invalid arguments. */
static void open_form(struct line_edit *edit)
{
	edit->pad = newpad(1, edit->width);
	edit->fields[0] = new_field(1, edit->width, 0, 0, 0, 0);
	edit->fields[1] = NULL;
	if (!edit->pad || !edit->fields[0])
		abort();
	field_opts_off(edit->fields[0], O_STATIC | O_BLANK | O_AUTOSKIP | O_WRAP);
	set_max_field(edit->fields[0], LINE_EDIT_COLUMNS);
	set_field_buffer(edit->fields[0], 0, edit->text);
	edit->form = new_form(edit->fields);
	if (!edit->form)
		abort();
	set_form_win(edit->form, edit->pad);
	set_form_sub(edit->form, edit->pad);
	if (post_form(edit->form) != E_OK)
		abort();
	form_driver(edit->form, REQ_INS_MODE);
}

struct line_edit *line_edit_new(const char *text, int width)
{
	struct line_edit *edit = mem_alloc(sizeof(*edit));

	edit->width = width < 1 ? 1 : width;
	edit->text = mem_strdup(text);
	open_form(edit);
	form_driver(edit->form, REQ_END_LINE);
	return edit;
}

void line_edit_free(struct line_edit *edit)
{
	if (!edit)
		return;
	close_form(edit);
	free(edit->text);
	free(edit);
}

/* Column of the cursor in the text; form calls it curcol. */
static int column_in_text(const struct line_edit *edit)
{
	return edit->form->curcol;
}

void line_edit_width(struct line_edit *edit, int width)
{
	int column = column_in_text(edit);

	if (width < 1)
		width = 1;
	if (width == edit->width)
		return;
	close_form(edit);
	edit->width = width;
	open_form(edit);
	form_driver(edit->form, REQ_BEG_FIELD);
	while (column_in_text(edit) < column && form_driver(edit->form, REQ_NEXT_CHAR) == E_OK)
		;
}

static int request_of(const struct key *key)
{
	static const struct { const char *names; int request; } requests[] = {
		{ "Left C-b", REQ_PREV_CHAR }, { "Right C-f", REQ_NEXT_CHAR },
		{ "Home C-a", REQ_BEG_FIELD }, { "End C-e", REQ_END_FIELD },
		{ "Backspace C-h", REQ_DEL_PREV }, { "Del", REQ_DEL_CHAR },
		{ "C-u", REQ_CLR_FIELD }, { "C-k", REQ_CLR_EOF }, { "C-w", REQ_DEL_WORD },
		{ "A-b", REQ_PREV_WORD }, { "A-f", REQ_NEXT_WORD },
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (key_is(key, requests[i].names))
			return requests[i].request;
	return 0;
}

/* How many characters there are from the beginning of the word before the cursor to the cursor. */
static int word_before(const struct line_edit *edit)
{
	mbstate_t state = { 0 };
	const char *at = edit->text;
	int count = 0, column = column_in_text(edit);
	bool blank = true;

	/* The text has no trailing blanks, but the field may, and the cursor can be after them. */
	while (column > 0) {
		wchar_t c = L' ';
		size_t used = *at ? mbrtowc(&c, at, MB_CUR_MAX, &state) : 0;

		if (used > MB_CUR_MAX)
			break;
		if (blank && c != L' ')
			count = 0;
		blank = c == L' ';
		count++;
		column -= wcwidth(c);
		at += used;
	}
	return count;
}

static void run(struct line_edit *edit, int request)
{
	/* form would join the line with the one above, which does not exist, and beep. */
	if (request == REQ_DEL_PREV && column_in_text(edit) == 0)
		return;
	/* C-w as in a shell deletes up to the cursor; form would delete the whole word under it and the blanks after it. */
	if (request == REQ_DEL_WORD) {
		for (int count = word_before(edit); count > 0; count--)
			form_driver(edit->form, REQ_DEL_PREV);
		return;
	}
	form_driver(edit->form, request);
}

bool line_edit_key(struct line_edit *edit, const struct key *key, bool *changed)
{
	int request = request_of(key);

	*changed = false;
	if (!request && !key_is_text(key))
		return false;
	if (request)
		run(edit, request);
	/* form would put a combining mark at the end of the text instead of on the letter before it. */
	else if (wcwidth((wchar_t)key->code) > 0)
		form_driver_w(edit->form, OK, (wchar_t)key->code);

	form_driver(edit->form, REQ_VALIDATION);

	/* form pads its buffer with blanks. */
	const char *buffer = field_buffer(edit->fields[0], 0);
	size_t len = strlen(buffer);

	while (len && buffer[len - 1] == ' ')
		len--;

	char *now = mem_strndup(buffer, len);

	*changed = strcmp(now, edit->text) != 0;
	free(edit->text);
	edit->text = now;
	return true;
}

char *line_edit_with(const struct line_edit *edit, const char *inserted)
{
	mbstate_t state = { 0 };
	const char *at = edit->text;
	wchar_t c;

	for (int column = column_in_text(edit); *at && column > 0; column -= wcwidth(c)) {
		size_t used = mbrtowc(&c, at, MB_CUR_MAX, &state);

		if (used == 0 || used > MB_CUR_MAX)
			break;
		at += used;
	}
	return mem_printf("%.*s%s%s", (int)(at - edit->text), edit->text, inserted, at);
}

const char *line_edit_text(const struct line_edit *edit)
{
	return edit->text;
}

static void draw(const struct line_edit *edit, WINDOW *window, int row, int column, int width)
{
	int room = getmaxx(window) - column;

	if (width > room)
		width = room;
	if (width > 0 && row >= 0 && row < getmaxy(window))
		copywin(edit->pad, window, 0, 0, row, column, row, column + width - 1, FALSE);
}

void line_edit_draw(const struct line_edit *edit, WINDOW *window, int row, int column)
{
	draw(edit, window, row, column, edit->width);
}

void line_edit_draw_text(const struct line_edit *edit, WINDOW *window, int row, int column)
{
	int width = text_columns(edit->text) + 1, cursor = getcurx(edit->pad) + 1;

	if (width < cursor)
		width = cursor;
	draw(edit, window, row, column, width < edit->width ? width : edit->width);
}

int line_edit_cursor(const struct line_edit *edit)
{
	int column = getcurx(edit->pad);

	return column < edit->width ? column : edit->width - 1;
}
