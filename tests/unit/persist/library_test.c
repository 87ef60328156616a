/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/strv.h"
#include "core/vm/store.h"
#include "persist/atomic.h"
#include "persist/library.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static int make_root(void **state)
{
	char *root = mem_strdup("/tmp/paddock-library-XXXXXX");

	*state = root;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int remove_root(void **state)
{
	nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

/* A file of so many bytes; the directories above it too. */
static void put(const char *root, const char *name, size_t size)
{
	char *path = path_join(root, name);
	char *parent = path_parent(path);
	char *bytes = mem_alloc(size + 1);
	struct error err = { 0 };

	if (!path_make_dirs(parent, 0700, &err) || !atomic_write(path, bytes, size, ATOMIC_FAST, &err))
		fail_msg("%s", err.text);
	free(bytes);
	free(parent);
	free(path);
}

static void put_kernel(const char *root, const char *prefix, const char *second)
{
	static const char *const parts[] = { "-kernel", "-cmdline" };
	char name[300];

	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s%s", prefix, parts[i]);
		put(root, name, 100);
	}
	snprintf(name, sizeof(name), "%s%s", prefix, second);
	put(root, name, 20);
}

struct finds {
	const char *root;
	struct strv lines;		/* "KIND SIZE PATH", PATH below root */
};

static void note(void *data, const struct library_item *item)
{
	static const char *const kinds[] = { "state", "disk", "iso", "kernel", "squashfs" };
	struct finds *finds = data;
	const char *path = item->path;

	assert_memory_equal(path, finds->root, strlen(finds->root));
	strv_addf(&finds->lines, "%s %u %s", kinds[item->kind], (unsigned)item->size, path + strlen(finds->root) + 1);
}

/* What is found in slices of so many entries, sorted. */
static struct strv scan_dirs(const char *root, const struct strv *dirs, unsigned slice)
{
	struct finds finds = { .root = root };
	struct error err;
	struct library *library = library_new(dirs, &err);

	assert_string_equal(err.text, "");
	while (library_step(library, slice, note, &finds))
		;
	library_free(library);
	strv_sort(&finds.lines);
	return finds.lines;
}

/* want: sorted, until NULL; the same whatever the slices are. */
static void assert_finds(const char *root, const char *const *want)
{
	struct strv dirs = { 0 };

	strv_add(&dirs, root);
	for (unsigned slice = 1; slice < 100; slice = slice * 2 + 1) {
		struct strv got = scan_dirs(root, &dirs, slice);
		size_t i = 0;

		for (; want[i] && i < got.count; i++)
			assert_string_equal(got.items[i], want[i]);
		assert_null(want[i]);
		assert_int_equal(got.count, i);
		strv_finish(&got);
	}
	strv_finish(&dirs);
}

#define found(...) (const char *const[]){ __VA_ARGS__, NULL }

static void images_are_found_two_levels_deep_with_kind_and_size(void **state)
{
	put(*state, "web.qcow2", 10);
	put(*state, "a.ISO", 30);
	put(*state, "notes.txt", 5);
	put(*state, "sub/db.img", 7);
	put(*state, "sub/deeper/no.img", 7);
	put(*state, ".cache/no.img", 7);
	put(*state, ".hidden.iso", 7);
	put(*state, "bad \n\xff;name.raw", 1);
	assert_finds(*state, found("disk 1 bad \n\xff;name.raw", "disk 10 web.qcow2", "disk 7 sub/db.img",
	                           "iso 30 a.ISO"));
}

static void a_kernel_counts_with_all_its_parts_only(void **state)
{
	put_kernel(*state, "lk", "-initrd.img");
	put_kernel(*state, "sub/sq", "-squashfs.img");
	put_kernel(*state, "both", "-initrd.img");
	put(*state, "both-squashfs.img", 50);
	put(*state, "alone-kernel", 1);
	put(*state, "nocmd-kernel", 1);
	put(*state, "nocmd-initrd.img", 1);
	put(*state, "noinit-kernel", 1);
	put(*state, "noinit-cmdline", 1);
	assert_finds(*state, found("kernel 120 lk", "squashfs 120 sub/sq", "squashfs 150 both"));
}

static void state_directories_are_told_by_what_is_in_them(void **state)
{
	put(*state, "web-state/mac-addr", 17);
	put(*state, "web-state/data.iso", 17);
	put(*state, "web-state/disk.img", 17);
	put(*state, "sub/old-state/qemu.pid", 5);
	put(*state, "sub/deeper/no-state/lock", 0);
	put(*state, "united-state/map.iso", 3);
	put(*state, "plain/uuid", 37);
	assert_finds(*state, found("iso 3 united-state/map.iso", "state 0 sub/old-state", "state 0 web-state"));
}

static void links_lead_to_files_but_not_into_directories(void **state)
{
	char *root = *state;
	char *link_path = path_join(root, "loop");
	char *file_link = path_join(root, "same.img");
	char *broken = path_join(root, "broken.img");
	char *fifo = path_join(root, "fifo.img");

	put(root, "dir/a.img", 3);
	assert_int_equal(symlink(".", link_path), 0);
	assert_int_equal(symlink("dir/a.img", file_link), 0);
	assert_int_equal(symlink("nowhere", broken), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_finds(root, found("disk 3 dir/a.img", "disk 3 same.img"));
	free(link_path);
	free(file_link);
	free(broken);
	free(fifo);
}

static void directories_that_lie_in_each_other_are_searched_once(void **state)
{
	char *root = *state;
	char *sub = path_join(root, "sub");
	struct strv dirs = { 0 }, got;

	put(root, "a.img", 1);
	put(root, "sub/b.img", 1);
	put(root, "sub/sub/c.img", 1);
	strv_add(&dirs, root);
	strv_add(&dirs, sub);
	strv_add(&dirs, root);
	got = scan_dirs(root, &dirs, 2);
	assert_int_equal(got.count, 3);
	assert_string_equal(got.items[2], "disk 1 sub/sub/c.img");
	strv_finish(&got);
	strv_finish(&dirs);
	free(sub);
}

static void a_directory_that_is_missing_is_named_and_the_others_are_searched(void **state)
{
	char *root = *state;
	char *missing = path_join(root, "missing");
	struct finds finds = { .root = root };
	struct strv dirs = { 0 };
	struct error err;
	struct library *library;

	put(root, "a.img", 1);
	strv_add(&dirs, missing);
	strv_add(&dirs, root);
	library = library_new(&dirs, &err);
	assert_non_null(strstr(err.text, "missing: No such file or directory"));
	while (library_step(library, 5, note, &finds))
		;
	assert_int_equal(finds.lines.count, 1);
	library_free(library);
	strv_finish(&finds.lines);
	strv_finish(&dirs);
	free(missing);
}

static void a_scan_may_be_given_up_and_directories_may_vanish(void **state)
{
	char *root = *state;
	struct finds finds = { .root = root };
	struct strv dirs = { 0 };
	struct error err;
	struct library *library;
	char *sub = path_join(root, "sub"), *file = path_join(sub, "b.img");

	put(root, "sub/b.img", 1);
	strv_add(&dirs, root);
	library = library_new(&dirs, &err);
	assert_true(library_step(library, 4, note, &finds));	/* the root is read, sub waits */
	unlink(file);
	rmdir(sub);
	while (library_step(library, 1, note, &finds))
		;
	library_free(library);
	library = library_new(&dirs, &err);
	library_step(library, 2, note, &finds);
	library_free(library);
	assert_int_equal(finds.lines.count, 0);
	strv_finish(&dirs);
	free(file);
	free(sub);
}

#define with_root(f) cmocka_unit_test_setup_teardown(f, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_root(images_are_found_two_levels_deep_with_kind_and_size),
		with_root(a_kernel_counts_with_all_its_parts_only),
		with_root(state_directories_are_told_by_what_is_in_them),
		with_root(links_lead_to_files_but_not_into_directories),
		with_root(directories_that_lie_in_each_other_are_searched_once),
		with_root(a_directory_that_is_missing_is_named_and_the_others_are_searched),
		with_root(a_scan_may_be_given_up_and_directories_may_vanish),
	};

	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
