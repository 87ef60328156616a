/* SPDX-License-Identifier: MIT */
#include "ui/shown.h"

#include "core/base/str.h"

#include <stdbool.h>
#include <string.h>

void shown_init(struct shown *shown)
{
	query_filter_init(&shown->filter);
	tracker_init(&shown->tracker);
	shown->last = '\0';
}

static void follow(struct shown *shown, const struct str *out, size_t before)
{
	tracker_feed(&shown->tracker, out->text + before, out->len - before);
	if (out->len > before)
		shown->last = out->text[out->len - 1];
}

void shown_feed(struct shown *shown, const void *bytes, size_t len, struct str *out)
{
	size_t before = out->len;

	query_filter_feed(&shown->filter, bytes, len, out);
	follow(shown, out, before);
}

void shown_flush(struct shown *shown, struct str *out)
{
	size_t before = out->len;

	query_filter_flush(&shown->filter, out);
	follow(shown, out, before);
}

static bool is_alternate(const struct shown *shown)
{
	struct str modes;
	bool is;

	str_init(&modes);
	tracker_modes(&shown->tracker, &modes);
	is = strstr(modes.text, "\033[?1049h") || strstr(modes.text, "\033[?47h") || strstr(modes.text, "\033[?1047h");
	str_finish(&modes);
	return is;
}

void shown_reset(const struct shown *shown, struct str *out)
{
	static const char reset[] = "\033[0m\033[?25h\033[?1l\033>\033[?7h\033[?1000l\033[?1002l\033[?1003l\033[?1006l"
				    "\033[?2004l\0337\033[r\0338\017\033(B";

	if (is_alternate(shown))
		str_adds(out, "\033[?1049l");
	str_adds(out, reset);
}
