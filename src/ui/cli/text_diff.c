/* SPDX-License-Identifier: MIT */
#include "ui/cli/text_diff.h"

#include "core/base/alloc.h"
#include "core/base/lcs.h"
#include "core/base/str.h"
#include "core/base/strv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 3		/* lines before and after a change */

/* A line of either text, or of both. */
struct line {
	char sign;		/* ' ', '-' or '+' */
	const char *text;
	size_t from, to;	/* how many lines of each text are before it */
};

struct script {
	struct line *lines;
	size_t count;
};

static void split(const char *text, struct strv *lines)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		strv_take(lines, mem_strndup(text, len));
		text += len + (text[len] == '\n');
	}
}

static void put(struct script *script, char sign, const char *text, size_t from, size_t to)
{
	script->lines[script->count++] = (struct line){ sign, text, from, to };
}

/* The lines of both texts in order; those that match are there once. */
static void make_script(const struct strv *from, const struct strv *to, struct script *script)
{
	size_t *match = mem_array(from->count + 1, sizeof(*match));
	size_t next = 0;

	script->count = 0;
	script->lines = mem_array(from->count + to->count + 1, sizeof(*script->lines));
	assert(!to->count || to->items);
	lcs_match((const char *const *)from->items, from->count, (const char *const *)to->items, to->count, match);
	for (size_t i = 0; i < from->count; i++) {
		for (; match[i] != LCS_NONE && next < match[i] && next < to->count; next++)
			put(script, '+', to->items[next], i, next);
		put(script, match[i] == LCS_NONE ? '-' : ' ', from->items[i], i, next);
		next += match[i] != LCS_NONE;
	}
	for (; next < to->count; next++)
		put(script, '+', to->items[next], from->count, next);
	free(match);
}

static size_t next_change(const struct script *script, size_t at)
{
	while (at < script->count && script->lines[at].sign == ' ')
		at++;
	return at;
}

/* The end of the hunk with a change at this place: changes that have twice the context between them are in one. */
static size_t end_of_hunk(const struct script *script, size_t change)
{
	size_t end = change, next = change;

	while (next < script->count && next <= end + 2 * CONTEXT) {
		end = next + 1;
		next = next_change(script, end);
	}
	return end + CONTEXT < script->count ? end + CONTEXT : script->count;
}

static void add_hunk(const struct script *script, size_t begin, size_t end, struct str *out)
{
	const struct line *first = &script->lines[begin];
	size_t removed = 0, added = 0;

	for (size_t i = begin; i < end; i++) {
		removed += script->lines[i].sign != '+';
		added += script->lines[i].sign != '-';
	}
	str_addf(out, "@@ -%zu,%zu +%zu,%zu @@\n", first->from + (removed > 0), removed, first->to + (added > 0), added);
	for (size_t i = begin; i < end; i++)
		str_addf(out, "%c%s\n", script->lines[i].sign, script->lines[i].text);
}

void text_diff(const char *from, const char *to, struct str *out)
{
	struct strv before = { 0 }, after = { 0 };
	struct script script;
	size_t change;

	split(from, &before);
	split(to, &after);
	make_script(&before, &after, &script);
	change = next_change(&script, 0);
	while (change < script.count) {
		size_t end = end_of_hunk(&script, change);

		add_hunk(&script, change > CONTEXT ? change - CONTEXT : 0, end, out);
		change = next_change(&script, end);
	}
	free(script.lines);
	strv_finish(&before);
	strv_finish(&after);
}
