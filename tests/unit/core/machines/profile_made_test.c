/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/machines/new_profile.h"
#include "core/machines/state_dir.h"
#include "core/vm/config.h"
#include "core/vm/store.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* What the disks of a new profile become, its state directory being the scratch directory. */
static void complete(const char *dir, const char *const disks[], struct strv *out)
{
	struct store *store = store_memory_new();
	struct vm_config config;

	vm_config_init(&config, CONFIG_PROFILE);
	config.name = mem_strdup("web");
	vm_config_set(&config, SET_IMAGE, "/vm/web.img");
	vm_config_set(&config, SET_STATE, dir);
	for (size_t i = 0; disks[i]; i++)
		vm_config_add(&config, SET_DISK, disks[i]);
	new_profile_complete(store, &config);
	strv_copy(out, &config.value[SET_DISK]);
	vm_config_finish(&config);
	store_memory_free(store);
}

/* D16: from then on no guest can make its disk into one of another format. */
static void the_format_of_each_disk_is_found_once_and_stored(void **state)
{
	static const struct { const char *disk, *stored; } rows[] = {
		{ "size=1G", "size=1G,format=qcow2" },
		{ "raw.img", "raw.img,format=raw" },
		{ "qcow2.img,size=2G", "qcow2.img,size=2G,format=qcow2" },
		{ "new.img,size=2G", "new.img,size=2G,format=qcow2" },
		{ "raw.img,format=vdi", "raw.img,format=vdi" },
		{ "new.img,size=2G,format=raw,bus=scsi", "new.img,size=2G,format=raw,bus=scsi" },
		{ "missing.img", "missing.img" },
		{ "text.conf", "text.conf" },	/* format=raw would hide that it is none */
		{ "size=1G,bus=nvme", "size=1G,format=raw,bus=nvme" },	/* disk8.img */
	};
	enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
	const char *disks[ROWS + 1] = { NULL };
	struct strv stored = { 0 };

	scratch_put("raw.img", "", 0, 1 << 20);
	scratch_put("text.conf", "key=value\n", 10, 0);
	scratch_put("disk8.img", "", 0, 1 << 20);
	scratch_put("qcow2.img", "QFI\xfb\0\0\0\3", 8, 1 << 20);
	for (size_t i = 0; i < ROWS; i++)
		disks[i] = rows[i].disk;
	complete(*state, disks, &stored);
	assert_int_equal(stored.count, ROWS);
	for (size_t i = 0; i < ROWS; i++)
		assert_string_equal(stored.items[i], rows[i].stored);
	/* Once: a disk that looks otherwise by now keeps what was found. */
	scratch_put("raw.img", "QFI\xfb\0\0\0\3", 8, 1 << 20);
	for (size_t i = 0; i < ROWS; i++)
		disks[i] = stored.items[i];
	struct strv again = { 0 };
	complete(*state, disks, &again);
	assert_true(strv_equal(&stored, &again));
	strv_finish(&again);
	strv_finish(&stored);
}

static void image_of(const char *dir, struct vm_config *config)
{
	char *image = path_join(dir, "vm/web.img");

	scratch_put("vm/web.img", "", 0, 1 << 20);
	vm_config_init(config, CONFIG_PROFILE);
	config->name = mem_strdup("web");
	vm_config_set(config, SET_IMAGE, image);
	free(image);
}

/* As somebody who may write nowhere; root may, so a child becomes nobody. */
static int state_is_elsewhere(struct vm_config *config)
{
	struct store *store = store_memory_new();
	const char *found;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	setenv("XDG_STATE_HOME", "/xdg", 1);
	new_profile_complete(store, config);
	found = vm_config_get(config, SET_STATE);
	return found && text_starts(found, "/xdg/paddock/state/web-") ? 0 : 1;
}

static void a_profile_keeps_its_state_elsewhere_where_nothing_can_be_beside_the_image(void **state)
{
	struct vm_config config;
	int status;
	pid_t child;

	image_of(*state, &config);
	assert_int_equal(chmod(*state, 0755), 0);
	assert_int_equal(chmod("vm", 0555), 0);
	child = fork();
	if (child == 0)
		_exit(state_is_elsewhere(&config));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(chmod("vm", 0755), 0);
	vm_config_finish(&config);
}

/* Of an earlier clone of the name that was deleted, its disks and its MAC address are still there. */
static void a_clone_never_begins_with_what_another_left_behind(void **state)
{
	struct store *store = store_memory_new();
	struct vm_config web, clone;
	char *wanted[] = { path_join(*state, "vm/web.img-db-state"), path_join(*state, "vm/web.img-db-2-state"),
		           path_join(*state, "vm/web.img-db-3-state") };

	image_of(*state, &web);
	for (int i = 0; i < 3; i++) {
		vm_config_init(&clone, CONFIG_PROFILE);
		new_profile_clone(store, &web, "db", &clone);
		assert_string_equal(vm_config_get(&clone, SET_STATE), wanted[i]);
		assert_non_null(vm_config_get(&clone, SET_UUID));
		/* The first is on the disk, the second only some profile's. */
		if (i == 0) {
			scratch_put("vm/web.img-db-state/uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", 36, 0);
		} else if (i == 1) {
			vm_config_set(&clone, SET_UUID, NULL);
			free(clone.name);
			clone.name = mem_strdup("other");
			store_memory_put_config(store, &clone);
		}
		vm_config_finish(&clone);
		free(wanted[i]);
	}
	assert_true(new_profile_shares_disks(&web));
	vm_config_finish(&web);
	store_memory_free(store);
}

/* D43: by hand two can be given the same, by name or by what follows from the image. */
static void who_has_the_same_state_directory_is_named(void **state)
{
	struct store *store = store_memory_new();
	struct store_revision revision;
	struct vm_config config;
	struct error err;
	static const struct { const char *name, *owner; } rows[] = {
		{ "db", NULL }, { "iso", "kernel" }, { "kernel", "iso" }, { "named", "plain" }, { "plain", "named" },
		{ "nothing", NULL },
	};

	(void)state;
	store_memory_put(store, "db", "[boot]\nimage = /none/db.img\n");
	store_memory_put(store, "iso", "[boot]\nimage = /none/lk.iso\n");
	store_memory_put(store, "kernel", "[boot]\nimage = /none/lk\n");
	store_memory_put(store, "named", "[boot]\nimage = /none/a.img\n[state]\ndirectory = /none/./b.img-state/\n");
	store_memory_put(store, "nothing", "[vm]\ncpus = 2\n");
	store_memory_put(store, "plain", "[boot]\nimage = /none/b.img\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vm_config_init(&config, CONFIG_PROFILE);
		assert_true(store->load(store, rows[i].name, &config, &revision, &err));

		char *owner = state_dir_owner(store, &config);

		assert_true(text_equal(owner, rows[i].owner));
		free(owner);
		vm_config_finish(&config);
	}
	store_memory_free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_format_of_each_disk_is_found_once_and_stored, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_profile_keeps_its_state_elsewhere_where_nothing_can_be_beside_the_image,
		                                scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_clone_never_begins_with_what_another_left_behind, scratch_enter,
		                                scratch_leave),
		cmocka_unit_test(who_has_the_same_state_directory_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
