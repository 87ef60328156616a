/* SPDX-License-Identifier: MIT */
#include "ui/details/page_pending.h"

#include "core/machines/pending.h"

#include <stdlib.h>
#include <string.h>

void page_pending(struct page *page, const struct theme *theme, const struct pending *pending)
{
	const char *glyph = theme_glyph(theme, GLYPH_DIFFERS);
	size_t waiting, live;

	if (pending == NULL || pending->count == 0)
		return;

	char *waits = pending_words(pending, false, &waiting), *now = pending_words(pending, true, &live);

	if (waiting > 0)
		page_add(page, STYLE_WARNING, NULL, "%s %zu change%s for a restart: %s", glyph, waiting, waiting == 1 ? " waits" : "s wait", waits);
	if (live > 0)
		page_add(page, STYLE_WARNING, NULL, "%s %zu change%s can be applied now with A: %s", glyph, live, live == 1 ? "" : "s", now);
	free(waits);
	free(now);
}

static void add_change(struct page *page, const struct theme *theme, const struct pending_change *change, bool named)
{
	const char *word = named ? pending_word(change->setting) : "";
	bool element = setting_info(change->setting)->repeatable;
	char *value = pending_value(change, !element || change->now == NULL);
	bool bare = change->setting == SET_MEMORY && value[strspn(value, "0123456789")] == '\0';

	page_add(page, STYLE_WARNING, "", "%s %s%s%s%s%s at the next start", theme_glyph(theme, GLYPH_DIFFERS), word,
	         named ? " " : "", value, bare ? " MiB" : "", !element ? "" : change->now == NULL ? " added" : " removed");
	free(value);
}

void page_pending_group(struct page *page, const struct theme *theme, const struct pending *pending, enum vm_setting first,
                        enum vm_setting last)
{
	for (size_t i = 0; pending != NULL && i < pending->count; i++)
		if (pending->items[i].setting >= first && pending->items[i].setting <= last)
			add_change(page, theme, &pending->items[i], true);
}

void page_pending_setting(struct page *page, const struct theme *theme, const struct pending *pending,
                          enum vm_setting setting)
{
	for (size_t i = 0; pending != NULL && i < pending->count; i++)
		if (pending->items[i].setting == setting)
			add_change(page, theme, &pending->items[i], false);
}
