/* SPDX-License-Identifier: MIT */
/* The directory that says what runs, without a keeper: who may use it, who takes what from it. */
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/keeper/run/registry.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define NOBODY 65534

static char *entry_file(const struct rig *rig, const char *dir, const char *suffix)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", rig->plan.uuid, suffix);
	return path_join(dir, name);
}

static void publish(const struct rig *rig, const struct registry_claim *claim)
{
	const struct registry_entry entry = { .name = rig->plan.name, .state = rig->state, .image = rig->plan.image,
	                                      .kind = rig->plan.kind, .pid = getpid(), .started = 1 };
	struct error err;

	assert_true(registry_publish(claim, records_on_files(), &entry, &err));
}

static void the_registry_is_made_private_and_refused_when_it_is_not(void **state)
{
	(void)state;
	struct error err;
	struct stat st;

	char *dir = registry_dir(&err);
	assert_non_null(dir);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);

	chmod(dir, 0750);
	assert_null(registry_dir(&err));
	assert_non_null(strstr(err.text, "accessible to other users"));
	rmdir(dir);
	assert_int_equal(symlink("/tmp", dir), 0);
	assert_null(registry_dir(&err));
	assert_non_null(strstr(err.text, "not a directory"));
	unlink(dir);
	if (geteuid() == 0) {
		mkdir(dir, 0700);
		assert_int_equal(chown(dir, NOBODY, NOBODY), 0);
		assert_null(registry_dir(&err));
		assert_non_null(strstr(err.text, "belongs to user 65534"));
	}
	free(dir);
}

/* As under `sudo -u nobody`: what is there is closed to who looks. */
static int look_as_nobody(void)
{
	struct registry_list list;
	struct error err;

	if (setuid(NOBODY) != 0 || registry_read(records_on_files(), &list, &err))
		return 1;
	return strstr(err.text, "HOME is ") && strstr(err.text, "sudo") ? 0 : 2;
}

static void a_registry_in_the_home_of_another_user_is_said_to_be_that(void **state)
{
	(void)state;
	struct error err;
	int status;

	if (geteuid() != 0)
		skip();
	free(registry_dir(&err));
	pid_t child = fork();
	if (child == 0)
		_exit(look_as_nobody());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_home_that_does_not_exist_is_not_made(void **state)
{
	struct rig *rig = *state;
	struct error err;

	char *gone = rig_path(rig, "gone");
	setenv("HOME", gone, 1);
	assert_null(registry_dir(&err));
	assert_non_null(strstr(err.text, "gone: No such file or directory"));
	assert_int_equal(access(gone, F_OK), -1);
	setenv("XDG_STATE_HOME", rig->home, 1);
	char *dir = registry_dir(&err);
	assert_non_null(dir);
	assert_int_equal(access(gone, F_OK), -1);
	free(dir);
	free(gone);
	setenv("HOME", rig->home, 1);
}

static void a_missing_registry_is_an_empty_list_and_is_not_made_by_looking(void **state)
{
	struct rig *rig = *state;
	struct registry_list list;
	struct error err;
	char *dot;

	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 0);
	dot = rig_path(rig, ".local");
	assert_int_equal(access(dot, F_OK), -1);
	free(dot);
}

/* Nobody may block, so what finds no place in the kernel's queue would be an error. */
static void many_may_come_before_the_keeper_looks(void **state)
{
	struct rig *rig = *state;
	struct registry_claim *claim;
	struct error err;
	int fds[64];

	assert_int_equal(registry_claim(rig->plan.uuid, &claim, &err), REGISTRY_OK);
	int listener = registry_listen(claim, &err);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		fds[i] = registry_connect(rig->plan.uuid, &err);
		assert_true(fds[i] >= 0);
	}
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		close(fds[i]);
	close(listener);
	registry_release(claim);
}

static void a_path_too_long_for_a_socket_is_bound_where_it_says(void **state)
{
	struct rig *rig = *state;
	struct registry_claim *claim;
	struct error err;
	char name[160];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	char *base = rig_path(rig, name);
	setenv("XDG_STATE_HOME", base, 1);
	assert_int_equal(registry_claim(rig->plan.uuid, &claim, &err), REGISTRY_OK);
	unsigned before = rig_files_in("/proc/self/fd");
	int listener = registry_listen(claim, &err);
	int fd = registry_connect(rig->plan.uuid, &err);
	assert_true(listener >= 0 && fd >= 0);
	assert_int_equal(rig_files_in("/proc/self/fd"), before + 2);
	char *dir = registry_dir(&err), *path = entry_file(rig, dir, ".sock");
	assert_int_equal(access(path, F_OK), 0);
	close(fd);
	close(listener);
	registry_release(claim);
	free(base);
	free(dir);
	free(path);
}

static bool woken(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	bool news = poll(&wait, 1, 0) > 0;

	registry_drain(fd);
	return news;
}

/* A record that takes its place, one that goes, a lock that falls: each by itself. */
static void each_change_wakes_a_watcher(void **state)
{
	struct rig *rig = *state;
	struct error err;

	int watch = registry_watch(&err);
	char *dir = registry_dir(&err), *path = entry_file(rig, dir, ".ini"), *outside = rig_path(rig, "outside");
	assert_true(watch >= 0);
	close(open(outside, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_false(woken(watch));
	assert_int_equal(rename(outside, path), 0);
	assert_true(woken(watch));
	int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_false(woken(watch));
	close(fd);
	assert_true(woken(watch));
	close(open(path, O_RDONLY | O_CLOEXEC));
	assert_false(woken(watch));
	unlink(path);
	assert_true(woken(watch));
	close(watch);
	free(dir);
	free(path);
	free(outside);
}

static void what_a_killed_keeper_left_is_not_taken_for_the_next_ones(void **state)
{
	struct rig *rig = *state;
	struct registry_claim *claim;
	struct registry_list list;
	struct error err;

	char *dir = registry_dir(&err), *path = entry_file(rig, dir, ".ini");
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs("[vm]\nname = web\npid = 1\n", file);
	fclose(file);
	assert_int_equal(registry_claim(rig->plan.uuid, &claim, &err), REGISTRY_OK);
	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 0);
	publish(rig, claim);
	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 1);
	registry_list_finish(&list);
	registry_release(claim);
	free(dir);
	free(path);
}

/* As a user does who clears the directory and starts the VM again. */
static void who_lost_its_entry_leaves_the_next_ones_alone(void **state)
{
	struct rig *rig = *state;
	struct registry_claim *first, *second;
	struct registry_list list;
	struct error err;

	assert_int_equal(registry_claim(rig->plan.uuid, &first, &err), REGISTRY_OK);
	char *dir = registry_dir(&err), *lock = entry_file(rig, dir, ".lock");
	unlink(lock);
	assert_int_equal(registry_claim(rig->plan.uuid, &second, &err), REGISTRY_OK);
	publish(rig, second);
	registry_release(first);
	assert_true(registry_read(records_on_files(), &list, &err));
	assert_int_equal(list.count, 1);
	registry_list_finish(&list);
	registry_release(second);
	assert_int_equal(rig_files_in(dir), 0);
	free(dir);
	free(lock);
}

/* Claims, publishes, looks whether all of it is still there, lets go; its exit status says when it was not. */
static void come_and_go(const struct rig *rig, const char *record, const char *lock)
{
	struct registry_claim *claim;
	struct error err;

	for (int i = 0; i < 200; i++) {
		enum registry_outcome outcome = registry_claim(rig->plan.uuid, &claim, &err);

		if (outcome == REGISTRY_HELD)
			continue;
		if (outcome != REGISTRY_OK)
			_exit(1);
		close(open(record, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		for (int look = 0; look < 20; look++) {
			if (access(record, F_OK) < 0 || access(lock, F_OK) < 0)
				_exit(2);
		}
		registry_release(claim);
	}
	_exit(0);
}

/* Whoever looks removes what is stale: never what somebody has just taken. */
static void an_entry_is_never_taken_from_its_owner(void **state)
{
	struct rig *rig = *state;
	struct registry_list list;
	struct error err;
	int ended = 0;

	char *dir = registry_dir(&err), *record = entry_file(rig, dir, ".ini"), *lock = entry_file(rig, dir, ".lock");
	pid_t owners[2];
	for (int i = 0; i < 2; i++) {
		owners[i] = fork();
		if (owners[i] == 0)
			come_and_go(rig, record, lock);
	}
	while (ended < 2) {
		int status;

		assert_true(registry_read(records_on_files(), &list, &err));
		registry_list_finish(&list);
		if (waitpid(owners[ended], &status, WNOHANG) > 0) {
			assert_true(WIFEXITED(status));
			assert_int_equal(WEXITSTATUS(status), 0);
			ended++;
		}
	}
	free(dir);
	free(record);
	free(lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rig_test(the_registry_is_made_private_and_refused_when_it_is_not),
		rig_test(a_registry_in_the_home_of_another_user_is_said_to_be_that),
		rig_test(a_home_that_does_not_exist_is_not_made),
		rig_test(a_missing_registry_is_an_empty_list_and_is_not_made_by_looking),
		rig_test(many_may_come_before_the_keeper_looks),
		rig_test(a_path_too_long_for_a_socket_is_bound_where_it_says),
		rig_test(each_change_wakes_a_watcher),
		rig_test(what_a_killed_keeper_left_is_not_taken_for_the_next_ones),
		rig_test(who_lost_its_entry_leaves_the_next_ones_alone),
		rig_test(an_entry_is_never_taken_from_its_owner),
	};

	return cmocka_run_group_tests_name("the registry", tests, NULL, NULL);
}
