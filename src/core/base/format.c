/* SPDX-License-Identifier: MIT */
#include "core/base/format.h"

#include "core/base/str.h"
#include "core/base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *format_size(uint64_t bytes, char *buf, size_t size)
{
	static const char units[] = "KMGTPE";
	uint64_t unit = 1024;
	int at = 0;

	if (bytes < 1024) {
		snprintf(buf, size, "%u", (unsigned)bytes);
		return buf;
	}
	while (at < 5 && bytes / unit >= 1024) {
		unit *= 1024;
		at++;
	}

	uint64_t whole = bytes / unit, tenth = (bytes % unit * 10 + unit / 2) / unit;

	if (whole < 10 && tenth == 10) {
		whole++;
		tenth = 0;
	}
	if (whole < 10 && at > 0 && tenth > 0)
		snprintf(buf, size, "%u.%u %c", (unsigned)whole, (unsigned)tenth, units[at]);
	else
		snprintf(buf, size, "%u %c", (unsigned)whole, units[at]);
	return buf;
}

const char *format_size_narrow(uint64_t bytes, char *buf, size_t size)
{
	static const char units[] = "KMGTPE";
	char text[24];
	const char *blank, *unit;

	format_size(bytes, text, sizeof(text));
	blank = strchr(text, ' ');
	unit = blank != NULL ? strchr(units, blank[1]) : NULL;
	if (unit == NULL)
		snprintf(buf, size, "%s", text);
	else if (blank - text < 4)
		snprintf(buf, size, "%.*s%c", (int)(blank - text), text, *unit);
	else	/* 1000 to 1023 of them; of the largest unit there are fewer */
		snprintf(buf, size, "1.0%c", unit[1]);
	return buf;
}

const char *format_duration(time_t seconds, char *buf, size_t size)
{
	long minutes = (long)(seconds / 60);

	if (minutes < 1)
		snprintf(buf, size, "under 1 min");
	else if (minutes < 60)
		snprintf(buf, size, "%ld min", minutes);
	else if (minutes < 48 * 60)
		snprintf(buf, size, "%ld h %02ld min", minutes / 60, minutes % 60);
	else
		snprintf(buf, size, "%ld days", minutes / (24 * 60));
	return buf;
}

const char *format_when(time_t then, time_t now, char *buf, size_t size)
{
	static const char months[12][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
	};
	struct tm moment, today;

	if (localtime_r(&then, &moment) == NULL || localtime_r(&now, &today) == NULL)
		snprintf(buf, size, "?");
	else if (now - then < 20 * 3600 && then <= now)
		snprintf(buf, size, "%02d:%02d", moment.tm_hour, moment.tm_min);
	else if (moment.tm_year == today.tm_year)
		snprintf(buf, size, "%d %s", moment.tm_mday, months[moment.tm_mon]);
	else
		snprintf(buf, size, "%s %d", months[moment.tm_mon], moment.tm_year + 1900);
	return buf;
}

/* Controls of a terminal, and what makes a name look like another. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || utf8_is_format(c);
}

char *format_plain(const char *text)
{
	struct str plain;

	str_init(&plain);
	while (*text) {
		uint32_t c = 0;
		size_t len = utf8_decode(text, strnlen(text, 4), &c);

		if (*text == '\n' || *text == '\t')
			str_addc(&plain, ' ');
		else if (!len || is_harmful(c))
			str_addc(&plain, '?');
		else
			str_add(&plain, text, len);
		text += len ? len : 1;
	}
	return str_detach(&plain);
}
