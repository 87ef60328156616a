/* SPDX-License-Identifier: MIT */
#ifndef CORE_USAGE_SERIES_H
#define CORE_USAGE_SERIES_H

#include <stdint.h>

/*
 * The last minute of a figure, second by second, and the last hour as the mean of each minute. Pure. Seconds count on a
 * clock that never goes back. What is not known is negative.
 */
#define SERIES_LENGTH 60
#define SERIES_UNKNOWN (-1.0F)

struct series {
	float minute[SERIES_LENGTH];	/* at second % SERIES_LENGTH */
	float hour[SERIES_LENGTH];	/* the means, at minute % SERIES_LENGTH; without the minute that is not over */
	uint64_t second;		/* the newest that has a value; 0: none */
	double sum;			/* of the known values of its minute */
	unsigned count;
};

void series_init(struct series *);
/* The figure was this from the end of one second to the end of another. Does nothing if the last one has a value already. */
void series_add(struct series *, uint64_t from, uint64_t to, float value);
/* The value of so many seconds or minutes ago: 0 is the newest. SERIES_UNKNOWN from SERIES_LENGTH on. */
float series_minute(const struct series *, unsigned ago);
float series_hour(const struct series *, unsigned ago);

#endif
