/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/run/registry.h"
#include "core/machines/start_wait.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

static void say_nothing(const char *line)
{
	(void)line;
}

static void a_start_is_ours_or_joins_what_runs_in_its_directory(void **state)
{
	struct rig *rig = *state;
	struct start_wait wait = { .say = say_nothing };
	struct error err;

	unsetenv("FAKE_QEMU");
	assert_int_equal(mkdir(rig->state, 0700), 0);
	assert_false(start_runs_already(records_on_files(), &rig->plan));
	assert_int_equal(start_and_wait(records_on_files(), &rig->plan, &wait, &err), START_DONE);
	assert_true(start_runs_already(records_on_files(), &rig->plan));
	assert_int_equal(start_and_wait(records_on_files(), &rig->plan, &wait, &err), START_RAN);
}

static void a_start_that_takes_too_long_is_undone_by_who_began_it(void **state)
{
	struct rig *rig = *state;
	struct start_wait over = { .say = say_nothing, .deadline = loop_now() };
	struct seen seen;
	struct error err;
	struct registry_list list;
	pid_t keeper;

	assert_int_equal(mkdir(rig->state, 0700), 0);
	setenv("FAKE_QEMU", "hangqmp", 1);
	assert_int_equal(start_and_wait(records_on_files(), &rig->plan, &over, &err), START_FAILED);
	assert_int_equal(err.code, ETIMEDOUT);
	until(rig, !rig_entry(&keeper));

	/* Of somebody else it goes on. */
	rig->fake = "hangqmp";
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, rig_entry(&keeper));
	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(start_join(&list.items[0], &over, &err), START_FAILED);
	registry_list_finish(&list);
	assert_int_equal(err.code, ETIMEDOUT);
	assert_non_null(strstr(err.text, "the start continues"));
	assert_true(rig_entry(&keeper));

	keeper_command(seen.client, KEEPER_KILL);
	until(rig, seen.ended);
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(a_start_is_ours_or_joins_what_runs_in_its_directory),
		rig_test(a_start_that_takes_too_long_is_undone_by_who_began_it),
	};

	return status >= 0 ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
