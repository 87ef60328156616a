/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/cd.h"
#include "core/control/drives.h"
#include "fake/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define NO_TRAY "\"removable\": false, \"locked\": false"
#define TRAY "\"removable\": true, \"tray_open\": false"
#define IN(file, drv) "\"inserted\": {\"file\": \"" file "\", \"drv\": \"" drv "\", \"node-name\": \"#block1\", \"ro\": true, " \
	"\"image\": {\"virtual-size\": 1048576, \"actual-size\": 4096}}"

static const char blocks[] =
	"[{\"device\": \"ide0-hd0\", \"qdev\": \"/m/a\", " NO_TRAY ", " IN("/vm/boot.qcow2", "qcow2") "},"
	" {\"device\": \"\", \"qdev\": \"/m/b\", " NO_TRAY ", " IN("vm/../vm/data.img", "raw") "},"
	" {\"device\": \"cd1\", \"qdev\": \"/m/c\", " TRAY ", \"locked\": true, " IN("/state/data.iso", "raw") "},"
	" {\"device\": \"ide2-cd0\", \"qdev\": \"/m/d\", " TRAY ", \"locked\": false},"
	" {\"device\": \"sd0\", \"locked\": false, \"removable\": true},"
	" {\"qdev\": 7}, null, {\"device\": \"x\", \"qdev\": \"/m/e\", \"inserted\": {\"file\": 3, \"image\": {\"virtual-size\": -1}}}]";

static void drives_are_read_and_recognised_by_their_files(void **state)
{
	(void)state;
	struct vm_config config;
	struct drive_files files;
	struct drives drives;

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/vm/boot.qcow2");
	vm_config_add(&config, SET_DISK, "size=4G");
	vm_config_add(&config, SET_DISK, "/home/vm/data.img");
	drive_files_of(&config, "/state", &files);
	assert_string_equal(files.disks.items[0], "/state/disk.img");
	assert_true(drives_read(blocks, &drives));
	drives_identify(&drives, &files);
	assert_int_equal(drives.count, 5);
	assert_int_equal(drives.items[0].role, DRIVE_IMAGE);
	assert_string_equal(drives.items[0].format, "qcow2");
	assert_int_equal(drives.items[0].size, 1048576);
	assert_int_equal(drives.items[0].used, 4096);
	assert_false(drives.items[0].is_cd);
	assert_int_equal(drives.items[1].role, DRIVE_DISK);
	assert_int_equal(drives.items[1].disk, 1);
	assert_int_equal(drives.items[2].role, DRIVE_METADATA);
	assert_true(drives.items[2].locked);
	assert_true(drives.items[3].is_cd);
	assert_null(drives.items[3].file);
	assert_ptr_equal(cd_drive_of(&drives), &drives.items[3]);
	assert_null(drives.items[4].file);
	assert_int_equal(drives.items[4].size, 0);
	drives_finish(&drives);
	drive_files_finish(&files);
	vm_config_finish(&config);
}

static void what_is_not_a_list_of_drives_is_rejected_and_a_long_one_cut(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{}", "[", "3", "{\"return\": []}" };
	struct drives drives;
	char *text = mem_strdup("[");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(drives_read(bad[i], &drives));
		assert_int_equal(drives.count, 0);
		drives_finish(&drives);
	}
	for (int i = 0; i < 2 * DRIVES_MAX; i++) {
		char *more = mem_printf("%s%s{\"qdev\": \"q%d\"}", text, i ? "," : "", i);

		free(text);
		text = more;
	}
	char *whole = mem_printf("%s]", text);

	assert_true(drives_read(whole, &drives));
	assert_int_equal(drives.count, DRIVES_MAX);
	drives_finish(&drives);
	free(whole);
	free(text);
}

static void a_disk_is_named_by_number_file_or_last_component(void **state)
{
	(void)state;
	static const struct {
		const char *word;
		int index;		/* -2: not found */
		const char *why;
	} cases[] = {
		{ "image", DRIVE_IMAGE_INDEX, NULL }, { "1", 0, NULL }, { "3", 2, NULL }, { "a.img", 0, NULL }, { "/x/a.img", 0, NULL },
		{ "disk1.img", 1, NULL }, { "size=4096M", 1, NULL }, { "/y/c.img", 2, NULL },
		{ "4", -2, "the last one is 3" }, { "0", -2, "there is no disk 0" }, { "99999999999999999999", -2, "there is no disk" },
		{ "c.img", -2, "several disks" }, { "none", -2, "is not a disk" }, { "", -2, "is not a disk" },
	};
	struct vm_config config;
	struct drive_files files;

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/vm/boot.qcow2");
	vm_config_add(&config, SET_DISK, "/x/a.img");
	vm_config_add(&config, SET_DISK, "size=4G");
	vm_config_add(&config, SET_DISK, "/y/c.img");
	vm_config_add(&config, SET_DISK, "none,none");
	drive_files_of(&config, "/state", &files);
	strv_remove(&files.disks, 3);
	strv_remove(&files.values, 3);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		int index = -2;
		bool twice = !strcmp(cases[i].word, "c.img");

		if (twice)
			strv_replace(&files.disks, 0, "/x/c.img");
		assert_int_equal(drive_files_find(&files, cases[i].word, &index, &err), cases[i].index != -2);
		if (cases[i].why)
			assert_non_null(strstr(err.text, cases[i].why));
		else
			assert_int_equal(index, cases[i].index);
	}
	drive_files_finish(&files);
	vm_config_finish(&config);
}

#define ONE_CD "query-block {\"return\": [{\"qdev\": \"/m/d\", \"locked\": true, " TRAY ", " IN("/vm/old.iso", "raw") "}]}\n"
#define LOCKED "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Device 'x' is locked and force was not specified\"}}\n"

static char *put_file(const struct rig *rig, const char *name, const char *bytes, size_t len)
{
	char *path = rig_path(rig, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fseek(file, 65536, SEEK_SET), 0);
	assert_int_equal(fputc(0, file), 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void a_cd_is_inserted_and_ejected(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;
	char *iso = put_file(rig, "new.iso", "\0\0", 2), *qcow2 = put_file(rig, "x.qcow2", "QFI\xfb\0\0\0\3", 8);

	answers_set(rig, ONE_CD
	            "blockdev-change-medium {\"return\": {}}\n"
	            "blockdev-change-medium " LOCKED
	            "blockdev-change-medium {\"error\": {\"class\": \"GenericError\", \"desc\": \"Could not open it\"}}\n"
	            "eject " LOCKED
	            "eject {\"return\": {}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_cd_insert(&vm, iso, false, outcome_came, &outcome, &err), &outcome, &err, "");
	expect_outcome(rig, control_cd_insert(&vm, iso, false, outcome_came, &outcome, &err), &outcome, &err,
	               "is locked and force was not specified; unmount it in the guest and try again, or use --force");
	expect_outcome(rig, control_cd_eject(&vm, false, outcome_came, &outcome, &err), &outcome, &err, "is locked");
	/* What is gone is told: with force, the old one was ejected before the new one failed. */
	expect_outcome(rig, control_cd_insert(&vm, iso, true, outcome_came, &outcome, &err), &outcome, &err,
	               "Could not open it; the CD from before has been ejected");
	expect_outcome(rig, control_cd_eject(&vm, true, outcome_came, &outcome, &err), &outcome, &err, "");
	assert_null(control_cd_insert(&vm, qcow2, false, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "is not an ISO but a qcow2 disk image"));
	assert_null(control_cd_insert(&vm, "/none/at/all.iso", true, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "/none/at/all.iso: No such file or directory"));
	assert_null(control_cd_insert(&vm, rig->home, false, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "is a directory"));
	free(iso);
	free(qcow2);
	rig_run_ends(rig, &seen);
}

static void without_a_drive_or_a_cd_the_remedy_is_told(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	answers_set(rig, "query-block {\"return\": [{\"qdev\": \"/m/a\", " NO_TRAY "}]}\n"
	            "query-block {\"return\": [{\"qdev\": \"/m/d\", \"locked\": false, " TRAY "}]}\n"
	            "query-block {\"return\": {}}\n");

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_cd_eject(&vm, false, outcome_came, &outcome, &err), &outcome, &err, "set `device`");
	expect_outcome(rig, control_cd_eject(&vm, false, outcome_came, &outcome, &err), &outcome, &err, "there is no CD in the drive");
	expect_outcome(rig, control_cd_eject(&vm, false, outcome_came, &outcome, &err), &outcome, &err, "is not a list of drives");
	rig_run_ends(rig, &seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drives_are_read_and_recognised_by_their_files),
		cmocka_unit_test(what_is_not_a_list_of_drives_is_rejected_and_a_long_one_cut),
		cmocka_unit_test(a_disk_is_named_by_number_file_or_last_component),
		rig_test(a_cd_is_inserted_and_ejected),
		rig_test(without_a_drive_or_a_cd_the_remedy_is_told),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("drives of a running VM", tests, NULL, NULL);
}
