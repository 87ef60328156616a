/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "ui/cli/option_table.h"
#include "ui/cli/options.h"

#include <string.h>

#define WIDTH 80
#define MEANING_AT 26		/* column where the meanings begin */

static void add_blanks(struct str *out, size_t count)
{
	while (count--)
		str_addc(out, ' ');
}

/* Appends text, wrapped at WIDTH; the first line begins at column. */
static void add_wrapped(struct str *out, const char *text, size_t column)
{
	bool first = true;

	while (*text) {
		size_t len = strcspn(text, " ");

		if (!first && column + 1 + len > WIDTH) {
			str_addc(out, '\n');
			add_blanks(out, MEANING_AT);
			column = MEANING_AT;
		} else if (!first) {
			str_addc(out, ' ');
			column++;
		}
		str_add(out, text, len);
		column += len;
		text += len + strspn(text + len, " ");
		first = false;
	}
	str_addc(out, '\n');
}

static void add_option(struct str *out, const struct cli_option *row)
{
	struct str meaning;
	size_t column = option_add_spelling(row, out);

	if (column + 2 > MEANING_AT) {
		str_addc(out, '\n');
		column = 0;
	}
	add_blanks(out, MEANING_AT - column);
	str_init(&meaning);
	if (row->meaning) {
		str_adds(&meaning, row->meaning);
	} else {
		const struct setting *info = setting_info(row->setting);

		str_addf(&meaning, "%s%s%s", info->meaning, row->value ? ": " : "", row->value ? info->values : "");
		if (info->repeatable)
			str_adds(&meaning, " (may be repeated)");
		else
			str_addf(&meaning, " (default: %s)", info->fallback);
	}
	add_wrapped(out, meaning.text, MEANING_AT);
	str_finish(&meaning);
}

char *options_help(void)
{
	const struct cli_option *rows = run_options_known()->options;
	struct str out;

	str_init(&out);
	str_adds(&out, "usage: paddock run [OPTIONS] PATH\n\n"
	               "PATH is a disk image, an ISO, or the prefix of a kernel. A switch may be\n"
	               "followed by =true or =false. Options may have one dash or two. A comma in the\n"
	               "path of a disk or shared directory is written twice.\n");
	for (size_t i = 0; rows[i].takes; i++) {
		if (i == 0 || strcmp(rows[i].group, rows[i - 1].group) != 0)
			str_addf(&out, "\n%s:\n", rows[i].group);
		add_option(&out, &rows[i]);
	}
	return str_detach(&out);
}
