/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/lcs.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "ui/form/form_view.h"

#include <stdlib.h>

/* An option and its value share a line. */
static void args_of(const struct vm_config *config, struct strv *out, struct str *trouble)
{
	struct plan plan = { 0 };
	struct problems problems = { 0 };

	plan_make(config, false, &plan, &problems);
	for (size_t i = 0; i < plan.arg_count; i++) {
		const struct plan_arg *arg = &plan.args[i];

		if (i + 1 < plan.arg_count && arg[0].text[0] == '-' && arg[1].text[0] != '-') {
			strv_addf(out, "%s %s", arg[0].text, arg[1].text);
			i++;
		} else {
			strv_add(out, arg[0].text);
		}
	}
	for (size_t i = 0; trouble && i < problems.count; i++) {
		char *line = problem_line(&problems.items[i], config->origin);

		str_addf(trouble, "%s\n", line);
		free(line);
	}
	problems_finish(&problems);
	plan_finish(&plan);
}

/* Arguments that are new or have moved relative to the others. */
static void mark_changed(const struct strv *was, const struct strv *now, bool *changed)
{
	size_t *match = mem_array(was->count, sizeof(*match));

	lcs_match((const char *const *)was->items, was->count, (const char *const *)now->items, now->count, match);
	for (size_t i = 0; i < now->count; i++)
		changed[i] = true;
	for (size_t i = 0; i < was->count; i++)
		if (match[i] != LCS_NONE)
			changed[match[i]] = false;
	free(match);
}

void form_command_fill(struct page *page, const struct theme *theme, const struct vm_config *saved,
                       const struct vm_config *now)
{
	struct strv was = { 0 }, args = { 0 };
	struct str trouble;
	bool *changed;

	page_finish(page);
	page->label_width = 2;
	str_init(&trouble);
	args_of(now, &args, &trouble);
	changed = mem_array(args.count, sizeof(*changed));
	if (saved) {
		args_of(saved, &was, NULL);
		mark_changed(&was, &args, changed);
	}
	page_text(page, STYLE_WARNING, trouble.text);
	for (size_t i = 0; i < args.count; i++)
		page_add(page, changed[i] ? STYLE_BUSY : STYLE_NORMAL, changed[i] ? theme_glyph(theme, GLYPH_CHANGED) : "",
		         "%s", args.items[i]);
	free(changed);
	str_finish(&trouble);
	strv_finish(&args);
	strv_finish(&was);
}

void form_command_fit(struct form_view *form)
{
	int rows = form->scroller.page;

	scroller_fit(&form->argv_scroller, page_last_top(&form->argv, rows, form->columns - 2) + 1, rows);
}

unsigned form_command_scroll(struct view *view, int move)
{
	scroller_move(&((struct form_view *)view)->argv_scroller, (enum scroller_move)move);
	return UI_REDRAW;
}

unsigned form_command_typed(struct form_view *form, const struct key *key)
{
	static const struct keybinding keys[] = {
		SCROLLER_TEXT_KEYS(form_command_scroll, NULL),
		{ NULL, NULL, 0, NULL, NULL },
	};
	const struct keybinding *binding = key_lookup(keys, key);

	return binding ? binding->run(&form->view, binding->arg) : (unsigned)UI_IGNORED;
}
