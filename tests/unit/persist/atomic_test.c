/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "persist/atomic.h"
#include "persist/records.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char dir[64];
	char path[96];
};

static int make_place(void **state)
{
	struct place *place = mem_alloc(sizeof(*place));

	snprintf(place->dir, sizeof(place->dir), "/tmp/paddock-atomic-XXXXXX");
	if (!mkdtemp(place->dir))
		return -1;
	snprintf(place->path, sizeof(place->path), "%s/file", place->dir);
	*state = place;
	return 0;
}

/* Files in the directory; removes them too when told to. */
static int count_files(const char *path, bool clear)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (clear)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	closedir(dir);
	return count;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	count_files(place->dir, true);
	rmdir(place->dir);
	free(place);
	return 0;
}

static void assert_holds(const char *path, const char *want)
{
	struct error err = { 0 };
	struct str text;

	str_init(&text);
	if (!file_read(path, 1 << 20, &text, &err))
		fail_msg("%s", err.text);
	assert_string_equal(text.text, want);
	str_finish(&text);
}

static void a_write_makes_or_replaces_a_private_file(void **state)
{
	struct place *place = *state;
	struct error err = { 0 };
	struct stat st;

	assert_true(atomic_write(place->path, "one", 3, ATOMIC_DURABLE, &err));
	assert_holds(place->path, "one");
	assert_int_equal(chmod(place->path, 0644), 0);
	assert_true(atomic_write(place->path, "other", 5, ATOMIC_FAST, &err));
	assert_holds(place->path, "other");
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(count_files(place->dir, false), 1);
}

static void a_full_disk_leaves_the_old_file_and_no_other(void **state)
{
	struct place *place = *state;
	struct rlimit old, tight = { 10, RLIM_INFINITY };
	struct error err = { 0 };

	assert_true(atomic_write(place->path, "old", 3, ATOMIC_DURABLE, &err));
	getrlimit(RLIMIT_FSIZE, &old);
	tight.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &tight);

	bool good = atomic_write(place->path, "much longer than ten bytes", 26, ATOMIC_DURABLE, &err);

	setrlimit(RLIMIT_FSIZE, &old);
	assert_false(good);
	assert_int_equal(err.code, EFBIG);
	assert_non_null(strstr(err.text, place->path));
	assert_holds(place->path, "old");
	assert_int_equal(count_files(place->dir, false), 1);
}

static void a_place_that_takes_no_file_is_named(void **state)
{
	struct place *place = *state;
	struct error err = { 0 };
	char path[128];

	assert_true(atomic_write(place->path, "old", 3, ATOMIC_FAST, &err));
	snprintf(path, sizeof(path), "%s/below", place->path);
	assert_false(atomic_write(path, "x", 1, ATOMIC_FAST, &err));
	assert_int_equal(err.code, ENOTDIR);
	snprintf(path, sizeof(path), "%s/none/below", place->dir);
	assert_false(atomic_write(path, "x", 1, ATOMIC_FAST, &err));
	assert_int_equal(err.code, ENOENT);
	snprintf(path, sizeof(path), "%s", place->dir);
	assert_false(atomic_write(path, "x", 1, ATOMIC_FAST, &err));
	assert_holds(place->path, "old");
	assert_int_equal(count_files(place->dir, false), 1);
}

static void a_link_stays_and_its_file_is_replaced(void **state)
{
	struct place *place = *state;
	struct error err = { 0 };
	struct stat st;
	char link_path[128];

	snprintf(link_path, sizeof(link_path), "%s/link", place->dir);
	assert_true(atomic_write(place->path, "old", 3, ATOMIC_FAST, &err));
	assert_int_equal(symlink("file", link_path), 0);
	assert_true(atomic_write(link_path, "new", 3, ATOMIC_DURABLE, &err));
	assert_int_equal(lstat(link_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds(place->path, "new");
}

static void what_is_no_file_or_too_large_is_not_read(void **state)
{
	struct place *place = *state;
	struct error err = { 0 };
	struct str text;
	char fifo[128];

	str_init(&text);
	assert_true(atomic_write(place->path, "12345", 5, ATOMIC_FAST, &err));
	assert_true(file_read(place->path, 5, &text, &err));
	assert_false(file_read(place->path, 4, &text, &err));
	assert_int_equal(err.code, EFBIG);
	assert_string_equal(text.text, "12345");
	snprintf(fifo, sizeof(fifo), "%s/fifo", place->dir);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_false(file_read(fifo, 100, &text, &err));
	assert_non_null(strstr(err.text, "not a regular file"));
	assert_false(file_read(place->dir, 100, &text, &err));
	snprintf(fifo, sizeof(fifo), "%s/none", place->dir);
	assert_false(file_read(fifo, 100, &text, &err));
	assert_int_equal(err.code, ENOENT);
	str_finish(&text);
}

static void a_record_comes_back_in_order(void **state)
{
	static const char *const pairs[][2] = {
		{ "name", "web" }, { "error", "qemu: could not open 'a;b'\n second line\x1b[m" }, { "empty", "" },
		{ "state", "/home/me/ vm/\xff" }, { "exit", "0" },
	};
	const struct record_io *io = records_on_files();
	struct strv keys = { 0 }, values = { 0 }, got_keys = { 0 }, got_values = { 0 };
	struct place *place = *state;
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		strv_add(&keys, pairs[i][0]);
		strv_add(&values, pairs[i][1]);
	}
	assert_true(io->write(place->path, "last-run", &keys, &values, &err));
	assert_true(io->read(place->path, &got_keys, &got_values, &err));
	assert_true(strv_equal(&keys, &got_keys));
	assert_true(strv_equal(&values, &got_values));
	strv_finish(&keys);
	strv_finish(&values);
	strv_finish(&got_keys);
	strv_finish(&got_values);
}

static void a_record_that_is_missing_or_torn_is_an_error(void **state)
{
	const struct record_io *io = records_on_files();
	struct strv keys = { 0 }, values = { 0 };
	struct place *place = *state;
	struct error err = { 0 };

	assert_false(io->read(place->path, &keys, &values, &err));
	assert_int_equal(err.code, ENOENT);
	assert_true(atomic_write(place->path, "[run]\nname = \"we", 16, ATOMIC_FAST, &err));
	assert_false(io->read(place->path, &keys, &values, &err));
	assert_non_null(strstr(err.text, "file: line 2: no closing quote"));
	assert_int_equal(keys.count, 0);
}

#define with_place(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_place(a_write_makes_or_replaces_a_private_file),
		with_place(a_full_disk_leaves_the_old_file_and_no_other),
		with_place(a_place_that_takes_no_file_is_named),
		with_place(a_link_stays_and_its_file_is_replaced),
		with_place(what_is_no_file_or_too_large_is_not_read),
		with_place(a_record_comes_back_in_order),
		with_place(a_record_that_is_missing_or_torn_is_an_error),
	};

	return cmocka_run_group_tests_name("atomic", tests, NULL, NULL);
}
