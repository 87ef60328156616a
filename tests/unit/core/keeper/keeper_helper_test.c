/* SPDX-License-Identifier: MIT */
/* What runs beside QEMU: waited for, told of, ended. The fake QEMU is the helper too. */
#include "core/base/alloc.h"
#include "fake/vm_rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

/* What the helper has said; until the next call. */
static const char *log_of(const struct rig *rig)
{
	static char text[4096];
	char *path = rig_path(rig, "helper.log");
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	free(path);
	return text;
}

static struct plan_step *helper_step(struct rig *rig, const char *late, const char *say)
{
	char *socket = rig_path(rig, "helper.sock");
	struct plan_step *step = rig_step(rig, STEP_HELPER, socket);

	step->socket = socket;
	step->log = rig_path(rig, "helper.log");
	step->what = mem_strdup("starting a helper");
	strv_add(&step->argv, rig->plan.qemu);
	strv_addf(&step->argv, "--listen=%s", late ? socket : "");
	strv_addf(&step->argv, "--say=%s", say);
	strv_addf(&step->argv, "--late=%s", late ? late : "0");
	strv_addf(&step->argv, "--deaf=%s", late ? late : "0");
	return step;
}

static void a_helper_is_waited_for_and_goes_with_the_vm(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	helper_step(rig, "150", "hello");
	char *words = mem_printf("need=%s/helper.sock", rig->home);
	rig->fake = words;
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_has(rig, "helper.sock"));
	rig_run_ends(rig, &seen);
	assert_false(rig_has(rig, "helper.sock"));
	assert_string_equal(log_of(rig), "hello\nasked to end\n");
	free(words);
}

static void a_helper_that_ends_at_once_stops_the_start_with_its_words(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	helper_step(rig, NULL, "share not found");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "share not found"));
	assert_non_null(strstr(seen.error, "fake_qemu"));
	rig_close(&seen);
}

static void a_helper_that_ends_later_is_told_and_the_vm_goes_on(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	struct plan_step *step = helper_step(rig, "0", "out of files");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	strv_add(&step->argv, "--once");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", step->socket);
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	until(rig, seen.notice.len > 0);
	assert_string_equal(seen.notice.text, "fake_qemu has ended: out of files\n");
	rig_type(&seen, "still here\n");
	until(rig, rig_sees(&seen, "still here"));
	/* Of a QEMU that ends over it the helper's words say more than its own. */
	rig_type(&seen, "!stderr lost connection\n!exit 1\n");
	until(rig, seen.ended);
	assert_string_equal(seen.error, "fake_qemu has ended: out of files");
	rig_close(&seen);
}

/* A step behind it fails: it must not stay. */
static void helpers_end_when_the_start_fails(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	helper_step(rig, "0", "hello");
	strv_add(&rig_step(rig, STEP_CREATE_DISK, "no-such-disk")->argv, "/bin/false");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_false(rig_has(rig, "helper.sock"));
	rig_close(&seen);
}

static void a_helper_that_never_listens_stops_the_start_and_is_ended(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	struct plan_step *step = helper_step(rig, "0", "hello");

	strv_add(&step->argv, "--deaf=60000");
	strv_add(&step->argv, "--stubborn");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "did not open its socket"));
	assert_false(rig_has(rig, "helper.sock"));
	rig_close(&seen);
}

/* It would serve nobody, and keep its directory busy. */
static void a_helper_goes_with_a_killed_keeper(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper, children[4];

	helper_step(rig, "0", "hello");
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	assert_int_equal(rig_children(keeper, children, 4), 2);
	kill(keeper, SIGKILL);
	until(rig, rig_is_dead(children[0]) && rig_is_dead(children[1]));
	assert_string_equal(log_of(rig), "hello\nasked to end\n");
	until(rig, seen.lost);
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(a_helper_is_waited_for_and_goes_with_the_vm),
		rig_test(a_helper_that_ends_at_once_stops_the_start_with_its_words),
		rig_test(a_helper_that_ends_later_is_told_and_the_vm_goes_on),
		rig_test(helpers_end_when_the_start_fails),
		rig_test(a_helper_that_never_listens_stops_the_start_and_is_ended),
		rig_test(a_helper_goes_with_a_killed_keeper),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("a keeper's helpers", tests, NULL, NULL);
}
