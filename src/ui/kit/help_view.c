/* SPDX-License-Identifier: MIT */
#include "ui/kit/help_view.h"

#include "core/base/str.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/kit/draw.h"
#include "ui/kit/view.h"

#define KEY_COLUMNS 16

static void add_table(struct str *out, const char *title, const struct keybinding *table)
{
	if (table == NULL || table->run == NULL)
		return;
	str_addf(out, "%s\n", title);
	for (; table->run != NULL; table++) {
		if (table->help == NULL)
			continue;

		int pad = KEY_COLUMNS - text_columns(table->key);

		str_addf(out, "  %s%*s %s\n", table->key, pad > 0 ? pad : 0, "", table->help);
	}
	str_addc(out, '\n');
}

void help_view_open(struct app *app, const struct view *view)
{
	struct str text;

	str_init(&text);
	for (; view != NULL; view = view->parent)
		add_table(&text, view->ops->title, view->ops->keys);
	add_table(&text, "Everywhere", app_keys(app));
	text_view_open(app, "Keys", text.text);
	str_finish(&text);
}
