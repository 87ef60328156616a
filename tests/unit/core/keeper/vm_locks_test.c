/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/run/state_lock.h"
#include "core/keeper/run/vm_locks.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define NOBODY 65534

static void set(char **field, const char *value)
{
	free(*field);
	*field = mem_strdup(value);
}

/* As under sudo: root with the HOME of somebody else. */
static void with_the_home_of_another_user_nothing_is_created_and_the_reason_is_said(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	if (geteuid() != 0) {
		print_message("skipped: only root can be two users\n");
		skip();
	}
	assert_int_equal(chown(rig->home, NOBODY, NOBODY), 0);
	rig_step(rig, STEP_MKDIR, rig->state)->mode = 0700;
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "HOME is "));
	assert_non_null(strstr(seen.error, "sudo"));
	rig_close(&seen);
	assert_int_equal(rig_files_in(rig->home), 0);
	assert_int_equal(access(rig->state, F_OK), -1);
	char *dot = rig_path(rig, ".local");
	assert_int_equal(access(dot, F_OK), -1);
	free(dot);
}

/* Starts in the state directory as it is, which must fail and say these words. */
static void expect_distrust(struct rig *rig, const char *words)
{
	struct seen seen;

	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	if (!strstr(seen.error, words))
		fail_msg("'%s' does not say '%s'", seen.error, words);
	rig_close(&seen);
}

static void a_state_directory_that_others_may_write_to_is_refused(void **state)
{
	struct rig *rig = *state;

	mkdir(rig->state, 0700);
	assert_int_equal(chmod(rig->state, 0777), 0);
	expect_distrust(rig, "chmod go-w");
	assert_int_equal(rig_files_in(rig->state), 0);
}

static void a_state_directory_of_another_user_is_refused(void **state)
{
	struct rig *rig = *state;

	if (geteuid() != 0) {
		print_message("skipped: only root can be two users\n");
		skip();
	}
	mkdir(rig->state, 0700);
	assert_int_equal(chown(rig->state, NOBODY, NOBODY), 0);
	expect_distrust(rig, "belongs to user 65534");
	assert_int_equal(rig_files_in(rig->state), 0);
}

/* Nothing is written through a link, and nothing waits for a FIFO. */
static void what_is_not_a_file_in_the_state_directory_is_refused(void **state)
{
	static const char *const names[] = {
		"lock", "uuid", "mac-addr", "image", "qemu.pid", "last-run.ini", "console.log", "data.iso", "virtiofs0.log",
		"console.1.times",
	};
	struct rig *rig = *state;
	char text[16] = "";

	mkdir(rig->state, 0700);

	char *precious = rig_path(rig, "precious");
	int fd = open(precious, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, "precious", 8), 8);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(rig->state, names[i]);

		assert_int_equal(symlink(precious, path), 0);
		expect_distrust(rig, "is a symbolic link");
		unlink(path);
		assert_int_equal(mkfifo(path, 0600), 0);
		expect_distrust(rig, "is a FIFO");
		unlink(path);
		free(path);
	}
	assert_int_equal(pread(fd, text, sizeof(text), 0), 8);
	assert_string_equal(text, "precious");
	close(fd);
	free(precious);
}

static void what_runs_is_registered_until_it_ends(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct registry_list list;
	struct error err;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].uuid, rig->plan.uuid);
	assert_string_equal(list.items[0].name, "web");
	assert_string_equal(list.items[0].state, rig->state);
	assert_string_equal(list.items[0].image, rig->plan.image);
	assert_string_equal(list.items[0].kind, "profile");
	assert_true(list.items[0].pid > 0 && kill(list.items[0].pid, 0) == 0);
	assert_true(list.items[0].started > 0);
	registry_list_finish(&list);
	assert_true(state_is_locked(rig->state));
	rig_run_ends(rig, &seen);
	assert_false(state_is_locked(rig->state));
	char *dir = registry_dir(&err);
	assert_int_equal(rig_files_in(dir), 0);
	free(dir);
}

static bool wakes(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 0) > 0;
}

/* Otherwise each open screen would wake itself for ever. */
static void a_start_an_end_and_a_death_wake_a_watcher_but_looking_does_not(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;
	pid_t keeper;

	int fd = registry_watch(&err);
	assert_true(fd >= 0);
	assert_false(wakes(fd));
	for (int killed = 0; killed < 2; killed++) {
		rig_launch_running(rig, &seen, ROLE_CONSOLE);
		assert_true(wakes(fd));
		registry_drain(fd);
		assert_true(rig_entry(&keeper));
		assert_false(wakes(fd));
		if (killed) {
			kill(keeper, SIGKILL);
			until(rig, seen.lost && wakes(fd));
			rig_close(&seen);
		} else {
			rig_run_ends(rig, &seen);
			assert_true(wakes(fd));
		}
		registry_drain(fd);
	}
	assert_false(rig_entry(&keeper));	/* removes what is stale, which is news */
	registry_drain(fd);
	assert_false(rig_entry(&keeper));
	assert_false(wakes(fd));
	close(fd);
}

static void what_a_killed_keeper_left_is_removed_by_who_finds_it(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;
	pid_t keeper;

	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	assert_true(rig_entry(&keeper));
	kill(keeper, SIGKILL);
	until(rig, seen.lost);
	rig_close(&seen);
	char *dir = registry_dir(&err);
	assert_int_equal(rig_files_in(dir), 3);

	/* It was writing its record. */
	char *half = mem_printf("%s/.paddock-%s.ini", dir, rig->plan.uuid);
	int fd = open(half, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
	until(rig, !rig_entry(&keeper));
	assert_int_equal(rig_files_in(dir), 0);
	assert_int_equal(access(half, F_OK), -1);
	free(half);
	free(dir);
}

static void a_path_too_long_for_a_socket_is_reached_all_the_same(void **state)
{
	struct rig *rig = *state;
	struct seen seen, other;
	char name[160];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	char *base = rig_path(rig, name);
	setenv("XDG_STATE_HOME", base, 1);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.state.phase == VM_RUNNING && rig_sees(&seen, "ready"));
	rig_attach(rig, &other, ROLE_CONSOLE);
	until(rig, other.history_end && rig_sees(&other, "ready"));
	rig_close(&other);
	rig_run_ends(rig, &seen);
	free(base);
}

/* ---- two of the same ---- */

static void a_uuid_that_runs_elsewhere_is_refused_by_name(void **state)
{
	struct rig *rig = *state;
	struct seen first, second;

	rig_launch_running(rig, &first, ROLE_CONSOLE);
	char *elsewhere = rig_path(rig, "elsewhere");
	set(&rig->plan.name, "copy");
	set(&rig->plan.state_absolute, elsewhere);
	rig_launch(rig, &second, ROLE_CONSOLE);
	until(rig, second.ended);
	assert_false(second.end.started);
	assert_non_null(strstr(second.error, "is already running, as 'web' (pid "));
	assert_int_equal(access(elsewhere, F_OK), -1);
	rig_close(&second);
	rig_run_ends(rig, &first);
	free(elsewhere);
}

static void a_state_directory_in_use_is_refused_with_who_uses_it(void **state)
{
	struct rig *rig = *state;
	struct seen first, second;
	char pid[32];

	rig_launch_running(rig, &first, ROLE_CONSOLE);
	pid_t keeper = 0;
	assert_true(rig_entry(&keeper));
	snprintf(pid, sizeof(pid), "(pid %ld", (long)keeper);
	char *uuid = mem_strdup(rig->plan.uuid);
	set(&rig->plan.uuid, "00000000-2fa1-41d2-883f-0016d3cca427");
	rig_launch(rig, &second, ROLE_CONSOLE);
	until(rig, second.ended);
	assert_false(second.end.started);
	assert_non_null(strstr(second.error, "is in use by 'web'"));
	assert_non_null(strstr(second.error, pid));
	rig_close(&second);
	/* The record of the last run is that of who holds the lock. */
	char *record = rig_text(rig, "last-run.ini");
	assert_non_null(strstr(record, "ended = 0\n"));
	free(record);
	rig_run_ends(rig, &first);
	free(uuid);
}

static int lock_by_hand(const struct rig *rig, const char *text)
{
	struct error err;
	char *path = path_join(rig->state, "lock");

	assert_true(path_make_dirs(rig->state, 0700, &err));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	free(path);
	return fd;
}

static void a_lock_of_somebody_unregistered_is_told_by_what_it_says(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	int fd = lock_by_hand(rig, "1 somebody else\n");
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_non_null(strstr(seen.error, "is in use by 'somebody else' (pid 1)"));
	rig_close(&seen);
	close(fd);
}

struct release {
	int fd;
	struct registry_claim *claim;
	bool done;
};

static void release(void *data)
{
	struct release *later = data;

	if (later->claim)
		registry_release(later->claim);
	else
		close(later->fd);
	later->done = true;
}

/* Of the state directory, and of the UUID. */
static void a_start_waits_for_a_lock_that_is_falling(void **state)
{
	(void)state;
	for (int twin = 0; twin < 2; twin++) {
		struct rig rig;
		struct seen seen;
		struct release later = { .fd = -1 };
		struct error err;

		rig_init(&rig);
		if (twin)
			assert_int_equal(registry_claim(rig.plan.uuid, &later.claim, &err), REGISTRY_OK);
		else
			later.fd = lock_by_hand(&rig, "1 x\n");
		struct loop_timer *timer = loop_timer(rig.loop, release, &later);
		rig_launch(&rig, &seen, ROLE_CONSOLE);
		loop_timer_arm(timer, 150);
		until(&rig, seen.state.phase == VM_RUNNING);
		assert_true(later.done);
		rig_run_ends(&rig, &seen);
		loop_timer_free(timer);
		rig_finish(&rig);
	}
}

/* A QEMU that will not go with its keeper still writes to its disks: nobody may start beside it. */
static void the_lock_stays_with_a_qemu_that_outlives_its_keeper(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	pid_t keeper, qemu;

	rig->fake = "stubborn";
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	qemu = seen.state.pid;
	assert_true(rig_entry(&keeper));
	kill(keeper, SIGKILL);
	until(rig, seen.lost);
	rig_close(&seen);
	assert_true(state_is_locked(rig->state));
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "in use by the QEMU of 'web', which has outlived its keeper"));
	rig_close(&seen);
	kill(qemu, SIGKILL);
	rig_launch_running(rig, &seen, ROLE_CONSOLE);
	rig_run_ends(rig, &seen);
}

static void a_state_directory_that_cannot_be_made_is_named(void **state)
{
	struct rig *rig = *state;
	struct seen seen;

	char *file = rig_path(rig, "file");
	close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	char *below = rig_path(rig, "file/state");
	set(&rig->plan.state_absolute, below);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "file"));
	assert_non_null(strstr(seen.error, "Not a directory"));
	rig_close(&seen);
	free(file);
	free(below);
}

/* It would be written to. */
static void a_link_in_the_place_of_the_lock_is_not_followed(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct stat st;

	close(lock_by_hand(rig, ""));
	char *lock = path_join(rig->state, "lock"), *target = rig_path(rig, "target");
	unlink(lock);
	close(open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(symlink(target, lock), 0);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, lock));
	assert_true(stat(target, &st) == 0 && st.st_size == 0);
	rig_close(&seen);
	free(lock);
	free(target);
}

static void a_registry_that_cannot_be_used_stops_the_start(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct error err;

	char *dir = registry_dir(&err);
	chmod(dir, 0755);
	rig_launch(rig, &seen, ROLE_CONSOLE);
	until(rig, seen.ended);
	assert_false(seen.end.started);
	assert_non_null(strstr(seen.error, "chmod 700"));
	assert_int_equal(access(rig->state, F_OK), -1);
	rig_close(&seen);
	free(dir);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		rig_test(with_the_home_of_another_user_nothing_is_created_and_the_reason_is_said),
		rig_test(a_state_directory_that_others_may_write_to_is_refused),
		rig_test(a_state_directory_of_another_user_is_refused),
		rig_test(what_is_not_a_file_in_the_state_directory_is_refused),
		rig_test(what_runs_is_registered_until_it_ends),
		rig_test(a_start_an_end_and_a_death_wake_a_watcher_but_looking_does_not),
		rig_test(what_a_killed_keeper_left_is_removed_by_who_finds_it),
		rig_test(a_path_too_long_for_a_socket_is_reached_all_the_same),
		rig_test(a_uuid_that_runs_elsewhere_is_refused_by_name),
		rig_test(a_state_directory_in_use_is_refused_with_who_uses_it),
		rig_test(a_lock_of_somebody_unregistered_is_told_by_what_it_says),
		cmocka_unit_test(a_start_waits_for_a_lock_that_is_falling),
		rig_test(the_lock_stays_with_a_qemu_that_outlives_its_keeper),
		rig_test(a_state_directory_that_cannot_be_made_is_named),
		rig_test(a_link_in_the_place_of_the_lock_is_not_followed),
		rig_test(a_registry_that_cannot_be_used_stops_the_start),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("locks of a VM", tests, NULL, NULL);
}
