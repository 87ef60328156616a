/* SPDX-License-Identifier: MIT */
#include "core/base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* From RFC 4648, section 10, and bytes with the last digits. */
static void bytes_are_encoded_as_in_the_rfc(void **state)
{
	static const struct { const char *bytes, *text; } cases[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xff\xef\xbe", "/+++" }, { "\xff\xff\xff\xfb", "////+w==" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str out;

		str_init(&out);
		base64_add(&out, cases[i].bytes, strlen(cases[i].bytes));
		assert_string_equal(out.text, cases[i].text);
		str_finish(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_encoded_as_in_the_rfc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
