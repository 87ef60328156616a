/* SPDX-License-Identifier: MIT */
#include "core/usage/series.h"

#define MINUTE 60

void series_init(struct series *series)
{
	*series = (struct series){ 0 };
	for (int i = 0; i < SERIES_LENGTH; i++)
		series->minute[i] = series->hour[i] = SERIES_UNKNOWN;
}

static void end_minute(struct series *series, uint64_t minute)
{
	series->hour[minute % SERIES_LENGTH] = series->count > 0 ? (float)(series->sum / series->count) : SERIES_UNKNOWN;
	series->sum = 0;
	series->count = 0;
}

static void add_second(struct series *series, uint64_t second, float value)
{
	if (series->second != 0 && second / MINUTE != series->second / MINUTE)
		end_minute(series, series->second / MINUTE);
	series->second = second;
	series->minute[second % SERIES_LENGTH] = value;
	if (value >= 0) {
		series->sum += value;
		series->count++;
	}
}

void series_add(struct series *series, uint64_t from, uint64_t to, float value)
{
	/* Older values have left the hour, or are about to. */
	const uint64_t kept = (SERIES_LENGTH + 1) * MINUTE;
	uint64_t oldest = to > kept ? to - kept : 1;
	uint64_t next = series->second > 0 ? series->second + 1 : from + 1;

	if (next < oldest)
		next = oldest;
	for (; next <= to; next++)
		add_second(series, next, next > from ? value : SERIES_UNKNOWN);
}

float series_minute(const struct series *series, unsigned ago)
{
	if (ago >= SERIES_LENGTH || ago >= series->second)
		return SERIES_UNKNOWN;
	return series->minute[(series->second - ago) % SERIES_LENGTH];
}

float series_hour(const struct series *series, unsigned ago)
{
	uint64_t minute = series->second / MINUTE;

	if (ago >= SERIES_LENGTH || ago + 1 > minute)
		return SERIES_UNKNOWN;
	return series->hour[(minute - 1 - ago) % SERIES_LENGTH];
}
