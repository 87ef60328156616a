/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/vm/store.h"
#include "fake/store_home.h"
#include "persist/atomic.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
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

/* Another paddock that has the lock for a while; its status is 0 if at the end of that FILE is still as it was. */
static pid_t hold_lock(const struct home *home, const char *file)
{
	int ready[2];
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);

	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(home->vms, O_RDONLY | O_DIRECTORY);
		struct stat before, after;

		if (flock(fd, LOCK_EX) < 0 || stat(file, &before) < 0 || write(ready[1], "", 1) != 1)
			_exit(2);
		poll(NULL, 0, 100);
		_exit(stat(file, &after) < 0 || after.st_ino != before.st_ino);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void assert_undisturbed(pid_t holder)
{
	int status = -1;

	assert_int_equal(waitpid(holder, &status, 0), holder);
	assert_int_equal(status, 0);
}

static void every_change_waits_for_that_of_another_paddock(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("a");
	struct error err = { 0 };
	pid_t holder;

	store_home_put(home, "a", "");
	store_home_put(home, "b", "");
	char *a = home->store->path(home->store, "a"), *b = home->store->path(home->store, "b");

	vm_config_set(&config, SET_CPUS, "2");
	holder = hold_lock(home, a);
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_OK);
	assert_undisturbed(holder);
	holder = hold_lock(home, a);
	assert_true(home->store->rename(home->store, "a", "c", &err));
	assert_undisturbed(holder);
	holder = hold_lock(home, b);
	assert_true(home->store->discard(home->store, "b", NULL, NULL, &err));
	assert_undisturbed(holder);
	vm_config_finish(&config);
	free(a);
	free(b);
}

/* What a screen saves was read from it before. */
static void a_save_brings_back_nothing_that_was_renamed_or_deleted(void **state)
{
	struct home *home = *state;
	struct store_revision seen;
	struct error err = { 0 };

	for (int rename = 0; rename < 2; rename++) {
		struct vm_config config;

		store_home_put(home, "a", "[vm]\ndescription = old\n");
		vm_config_init(&config, CONFIG_PROFILE);
		assert_true(home->store->load(home->store, "a", &config, &seen, &err));
		vm_config_set(&config, SET_DESCRIPTION, "new");
		assert_true(rename ? home->store->rename(home->store, "a", "b", &err) :
		            home->store->discard(home->store, "a", NULL, NULL, &err));
		assert_int_equal(home->store->save(home->store, &config, &seen, NULL, &err), STORE_CHANGED);
		assert_null(home->store->text(home->store, "a", &err));
		vm_config_finish(&config);
	}
}

static void what_a_killed_save_left_goes_with_the_next(void **state)
{
	struct home *home = *state;
	struct vm_config config = store_home_named("web");
	struct error err;
	char path[600];

	store_home_put(home, "web", "");
	snprintf(path, sizeof(path), "%s/.paddock-abc123", home->vms);
	assert_true(atomic_write(path, "[vm]", 4, ATOMIC_FAST, &err));
	assert_int_equal(home->store->save(home->store, &config, NULL, NULL, &err), STORE_OK);
	assert_int_equal(access(path, F_OK), -1);
	vm_config_finish(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_home(every_change_waits_for_that_of_another_paddock),
		with_home(a_save_brings_back_nothing_that_was_renamed_or_deleted),
		with_home(what_a_killed_save_left_goes_with_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
