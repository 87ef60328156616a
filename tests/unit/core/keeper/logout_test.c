/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/keeper/run/logout.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void the_setting_is_read_as_logind_does(void **state)
{
	(void)state;
	static const struct { const char *text; bool so_far, kills; } cases[] = {
		{ "", false, false },
		{ "", true, true },
		{ "[Login]\nKillUserProcesses=yes\n", false, true },
		{ "[Login]\nKillUserProcesses=YES \r\n", false, true },
		{ "KillUserProcesses=1", false, true },
		{ "KillUserProcesses=no\n", true, false },
		{ "KillUserProcesses=yes\nKillUserProcesses=no\n", false, false },
		{ "KillUserProcesses=\n", true, false },
		{ "#KillUserProcesses=yes\n", false, true },	/* built in */
		{ "#KillUserProcesses=yes\nKillUserProcesses=no\n", false, false },
		{ "KillUserProcesses=no\n#KillUserProcesses=yes\n", false, false },
		{ "KillOnlyUsers=yes\nXKillUserProcesses=yes\n", false, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(logind_kills(cases[i].text, cases[i].so_far), cases[i].kills);
}

static void only_the_scope_of_a_session_counts(void **state)
{
	(void)state;
	assert_true(cgroup_is_session("0::/user.slice/user-1000.slice/session-3.scope\n"));
	assert_true(cgroup_is_session("12:pids:/x\n1:name=systemd:/user.slice/user-1000.slice/session-c1.scope\n"));
	assert_false(cgroup_is_session("0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope\n"));
	assert_false(cgroup_is_session("0::/\n"));
	assert_false(cgroup_is_session(""));
}

static void put(const char *root, const char *path, const char *text)
{
	char *full = mem_printf("%s%s", root, path);
	char *parent = path_parent(full);
	struct error err;

	assert_true(path_make_dirs(parent, 0700, &err));

	FILE *file = fopen(full, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(full);
	free(parent);
}

static bool warns(const char *root)
{
	char *text = logout_warning(root);
	bool said = text && strstr(text, "enable-linger") && strstr(text, "systemd-run --user --scope");

	free(text);
	return said;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static void it_is_said_once_and_only_where_it_is_true(void **state)
{
	(void)state;
	char root[] = "/tmp/paddock-logout.XXXXXX";

	assert_non_null(mkdtemp(root));
	setenv("HOME", root, 1);
	unsetenv("XDG_STATE_HOME");
	put(root, "/.local/state/paddock/run/x", "");
	assert_false(warns(root));
	put(root, "/etc/systemd/logind.conf", "[Login]\n#KillUserProcesses=no\n");
	put(root, "/etc/systemd/logind.conf.d/50-kill.conf", "[Login]\nKillUserProcesses=yes\n");
	put(root, "/etc/systemd/logind.conf.d/60-other.conf", "[Login]\nHandleLidSwitch=ignore\n");
	put(root, "/etc/systemd/logind.conf.d/70-off.conf.disabled", "[Login]\nKillUserProcesses=no\n");
	put(root, "/proc/self/cgroup", "0::/user.slice/user-1000.slice/user@1000.service/x.scope\n");
	assert_false(warns(root));
	put(root, "/proc/self/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n");
	assert_true(warns(root));
	assert_false(warns(root));
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_setting_is_read_as_logind_does),
		cmocka_unit_test(only_the_scope_of_a_session_counts),
		cmocka_unit_test(it_is_said_once_and_only_where_it_is_true),
	};

	return cmocka_run_group_tests_name("logout", tests, NULL, NULL);
}
