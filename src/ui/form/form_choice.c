/* SPDX-License-Identifier: MIT */
#include "ui/form/form_view.h"

#include "ui/kit/keys.h"
#include "ui/kit/view.h"

#include <assert.h>
#include <string.h>
#include <wctype.h>

static const struct form_row *current(const struct form_view *form)
{
	return &form->model.rows[form->scroller.at];
}

static void choose(struct form_view *form, const char *text)
{
	form_model_set(&form->model, form->scroller.at, form->cell, text);
}

/* The choices of the current cell, the index of its value (0 if it is not a choice), and their number. */
static const char *const *choices_here(const struct form_view *form, size_t *at, size_t *count)
{
	const char *const *choices = form_cell_choices(current(form), form->cell);
	const char *text = current(form)->text[form->cell];

	*at = 0;
	for (*count = 0; choices[*count]; ++*count)
		if (strcmp(choices[*count], text) == 0)
			*at = *count;
	assert(*count > 0);
	return choices;
}

unsigned form_choice_step(struct form_view *form, int step)
{
	size_t at, count;
	const char *const *choices = choices_here(form, &at, &count);

	choose(form, choices[step < 0 ? (at + count - 1) % count : (at + 1) % count]);
	return UI_REDRAW;
}

/* The choice that begins with the typed text. For a single letter it is the next such choice. */
static const char *meant_choice(const struct form_view *form)
{
	size_t at, count, len = strlen(form->prefix);
	const char *const *choices = choices_here(form, &at, &count);

	for (size_t i = len == 1; i < count + (len == 1); i++) {
		const char *choice = choices[(at + i) % count];

		if (len && strncmp(choice, form->prefix, len) == 0)
			return choice;
	}
	return NULL;
}

/* A choice can be typed as a word; a single letter goes to the next choice that begins with it. */
static unsigned jump_choice(struct form_view *form, wint_t letter)
{
	size_t len = strlen(form->prefix);
	char c = letter < 0x80 ? (char)towlower(letter) : '\0';
	const char *choice = NULL;

	if (len + 1 < sizeof(form->prefix)) {
		form->prefix[len] = c;
		form->prefix[len + 1] = '\0';
		choice = meant_choice(form);
	}
	if (!choice) {
		form->prefix[0] = c;
		form->prefix[1] = '\0';
		choice = meant_choice(form);
	}
	if (choice)
		choose(form, choice);
	else
		form->prefix[0] = '\0';
	return UI_REDRAW;
}

unsigned form_choice_typed(struct form_view *form, const struct key *key)
{
	if (key_is(key, "Left"))
		return form_choice_step(form, -1);
	if (key_is(key, "Right Space"))
		return form_choice_step(form, 1);
	if (key_is(key, "Backspace Del C-u") && !*form_cell_choices(current(form), form->cell)[0]) {
		choose(form, "");
		return UI_REDRAW;
	}
	return key_is_text(key) ? jump_choice(form, key->code) : UI_IGNORED;
}
