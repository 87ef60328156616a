/* SPDX-License-Identifier: MIT */
#include "ui/console/link_clean.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void only_links_that_are_safe_on_the_host_are_clean(void **state)
{
	static const struct { const char *uri; bool clean; } rows[] = {
		{ "https://example.org/a?b=c#d", true }, { "HTTP://example.org", true }, { "ftp://example.org/x", true },
		{ "mailto:root@example.org", true },
		{ "", false }, { "https://", false }, { "example.org", false }, { "file:///etc/passwd", false },
		{ "javascript:alert(1)", false }, { "ssh://-oProxyCommand=x", false }, { "vscode://x", false }, { " https://x", false },
		{ "https://x\033[2J", false }, { "https://x y", false }, { "https://x\n", false }, { "https://\xc3\xa9", false },
		{ "https://x\x7f", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(link_is_clean(rows[i].uri), rows[i].clean);
}

static void a_link_is_not_longer_than_its_limit(void **state)
{
	char uri[LINK_MAX + 2] = "http://";

	(void)state;
	memset(uri + 7, 'x', LINK_MAX - 7);
	assert_true(link_is_clean(uri));
	uri[LINK_MAX] = 'x';
	assert_false(link_is_clean(uri));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_links_that_are_safe_on_the_host_are_clean),
		cmocka_unit_test(a_link_is_not_longer_than_its_limit),
	};

	return cmocka_run_group_tests_name("link clean", tests, NULL, NULL);
}
