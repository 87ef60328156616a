/* SPDX-License-Identifier: MIT */
#include "ui/cli/moment.h"

#include "core/base/error.h"
#include "core/base/quoted.h"

#include <stdio.h>
#include <string.h>

#define SECONDS_MOST (INT64_C(100) * 366 * 86400)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads exactly this many digits. */
static bool digits(const char **at, int count, int *out)
{
	*out = 0;
	for (; count > 0; count--) {
		if (!is_digit(**at))
			return false;
		*out = *out * 10 + (*(*at)++ - '0');
	}
	return true;
}

static bool skip(const char **at, const char *chars)
{
	if (**at == '\0' || !strchr(chars, **at))
		return false;
	(*at)++;
	return true;
}

/* "13:00" or "13:00:05", to the end. */
static bool clock_time(const char *at, struct tm *tm)
{
	tm->tm_sec = 0;
	return digits(&at, 2, &tm->tm_hour) && skip(&at, ":") && digits(&at, 2, &tm->tm_min) &&
	       (!skip(&at, ":") || digits(&at, 2, &tm->tm_sec)) && *at == '\0' && tm->tm_hour < 24 && tm->tm_min < 60 &&
	       tm->tm_sec < 60;
}

static bool date_and_time(const char *at, struct tm *tm)
{
	if (!digits(&at, 4, &tm->tm_year) || !skip(&at, "-") || !digits(&at, 2, &tm->tm_mon) || !skip(&at, "-") ||
	    !digits(&at, 2, &tm->tm_mday) || tm->tm_year < 1970)
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon--;
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	return *at == '\0' || (skip(&at, " T") && clock_time(at, tm));
}

/* mktime accepts the 31st of February. */
static bool exists(struct tm *tm, time_t *out)
{
	int day = tm->tm_mday, month = tm->tm_mon;

	tm->tm_isdst = -1;
	*out = mktime(tm);
	return tm->tm_mday == day && tm->tm_mon == month;
}

static int64_t unit_seconds(const char **at)
{
	static const struct { const char *word; int64_t seconds; } units[] = {
		{ "days", 86400 }, { "day", 86400 }, { "hours", 3600 }, { "hour", 3600 }, { "min", 60 }, { "sec", 1 },
		{ "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 },
	};

	while (**at == ' ')
		(*at)++;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t len = strlen(units[i].word);

		if (strncmp(*at, units[i].word, len) == 0) {
			*at += len;
			return units[i].seconds;
		}
	}
	return 0;
}

/* "1h30m", "10 min ago". */
static bool duration(const char *at, int64_t *out)
{
	*out = 0;
	do {
		int64_t n = 0, unit;

		if (!is_digit(*at))
			return false;
		while (is_digit(*at) && n < SECONDS_MOST)
			n = n * 10 + (*at++ - '0');
		unit = unit_seconds(&at);
		if (!unit || n > SECONDS_MOST / unit)
			return false;
		*out += n * unit;
		while (*at == ' ')
			at++;
	} while (*at && strcmp(at, "ago") != 0 && *out < SECONDS_MOST);
	return *out < SECONDS_MOST;
}

bool moment_parse(const char *text, time_t now, int64_t *ms, struct error *err)
{
	struct tm today, tm;
	int64_t ago;
	time_t then;

	localtime_r(&now, &today);
	tm = today;
	if (strcmp(text, "boot") == 0) {
		then = 0;
	} else if (strcmp(text, "now") == 0) {
		then = now;
	} else if (strcmp(text, "today") == 0 || strcmp(text, "yesterday") == 0) {
		tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
		tm.tm_mday -= *text == 'y';
		tm.tm_isdst = -1;
		then = mktime(&tm);
	} else if (duration(text, &ago)) {
		then = now - ago;
	} else if (!((clock_time(text, &tm) || (tm = today, date_and_time(text, &tm))) && exists(&tm, &then))) {
		return error_set(err, "%s is not a time; write \"2026-11-29 13:00\", \"13:00:05\", \"10m\" (ago), \"today\" or "
		                 "\"boot\"", quoted(text).text);
	}
	*ms = (int64_t)then * 1000;
	return true;
}

const char *moment_text(int64_t ms, char *buf)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char date[24], zone[8];

	if (!localtime_r(&seconds, &tm) || !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm) ||
	    !strftime(zone, sizeof(zone), "%z", &tm))
		return strcpy(buf, "-");
	snprintf(buf, MOMENT_SIZE, "%s.%03d%.3s:%.2s", date, (int)(ms % 1000), zone, zone + 3);
	return buf;
}
