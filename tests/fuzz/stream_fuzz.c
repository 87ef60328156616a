/* SPDX-License-Identifier: MIT */
/*
 * The console's bytes: whatever the pieces they come in, the tracker
 * ends in the same state; modes as bytes lead to these modes.
 */
#include "core/base/str.h"
#include "core/keeper/stream/tracker.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

static bool same(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static void track(struct tracker *tracker, const void *bytes, size_t len, size_t step)
{
	tracker_init(tracker);
	for (size_t at = 0; at < len; at += step)
		tracker_feed(tracker, (const char *)bytes + at, len - at < step ? len - at : step);
}

static void check_tracker(const uint8_t *bytes, size_t len, size_t step)
{
	struct tracker whole, parts, again;
	struct str first, second;

	track(&whole, bytes, len, len + 1);
	track(&parts, bytes, len, step);
	require(memcmp(&whole.modes, &parts.modes, sizeof(whole.modes)) == 0);
	require(whole.sequence.state == parts.sequence.state && whole.clean == parts.clean &&
	        whole.utf8_left == parts.utf8_left && whole.shifted == parts.shifted);
	require(tracker_pending(&whole) <= len);
	require(tracker_between(&whole) == (tracker_pending(&whole) == 0));

	str_init(&first);
	str_init(&second);
	tracker_modes(&whole, &first);
	track(&again, first.text, first.len, first.len + 1);
	require(tracker_between(&again));
	tracker_modes(&again, &second);
	require(same(&first, &second));
	str_finish(&first);
	str_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t step = len ? 1 + bytes[0] % 16 : 1;

	check_tracker(bytes, len, step);
	return 0;
}
