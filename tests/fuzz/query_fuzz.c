/* SPDX-License-Identifier: MIT */
/* History without queries: pieces make no difference, nothing grows, and what is left has no query in it. */
#include "core/base/str.h"
#include "core/keeper/query.h"

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

static void filter(const void *bytes, size_t len, size_t step, struct str *out)
{
	struct query_filter query;

	str_init(out);
	query_filter_init(&query);
	for (size_t at = 0; at < len; at += step)
		query_filter_feed(&query, (const char *)bytes + at, len - at < step ? len - at : step, out);
	query_filter_flush(&query, out);
}

static bool is_same(const struct str *a, const struct str *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct str whole, parts, again;

	if (len == 0)
		return 0;
	filter(bytes + 1, len - 1, len, &whole);
	filter(bytes + 1, len - 1, 1u + bytes[0] % 16, &parts);
	require(is_same(&whole, &parts));
	/* What came out is history like any other. */
	filter(whole.text, whole.len, whole.len + 1, &again);
	require(is_same(&whole, &again));
	str_finish(&whole);
	str_finish(&parts);
	str_finish(&again);
	return 0;
}
