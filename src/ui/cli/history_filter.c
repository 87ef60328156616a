/* SPDX-License-Identifier: MIT */
#include "ui/cli/history_filter.h"

#include "core/base/str.h"

void history_filter_init(struct history_filter *history, bool input)
{
	guest_filter_init(&history->filter, input);
	tracker_init(&history->tracker);
	history->raw = false;
	history->last = '\0';
}

void history_filter_feed(struct history_filter *history, const void *bytes, size_t len, struct str *out)
{
	size_t before = out->len;

	if (history->raw)
		str_add(out, bytes, len);
	else
		guest_filter_feed(&history->filter, bytes, len, out);
	tracker_feed(&history->tracker, out->text + before, out->len - before);
	if (out->len > before)
		history->last = out->text[out->len - 1];
}

bool history_filter_may_be_answered(const struct history_filter *history)
{
	return history->raw || history->filter.asked || modes_report(&history->tracker.modes);
}

bool history_filter_spells_keys(const struct history_filter *history)
{
	return history->raw || history->tracker.modes.other_keys > 1;
}

void history_filter_reset(const struct history_filter *history, struct str *out)
{
	/* Resets what the tracker does not follow: an open string, printer, keyboard lock, kitty's keys, palette. */
	static const char unseen[] = "\033\\\033[4i\033[2l\033[<99u\033[?1001l\033[?2026l\033[?2031l\033[?2048l"
				     "\033]104\033\\\033]110\033\\\033]111\033\\\033]112\033\\";

	if (history->raw)
		str_adds(out, unseen);
	modes_write_reset(&history->tracker.modes, out);
}

void history_filter_resume(const struct history_filter *history, struct str *out)
{
	tracker_modes(&history->tracker, out);
}
