/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_progress.h"

#include <stdbool.h>

enum { PLACE_OUTSIDE, PLACE_WHOLE, PLACE_FRACTION, PLACE_TAIL };

static const char tail[] = "/100%)";

void job_progress_init(struct job_progress *progress)
{
	*progress = (struct job_progress){ .reading = -1 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void feed_one(struct job_progress *progress, char c)
{
	int at = progress->place;

	if (c == '(') {
		progress->place = PLACE_WHOLE;
		progress->reading = -1;
	} else if (at == PLACE_WHOLE && is_digit(c) && progress->reading < 100) {
		progress->reading = (progress->reading < 0 ? 0 : progress->reading) * 10 + (c - '0');
	} else if (at == PLACE_WHOLE && c == '.') {
		progress->place = PLACE_FRACTION;
	} else if (at == PLACE_FRACTION && is_digit(c)) {
		return;
	} else if ((at == PLACE_WHOLE || at == PLACE_FRACTION) && c == tail[0] && progress->reading >= 0) {
		progress->place = PLACE_TAIL + 1;
	} else if (at > PLACE_TAIL && c == tail[at - PLACE_TAIL]) {
		progress->place++;
		if (c == ')') {
			progress->percent = progress->reading > 100 ? 100 : progress->reading;
			progress->place = PLACE_OUTSIDE;
		}
	} else {
		progress->place = PLACE_OUTSIDE;
	}
}

int job_progress_feed(struct job_progress *progress, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		feed_one(progress, bytes[i]);
	return progress->percent;
}
