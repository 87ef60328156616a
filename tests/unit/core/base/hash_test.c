/* SPDX-License-Identifier: MIT */
#include "core/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* From the page of the authors: they are part of names and records on disk. */
static void hashes_are_those_of_fnv(void **state)
{
	(void)state;
	assert_true(hash_bytes(HASH_BEGIN, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_bytes(HASH_BEGIN, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_bytes(HASH_BEGIN, "foobar", 6) == UINT64_C(0x85944171f73967e8));
	assert_true(hash_bytes(hash_bytes(HASH_BEGIN, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8));
	assert_int_equal(hash_short("a"), 0xe40c292c);
	assert_int_equal(hash_short("foobar"), 0xbf9cf968);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_those_of_fnv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
