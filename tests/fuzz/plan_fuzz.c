/* SPDX-License-Identifier: MIT */
/* The plan as a keeper reads it: what is read and written again is the same plan, in the same bytes from then on. */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_bytes.h"
#include "core/qemu/plan/plan_data.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct plan plan, again;
	struct str first, second;
	struct error err = { 0 };

	if (!plan_read(bytes, len, &plan, &err)) {
		require(*err.text && !strchr(err.text, '\n'));
		return 0;
	}
	str_init(&first);
	str_init(&second);
	plan_write(&plan, &first);
	require(plan_read(first.text, first.len, &again, &err));
	plan_write(&again, &second);
	require(first.len == second.len && memcmp(first.text, second.text, first.len) == 0);
	plan_forget_data(&plan);
	plan_finish(&plan);
	plan_finish(&again);
	str_finish(&first);
	str_finish(&second);
	return 0;
}
