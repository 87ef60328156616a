/* SPDX-License-Identifier: MIT */
#include "ui/cli/history_filter.h"

#include "core/base/str.h"
#include "core/terminal/input_modes.h"
#include "core/terminal/terminal.h"

/* Until history_filter_resize says more. */
#define ROWS 24
#define COLUMNS 80

void history_filter_init(struct history_filter *history, bool input)
{
	static const struct terminal_events nobody = { .bell = NULL };

	*history = (struct history_filter){ .terminal = terminal_new(ROWS, COLUMNS, 0, &nobody, NULL) };
	guest_filter_init(&history->filter, input);
	str_init(&history->lasting);
}

void history_filter_resize(struct history_filter *history, int rows, int columns)
{
	if (rows > 0 && columns > 0)
		terminal_resize(history->terminal, rows, columns);
}

void history_filter_finish(struct history_filter *history)
{
	terminal_free(history->terminal);
	history->terminal = NULL;
	str_finish(&history->lasting);
}

void history_filter_feed(struct history_filter *history, const void *bytes, size_t len, struct str *out)
{
	size_t before = out->len;

	if (history->raw) {
		str_add(out, bytes, len);
		terminal_write(history->terminal, bytes, len);
	} else {
		str_clear(&history->lasting);
		guest_filter_feed(&history->filter, bytes, len, out, &history->lasting);
		terminal_write(history->terminal, history->lasting.text, history->lasting.len);
	}
	if (out->len > before)
		history->last = out->text[out->len - 1];
}

bool history_filter_may_be_answered(const struct history_filter *history)
{
	return history->raw || history->filter.asked || terminal_may_report(history->terminal);
}

bool history_filter_spells_keys(const struct history_filter *history)
{
	const struct input_modes *modes = terminal_input_modes(history->terminal);

	return history->raw || modes->other_keys > 0 || input_kitty_flags(modes, modes->alternate);
}

void history_filter_reset(const struct history_filter *history, struct str *out)
{
	/* Resets what the terminal does not follow: an open string, printer, keyboard lock, kitty's keys, palette. */
	static const char unseen[] = "\033\\\033[4i\033[2l\033[<99u\033[?1001l\033[?2026l\033[?2031l\033[?2048l"
				     "\033]104\033\\\033]110\033\\\033]111\033\\\033]112\033\\";

	if (history->raw)
		str_adds(out, unseen);
	terminal_leave(history->terminal, out);
}

void history_filter_resume(const struct history_filter *history, struct str *out)
{
	terminal_resume(history->terminal, out);
}
