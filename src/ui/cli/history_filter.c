/* SPDX-License-Identifier: MIT */
#include "ui/cli/history_filter.h"

#include "core/base/str.h"

void shown_init(struct shown *shown, bool input)
{
	guest_filter_init(&shown->filter, input);
	tracker_init(&shown->tracker);
	shown->raw = false;
	shown->last = '\0';
}

void shown_feed(struct shown *shown, const void *bytes, size_t len, struct str *out)
{
	size_t before = out->len;

	if (shown->raw)
		str_add(out, bytes, len);
	else
		guest_filter_feed(&shown->filter, bytes, len, out);
	tracker_feed(&shown->tracker, out->text + before, out->len - before);
	if (out->len > before)
		shown->last = out->text[out->len - 1];
}

bool shown_may_be_answered(const struct shown *shown)
{
	return shown->raw || shown->filter.asked || modes_report(&shown->tracker.modes);
}

bool shown_spells_keys(const struct shown *shown)
{
	return shown->raw || shown->tracker.modes.other_keys > 1;
}

void shown_reset(const struct shown *shown, struct str *out)
{
	/* Resets what the tracker does not follow: an open string, printer, keyboard lock, kitty's keys, palette. */
	static const char unseen[] = "\033\\\033[4i\033[2l\033[<99u\033[?1001l\033[?2026l\033[?2031l\033[?2048l"
				     "\033]104\033\\\033]110\033\\\033]111\033\\\033]112\033\\";

	if (shown->raw)
		str_adds(out, unseen);
	modes_write_reset(&shown->tracker.modes, out);
}

void shown_resume(const struct shown *shown, struct str *out)
{
	tracker_modes(&shown->tracker, out);
}
