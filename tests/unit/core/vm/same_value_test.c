/* SPDX-License-Identifier: MIT */
#include "core/vm/same_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void values_are_the_same_by_what_they_mean(void **state)
{
	static const struct { enum vm_setting setting; const char *a, *b; bool same; } cases[] = {
		{ SET_PUBLISH, "8080:80", "8080:80/tcp", true },
		{ SET_PUBLISH, "8080:80", "8080:80/udp", false },
		{ SET_PUBLISH, "8080:80", "127.0.0.1:8080:80", false },
		{ SET_PUBLISH, "nothing", "nothing", true },
		{ SET_MEMORY, "1024", "1G", true },
		{ SET_MEMORY, "1024", "1025", false },
		{ SET_DISK, "a,size=1024M", "a,size=1G", true },
		{ SET_DISK, "a,size=1G", "b,size=1G", false },
		{ SET_SHARE, "/a", "/a", true },
		{ SET_CPUS, "2", "02", false },
		{ SET_UEFI, "yes", "ON", true },
		{ SET_UEFI, "yes", "maybe", false },
		{ SET_MAC, "52:54:00:AB:cd:ef", "5254.00ab.cdef", true },
		{ SET_UUID, "1B4E28BA-2FA1-11D2-883F-0016D3CCA427", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", true },
		{ SET_ARG, "yes", "on", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(vm_value_same(cases[i].setting, cases[i].a, cases[i].b), cases[i].same);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(values_are_the_same_by_what_they_mean) };

	return cmocka_run_group_tests_name("equal values", tests, NULL, NULL);
}
