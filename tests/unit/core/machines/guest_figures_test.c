/* SPDX-License-Identifier: MIT */
#include "core/machines/guest_figures.h"
#include "fake/keepers_impl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define USERNET "\"  TCP[ESTABLISHED]   40       10.0.2.15 45678         9.9.9.9   443     0     0\\r\\n\""
#define AGENT "[{\"name\": \"lo\", \"ip-addresses\": [{\"ip-address\": \"127.0.0.1\", \"ip-address-type\": \"ipv4\", \"prefix\": 8}]}," \
	"{\"name\": \"eth0\", \"ip-addresses\": [{\"ip-address\": \"2001:db8::7\", \"ip-address-type\": \"ipv6\", \"prefix\": 64}," \
	"{\"ip-address\": \"192.168.7.20\", \"ip-address-type\": \"ipv4\", \"prefix\": 24}]}]"

static void the_address_is_the_agents_or_that_of_a_connection(void **state)
{
	static const struct { const char *usernet, *agent, *address; } cases[] = {
		{ USERNET, AGENT, "192.168.7.20" },
		{ USERNET, NULL, "10.0.2.15" },
		{ "\"\"", AGENT, "192.168.7.20" },
		{ "\"\"", "[{\"name\": \"eth0\", \"ip-addresses\": [{\"ip-address\": \"2001:db8::7\", \"ip-address-type\": \"ipv6\", \"prefix\": 64}]}]", "" },
		{ "\"\"", "{}", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct guest_inquiry inquiry = { 0 };
		const struct fake_reply replies[] = {
			{ "info usernet", cases[i].usernet, NULL },
			{ "guest-network-get-interfaces", cases[i].agent, cases[i].agent ? NULL : "no guest agent runs in the guest" },
			{ "q", NULL, "not here" },
			{ NULL, NULL, NULL },
		};

		guest_inquiry_begin(&inquiry, NULL);
		guest_inquiry_begin(&inquiry, NULL);
		assert_int_equal(keepers.request_count, 4);
		keepers_answer(replies);
		assert_int_equal(inquiry.open, 0);
		assert_string_equal(inquiry.figures.address, cases[i].address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_address_is_the_agents_or_that_of_a_connection) };

	return cmocka_run_group_tests_name("figures of a guest", tests, NULL, NULL);
}
