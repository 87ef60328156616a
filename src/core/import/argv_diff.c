/* SPDX-License-Identifier: MIT */
#include "core/import/argv_diff.h"

#include "core/import/qemu_line.h"

#include "core/base/strv.h"

#include <string.h>

/* One item for each option with its value. */
static void read_options(const struct strv *argv, struct strv *out)
{
	for (size_t i = 1; i < argv->count; i++) {
		const char *word = argv->items[i], *name = word + (word[0] == '-' && word[1] == '-');

		if (word[0] != '-' || qemu_option_is_flag(name) || i + 1 == argv->count)
			strv_add(out, name);
		else
			strv_addf(out, "%s %s", name, argv->items[++i]);
	}
}

/* Appends those of `from` that have no partner in `others`. */
static void add_unpaired(const struct strv *from, const struct strv *others, const char *mark, struct strv *out)
{
	struct strv left = { 0 };

	strv_copy(&left, others);
	for (size_t i = 0; i < from->count; i++) {
		size_t k = 0;

		while (k < left.count && strcmp(left.items[k], from->items[i]) != 0)
			k++;
		if (k < left.count)
			strv_remove(&left, k);
		else
			strv_addf(out, "%s %s", mark, from->items[i]);
	}
	strv_finish(&left);
}

void argv_diff(const struct strv *given, const struct strv *made, struct strv *out)
{
	struct strv before = { 0 }, after = { 0 };

	read_options(given, &before);
	read_options(made, &after);
	add_unpaired(&before, &after, "-", out);
	add_unpaired(&after, &before, "+", out);
	strv_finish(&before);
	strv_finish(&after);
}
