/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/disk_add.h"
#include "core/control/disk_grow.h"
#include "core/control/disk_remove.h"
#include "core/control/drives.h"
#include "core/control/slots.h"
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

#define FAILS(words) "{\"error\": {\"class\": \"GenericError\", \"desc\": \"" words "\"}}\n"
#define DONE "{\"return\": {}}\n"
#define NO_DRIVES "query-block {\"return\": []}\n"
#define FREE_SLOT "qom-list {\"return\": [{\"name\": \"child[0]\"}]}\nqom-list {\"return\": [{\"name\": \"type\"}]}\n"

static void a_port_is_free_without_a_device(void **state)
{
	(void)state;
	assert_true(slot_is_free("[{\"name\": \"type\"}, {\"name\": \"realized\"}]"));
	assert_true(slot_is_free("[]"));
	assert_false(slot_is_free("[{\"name\": \"type\"}, {\"name\": \"child[0]\", \"type\": \"link<x>\"}]"));
	assert_false(slot_is_free("[{\"name\": 3}]"));
	assert_false(slot_is_free("{}"));
	assert_false(slot_is_free(""));
}

static void a_disk_only_grows(void **state)
{
	(void)state;
	struct error err;
	char *text;

	assert_true(disk_grows(1 << 20, 2, &err));
	assert_true(disk_grows(0, 1, &err));
	assert_false(disk_grows(2 << 20, 2, &err));
	assert_string_equal(err.text, "it has 2 MiB already");
	assert_false(disk_grows(3 << 20, 2, &err));
	assert_non_null(strstr(err.text, "it has 3 MiB, and 2 MiB are less"));
	assert_false(disk_grows((2 << 20) + 512, 2, &err));
	assert_non_null(strstr(err.text, "it has 2097664 bytes, and 2097152 bytes are less"));
	text = disk_text_grown("a.img,size=1G,bus=virtio", 2048);
	assert_string_equal(text, "a.img,size=2G,bus=virtio");
	free(text);
	text = disk_text_grown("a.img", 2048);
	assert_string_equal(text, "a.img");
	free(text);
}

/* Without a file in its text, a disk is named after its place. */
static void disks_behind_a_removed_one_keep_their_files(void **state)
{
	(void)state;
	struct vm_config config;
	struct drive_files files;
	struct strv now = { 0 };

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/vm/boot.img");
	vm_config_add(&config, SET_DISK, "size=1G");
	vm_config_add(&config, SET_DISK, "/x/a.img");
	vm_config_add(&config, SET_DISK, "size=2G,bus=virtio");
	drive_files_of(&config, "/state", &files);
	disks_without(&files, 1, &now);
	assert_int_equal(now.count, 2);
	assert_string_equal(now.items[0], "size=1G");
	assert_string_equal(now.items[1], "/state/disk2.img,size=2G,bus=virtio");
	strv_finish(&now);
	drive_files_finish(&files);
	vm_config_finish(&config);
}

static void a_users_disk_gets_a_bus_and_a_file(void **state)
{
	struct rig *rig = *state;
	struct vm_config config;
	struct error err;
	char *text, *wanted;

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/vm/boot.img");
	vm_config_set(&config, SET_ARCH, "x86_64");
	vm_config_add(&config, SET_DISK, "size=1G");
	assert_false(control_disk_can(&config, "size=1G"));
	assert_false(control_disk_can(&config, "size=1G,bus=ide"));
	assert_true(control_disk_can(&config, "size=1G,bus=scsi"));
	text = control_disk_complete(&config, rig->home, "size=4G", &err);
	wanted = mem_printf("%s/disk1.img,size=4G,bus=virtio", rig->home);
	assert_string_equal(text, wanted);
	free(text);
	free(wanted);
	vm_config_set(&config, SET_ARCH, "s390x");
	assert_true(control_disk_can(&config, "size=1G"));
	text = control_disk_complete(&config, rig->home, "/x/a.img", &err);
	assert_string_equal(text, "/x/a.img");
	free(text);
	assert_null(control_disk_complete(&config, rig->home, "", &err));
	vm_config_finish(&config);
}

static char *disk_text(const struct rig *rig, const char *name, const char *more)
{
	char *path = rig_path(rig, name), *text = mem_printf("%s%s", path, more);

	free(path);
	return text;
}

static void an_added_disk_is_created_attached_and_recorded(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;
	char *text = disk_text(rig, "new.img", ",size=1M,bus=virtio");

	answers_set(rig, NO_DRIVES FREE_SLOT "blockdev-add " FAILS("Duplicate nodes with node-name='paddock-disk1'") "blockdev-add " DONE
	            "device_add " DONE);

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_disk_add(&vm, text, outcome_came, &outcome, &err), &outcome, &err, "");
	assert_true(rig_has(rig, "new.img"));
	expect_recorded(rig, SET_DISK, text);
	free(text);
	rig_run_ends(rig, &seen);
}

/* Whatever fails, nothing of it is left: no node, no file, no record. */
static void a_disk_that_is_not_taken_leaves_nothing(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;
	char *text = disk_text(rig, "new.img", ",size=1M,bus=virtio");

	answers_set(rig, NO_DRIVES "qom-list " FAILS("Device 'x' not found")
	            "blockdev-add " FAILS("no") "blockdev-add " DONE
	            "device_add " FAILS("Bus 'pcie.0' does not support hotplugging")
	            "blockdev-del " DONE "blockdev-del " FAILS("node is in use"));

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_disk_add(&vm, text, outcome_came, &outcome, &err), &outcome, &err, "bus=virtio: no");
	assert_false(rig_has(rig, "new.img"));
	expect_outcome(rig, control_disk_add(&vm, text, outcome_came, &outcome, &err), &outcome, &err,
	               "does not support hotplugging; machines of profiles have ports");
	assert_false(rig_has(rig, "new.img"));
	/* Here QEMU has the file, so it stays. */
	expect_outcome(rig, control_disk_add(&vm, text, outcome_came, &outcome, &err), &outcome, &err, "new.img open: node is in use");
	assert_true(rig_has(rig, "new.img"));
	expect_recorded(rig, SET_DISK, "");
	free(text);
	rig_run_ends(rig, &seen);
}

static void what_a_start_would_report_is_refused(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;
	char *missing = disk_text(rig, "none.img", ",bus=virtio"), *same = disk_text(rig, "same.img", ",size=1M,bus=virtio");
	char *path = rig_path(rig, "same.img"), *answers, *bad = disk_text(rig, "bad.qcow2", ",bus=virtio");

	answers = mem_printf("query-block {\"return\": []}\n"
	                     "query-block {\"return\": [{\"qdev\": \"/m/a\", \"inserted\": {\"file\": \"%s\"}}]}\n"
	                     "qom-list {\"return\": [{\"name\": \"child[0]\"}]}\n" "qom-list " FAILS("none"), path);
	answers_set(rig, answers);

	struct control_vm vm = answers_launch(rig, &seen);
	FILE *file;

	assert_null(control_disk_add(&vm, missing, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "does not exist; to create it, give a size"));
	assert_null(control_disk_add(&vm, "size=1M,bus=usb", outcome_came, &outcome, &err));
	assert_null(control_disk_add(&vm, "size=1M,bus=ide", outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "IDE takes no disks while the VM runs"));
	expect_outcome(rig, control_disk_add(&vm, same, outcome_came, &outcome, &err), &outcome, &err, "all ports for devices");
	assert_false(rig_has(rig, "same.img"));
	expect_outcome(rig, control_disk_add(&vm, same, outcome_came, &outcome, &err), &outcome, &err, "has the file already");
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), 2 << 20), 0);
	fclose(file);
	assert_null(control_disk_add(&vm, same, outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "already exists with 2 MiB"));
	free(bad);
	free(missing);
	free(same);
	free(path);
	free(answers);
	rig_run_ends(rig, &seen);
}

/* A plan with one disk, which QEMU has. */
static void with_disk(struct rig *rig, const char *answers)
{
	strv_add(&rig->plan.settings, "disks.disk");
	strv_add(&rig->plan.settings, "/x/a.img,size=1M,bus=virtio");
	answers_set(rig, answers);
}

#define A_DISK(node) "query-block {\"return\": [{\"qdev\": \"/machine/peripheral/" node "/virtio-backend\", \"removable\": false, " \
	"\"inserted\": {\"file\": \"/x/a.img\", \"node-name\": \"" node "\", \"image\": {\"virtual-size\": 1048576}}}]}\n"

static void a_disk_grows_and_its_record_follows(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") "block_resize " FAILS("cannot grow this") "block_resize " DONE);

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_disk_grow(&vm, "1", "1M", outcome_came, &outcome, &err), &outcome, &err, "it has 1 MiB already");
	expect_outcome(rig, control_disk_grow(&vm, "1", "2M", outcome_came, &outcome, &err), &outcome, &err,
	               "grow 1 to 2M: cannot grow this");
	expect_recorded(rig, SET_DISK, "/x/a.img,size=1M,bus=virtio");
	expect_outcome(rig, control_disk_grow(&vm, "a.img", "2M", outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "/x/a.img,size=2M,bus=virtio");
	expect_outcome(rig, control_disk_grow(&vm, "image", "2M", outcome_came, &outcome, &err), &outcome, &err, "does not run from a disk");
	assert_null(control_disk_grow(&vm, "2", "2M", outcome_came, &outcome, &err));
	assert_null(control_disk_grow(&vm, "1", "much", outcome_came, &outcome, &err));
	rig_run_ends(rig, &seen);
}

#define DELETED "device_del! DEVICE_DELETED {\"device\": \"paddock-disk1\", \"path\": \"/machine/peripheral/paddock-disk1\"}\n"

static void a_disk_is_removed_when_the_guest_has_given_it_up(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") "device_del " DONE DELETED "blockdev-del " DONE);

	struct control_vm vm = answers_launch(rig, &seen);

	assert_null(control_disk_remove(&vm, "image", outcome_came, &outcome, &err));
	assert_non_null(strstr(err.text, "boot image, which cannot be removed"));
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "");
	rig_run_ends(rig, &seen);
}

struct recording {
	bool done;
};

static void setting_recorded(void *data, const char *result, const char *error)
{
	(void)result;
	assert_null(error);
	((struct recording *)data)->done = true;
}

static void record_disk(struct rig *rig, struct keeper_client *client, const char *text)
{
	struct recording recording = { .done = false };

	keeper_setting(client, "disks.disk", SETTING_ADD, text, setting_recorded, &recording);
	until(rig, recording.done);
}

/* Somebody else adds a disk while the guest gives one up. */
static void a_disk_that_was_added_meanwhile_stays_recorded(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") A_DISK("paddock-disk1") "block_resize " DONE "device_del " DONE DELETED);

	struct control_vm vm = answers_launch(rig, &seen);
	struct control_job *job = control_disk_grow(&vm, "1", "2M", outcome_came, &outcome, &err);

	record_disk(rig, seen.client, "/x/b.img,bus=virtio");
	expect_outcome(rig, job, &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "/x/a.img,size=2M,bus=virtio /x/b.img,bus=virtio");
	job = control_disk_remove(&vm, "1", outcome_came, &outcome, &err);
	record_disk(rig, seen.client, "/x/c.img,bus=virtio");
	expect_outcome(rig, job, &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "/x/b.img,bus=virtio /x/c.img,bus=virtio");
	rig_run_ends(rig, &seen);
}

static void a_disk_that_the_guest_keeps_is_not_half_removed(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") A_DISK("paddock-disk1") A_DISK("paddock-disk1") NO_DRIVES
	          "device_del " DONE
	          "device_del " DONE "device_del! DEVICE_UNPLUG_GUEST_ERROR {\"device\": \"paddock-disk1\", \"path\": \"/machine/peripheral/paddock-disk1\"}\n"
	          "device_del " FAILS("Bus 'pcie.0' does not support hotplugging")
	          "query-named-block-nodes {\"return\": [{\"node-name\": \"#block1\", \"file\": \"/x/a.img\"}, {\"node-name\": \"paddock-disk1\", \"file\": \"/x/a.img\"}]}\n"
	          "query-named-block-nodes {\"return\": []}\n"
	          "blockdev-del " DONE);

	struct control_vm vm = answers_launch(rig, &seen);

	vm.guest_ms = 1;
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "the guest has not given it up");
	vm.guest_ms = 0;
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "the guest refuses");
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err,
	               "does not support hotplugging; only a restart");
	expect_recorded(rig, SET_DISK, "/x/a.img,size=1M,bus=virtio");
	/* It has given it up since: the rest is done. */
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "");
	rig_run_ends(rig, &seen);
}

static void a_busy_guest_is_asked_again(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1")
	          "device_del " FAILS("Hot-unplug failed: guest is busy (power indicator blinking)")
	          "device_del " FAILS("Hot-unplug failed: guest is busy (power indicator blinking)") "device_del " DONE DELETED);

	struct control_vm vm = answers_launch(rig, &seen);

	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "");
	expect_recorded(rig, SET_DISK, "");
	rig_run_ends(rig, &seen);
}

static void a_guest_that_stays_busy_keeps_its_disk(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") "device_del " FAILS("Hot-unplug failed: guest is busy"));

	struct control_vm vm = answers_launch(rig, &seen);

	vm.guest_ms = 30;
	expect_outcome(rig, control_disk_remove(&vm, "1", outcome_came, &outcome, &err), &outcome, &err, "remove it again when the guest");
	expect_recorded(rig, SET_DISK, "/x/a.img,size=1M,bus=virtio");
	rig_run_ends(rig, &seen);
}

static void a_lost_connection_ends_what_waits(void **state)
{
	struct rig *rig = *state;
	struct seen seen;
	struct outcome outcome = { 0 };
	struct error err;

	with_disk(rig, A_DISK("paddock-disk1") "device_del " DONE);

	struct control_vm vm = answers_launch(rig, &seen);

	assert_non_null(control_disk_remove(&vm, "1", outcome_came, &outcome, &err));
	keeper_close(seen.client);
	seen.client = NULL;
	assert_int_equal(outcome.calls, 1);
	assert_string_equal(outcome.error, "remove 1: the connection was closed");
	rig_close(&seen);
}

int main(int argc, char **argv)
{
	int status = rig_keeper(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_free_without_a_device),
		cmocka_unit_test(a_disk_only_grows),
		cmocka_unit_test(disks_behind_a_removed_one_keep_their_files),
		rig_test(a_users_disk_gets_a_bus_and_a_file),
		rig_test(an_added_disk_is_created_attached_and_recorded),
		rig_test(a_disk_that_is_not_taken_leaves_nothing),
		rig_test(what_a_start_would_report_is_refused),
		rig_test(a_disk_grows_and_its_record_follows),
		rig_test(a_disk_is_removed_when_the_guest_has_given_it_up),
		rig_test(a_disk_that_was_added_meanwhile_stays_recorded),
		rig_test(a_disk_that_the_guest_keeps_is_not_half_removed),
		rig_test(a_busy_guest_is_asked_again),
		rig_test(a_guest_that_stays_busy_keeps_its_disk),
		rig_test(a_lost_connection_ends_what_waits),
	};

	if (status >= 0)
		return status;
	return cmocka_run_group_tests_name("disks of a running VM", tests, NULL, NULL);
}
