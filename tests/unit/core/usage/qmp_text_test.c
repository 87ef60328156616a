/* SPDX-License-Identifier: MIT */
#include "core/usage/qmp_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void devices_that_were_used_are_counted(void **state)
{
	/* Recorded of QEMU 7.2, shortened. */
	static const char json[] =
		"[{\"device\":\"ide2-cd0\",\"stats\":{\"wr_bytes\":0,\"rd_operations\":3,\"rd_bytes\":54,\"wr_operations\":0}},"
		"{\"device\":\"sd0\",\"stats\":{\"wr_bytes\":0,\"rd_operations\":0,\"rd_bytes\":0,\"wr_operations\":0}},"
		"{\"device\":\"\",\"node-name\":\"drive1\",\"stats\":{\"wr_bytes\":8192,\"rd_operations\":1.0,\"rd_bytes\":512.0,"
		"\"wr_operations\":2,\"invalid\":18446744073709551615}},{\"stats\":{\"rd_operations\":7}},7]";
	struct guest_block blocks[GUEST_BLOCKS];

	(void)state;
	assert_int_equal(qmp_blocks_parse(json, blocks), 2);
	assert_string_equal(blocks[0].device, "ide2-cd0");
	assert_int_equal(blocks[0].read, 54);
	assert_int_equal(blocks[0].reads, 3);
	assert_string_equal(blocks[1].device, "drive1");
	assert_int_equal(blocks[1].read, 512);
	assert_int_equal(blocks[1].written, 8192);
	assert_int_equal(blocks[1].writes, 2);
	assert_int_equal(qmp_blocks_parse("{}", blocks), 0);
	assert_int_equal(qmp_blocks_parse("", blocks), 0);
}

static void more_devices_than_there_is_room_for_are_left_out(void **state)
{
	struct guest_block blocks[GUEST_BLOCKS];
	char json[GUEST_BLOCKS * 4 * 80] = "[";
	size_t len = 1;

	(void)state;
	for (int i = 0; i < GUEST_BLOCKS * 2; i++)
		len += (size_t)snprintf(json + len, sizeof(json) - len, "%s{\"device\":\"d%d\",\"stats\":{\"rd_operations\":1}}", i ? "," : "", i);
	snprintf(json + len, sizeof(json) - len, "]");
	assert_int_equal(qmp_blocks_parse(json, blocks), GUEST_BLOCKS);
}

#define USERNET "Hub -1 (t0):\\r\\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\\r\\n"
#define FORWARD "  TCP[HOST_FORWARD]  12       127.0.0.1  2299       10.0.2.15    22     0     0\\r\\n"

static void the_guest_is_where_its_connections_come_from(void **state)
{
	static const struct { const char *lines, *address; } cases[] = {
		{ "", NULL },
		{ FORWARD, NULL },
		{ FORWARD "  TCP[ESTABLISHED]   18       10.0.2.15 59786        10.0.2.2    22     0     0\\r\\n", "10.0.2.15" },
		{ "  UDP[236 sec]       14       10.0.2.16 39049        10.0.2.3    53     0     0\\r\\n", "10.0.2.16" },
		/* Someone else's connection to a published port. */
		{ "  TCP[ESTABLISHED]   18       127.0.0.1 59786       10.0.2.15    22     0     0\\r\\n", NULL },
		{ "  TCP[ESTABLISHED]   18       192.168.1.7 59786     10.0.2.15    22     0     0\\r\\n", NULL },
		{ "  TCP[HOST_FORWARD]  12        10.0.2.15  2299       10.0.2.15    22     0     0\\r\\n", NULL },
		{ "  TCP[X]   18       10.0.2.999 1 10.0.2.2    22     0     0\\r\\n", NULL },
		{ "  TCP[X]   18       10.0.2.15.16.17.18 1 10.0.2.2    22     0     0\\r\\n", NULL },
		{ "  TCP[X]   18       10.0.2.2 1 10.0.2.2    22     0     0\\r\\n", NULL },
		{ "  TCP[X]", NULL }, { "  TCP[X] ", NULL }, { "]", NULL }, { "] 1 10.0.2.", NULL }, { "] 1 10.0.2.9", "10.0.2.9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char json[1024], address[16];

		snprintf(json, sizeof(json), "\"" USERNET "%s\"", cases[i].lines);
		assert_int_equal(qmp_usernet_parse(json, address), cases[i].address != NULL);
		assert_string_equal(address, cases[i].address ? cases[i].address : "");
	}

	char address[16];

	assert_false(qmp_usernet_parse("7", address));
	assert_false(qmp_usernet_parse("", address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_that_were_used_are_counted),
		cmocka_unit_test(more_devices_than_there_is_room_for_are_left_out),
		cmocka_unit_test(the_guest_is_where_its_connections_come_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
