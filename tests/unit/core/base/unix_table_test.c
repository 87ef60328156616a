/* SPDX-License-Identifier: MIT */
#include "core/base/unix_table.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAD "Num       RefCount Protocol Flags    Type St Inode Path\n"
#define LISTENS "ffff: 00000002 00000000 00010000 0001 01 100 "
#define BOUND "ffff: 00000002 00000000 00000000 0001 01 101 "

static void a_socket_listens_when_the_table_says_so_of_its_whole_path(void **state)
{
	static const struct { const char *table; bool listens; } cases[] = {
		{ HEAD LISTENS "/s/virtiofs0\n", true },
		{ HEAD BOUND "/s/virtiofs0\n", false },
		{ HEAD BOUND "/s/virtiofs0\n" LISTENS "/s/virtiofs0\n", true },	/* a stale one of that name before it */
		{ HEAD LISTENS "/s/virtiofs01\n", false },
		{ HEAD LISTENS "/t/s/virtiofs0\n" BOUND "/s/virtiofs0\n", false },
		{ HEAD LISTENS "/x /s/virtiofs0\n" BOUND "/s/virtiofs0\n", true },	/* cannot be told apart */
		{ HEAD "ffff: 00000003 00000000 00000000 0001 03 102\n", false },
		{ HEAD LISTENS "/s/virtiofs0", false },
		{ "/s/virtiofs0\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(unix_table_listens(cases[i].table, strlen(cases[i].table), "/s/virtiofs0"), cases[i].listens);
}

static void a_path_may_hold_anything(void **state)
{
	static const char table[] = HEAD BOUND "/other\n" LISTENS "/a b\nc/s\n";

	(void)state;
	assert_true(unix_table_listens(table, strlen(table), "/a b\nc/s"));
	assert_false(unix_table_listens(table, strlen(table), "c/s"));
}

static void a_real_socket_counts_from_listen_on(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char cwd[80];

	(void)state;
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s k", cwd);
	assert_false(unix_listens(address.sun_path));
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_false(unix_listens(address.sun_path));
	assert_int_equal(listen(fd, 1), 0);
	assert_true(unix_listens(address.sun_path));
	close(fd);
	assert_false(unix_listens(address.sun_path));	/* the file is still there */
	scratch_put("file", "", 0, 0);
	assert_false(unix_listens("file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_listens_when_the_table_says_so_of_its_whole_path),
		cmocka_unit_test(a_path_may_hold_anything),
		cmocka_unit_test(a_real_socket_counts_from_listen_on),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
