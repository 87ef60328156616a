/* SPDX-License-Identifier: MIT */
/* What a clone with disks of its own consists of, and when there is none. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/clone.h"
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
#include <unistd.h>
#include <cmocka.h>

static int enter(void **state)
{
	static const unsigned char qcow2[32] = { 'Q', 'F', 'I', 0xfb, 0, 0, 0, 3, [27] = 1 };

	scratch_enter(state);
	scratch_home();
	scratch_put("bin/qemu-img", "#!/bin/sh\n", 10, 0);
	assert_int_equal(chmod("bin/qemu-img", 0755), 0);

	char *bin = path_full("bin");

	setenv("PATH", bin, 1);
	free(bin);
	scratch_put("vm/web.img", "\1 a disk", 8, 65536);
	scratch_put("vm/data.qcow2", qcow2, sizeof(qcow2), 65536);
	return 0;
}

/* @: the directory of the test. The caller frees the text. */
static char *placed(const char *text, const char *directory)
{
	struct str out;

	str_init(&out);
	for (; *text; text++)
		if (*text == '@')
			str_adds(&out, directory);
		else
			str_addc(&out, *text);
	return str_detach(&out);
}

/* Prepares the clone "new" of a profile with this text. */
static bool prepare(const char *directory, const char *profile, bool linked, struct job *out, struct error *err)
{
	struct store *store = store_memory_new();
	struct store_revision revision;
	struct vm_config from;
	char *text = placed(profile, directory);
	bool good;

	store_memory_put(store, "web", text);
	store_memory_put(store, "taken", "[boot]\nimage = /x\n");
	vm_config_init(&from, CONFIG_PROFILE);
	assert_true(store->load(store, "web", &from, &revision, err));
	good = clone_prepare(store, &from, "new", linked, out, err);
	vm_config_finish(&from);
	store_memory_free(store);
	free(text);
	return good;
}

static void assert_steps(const struct job *job, const char *directory, const char *want)
{
	struct str got;
	char *expected = placed(want, directory);

	str_init(&got);
	for (size_t i = 0; i < job->step_count; i++) {
		for (size_t k = 1; k < job->steps[i].argv.count; k++)
			str_addf(&got, "%s%s", k > 1 ? " " : "", job->steps[i].argv.items[k]);
		str_addf(&got, "%s\n", job->steps[i].accept ? " (accept)" : "");
		assert_string_equal(path_base(job->steps[i].argv.items[0]), "qemu-img");
		assert_string_equal(job->steps[i].argv.items[job->steps[i].argv.count - 1], job->steps[i].file);
	}
	assert_string_equal(got.text, expected);
	free(expected);
	str_finish(&got);
}

static void assert_value(const struct job *job, enum vm_setting setting, const char *directory, const char *want)
{
	char *expected = placed(want, directory);

	assert_string_equal(vm_config_get(&job->profile, setting), expected);
	free(expected);
}

#define WEB "[boot]\nimage = @/vm/web.img\n[disks]\ndisk = @/vm/data.qcow2,bus=virtio\ndisk = size=10M\n[state]\ndirectory = @/vm/web-state\n"

static void every_disk_is_copied_in_its_format(void **state)
{
	struct error err;
	struct job job;

	if (!prepare(*state, WEB, false, &job, &err))
		fail_msg("%s", err.text);
	assert_steps(&job, *state, "convert -p -t writeback -f raw -O raw @/vm/web.img boot-disk.raw\n"
	             "convert -p -t writeback -f qcow2 -O qcow2 @/vm/data.qcow2 disk-1.qcow2\n");
	assert_value(&job, SET_IMAGE, *state, "@/vm/web.img-new-state/boot-disk.raw");
	assert_value(&job, SET_BOOT_FORMAT, *state, "raw");
	assert_value(&job, SET_STATE, *state, "@/vm/web.img-new-state");
	assert_string_equal(job.profile.value[SET_DISK].items[0], "disk-1.qcow2,format=qcow2,bus=virtio");
	assert_string_equal(job.profile.value[SET_DISK].items[1], "disk-2.qcow2,size=10M");
	assert_int_equal(job.states.count, 1);
	assert_true(text_ends(job.states.items[0], "/vm/web-state"));
	assert_true(text_ends(job.directory, "/vm/web.img-new-state"));
	assert_non_null(vm_config_get(&job.profile, SET_UUID));
	job_finish(&job);
}

static void a_linked_disk_names_its_base_and_the_format_of_it(void **state)
{
	struct error err;
	struct job job;

	if (!prepare(*state, WEB, true, &job, &err))
		fail_msg("%s", err.text);
	assert_steps(&job, *state, "create -q -f qcow2 -F raw -b @/vm/web.img boot-disk.qcow2 (accept)\n"
	             "create -q -f qcow2 -F qcow2 -b @/vm/data.qcow2 disk-1.qcow2 (accept)\n");
	assert_value(&job, SET_BOOT_FORMAT, *state, "qcow2");
	assert_string_equal(job.profile.value[SET_DISK].items[0], "disk-1.qcow2,format=qcow2,bus=virtio");
	job_finish(&job);
}

static void kernels_are_shared_and_uefi_variables_copied(void **state)
{
	struct error err;
	struct job job;

	scratch_put("vm/lk-kernel", "x", 1, 0);
	scratch_put("vm/lk-initrd.img", "x", 1, 0);
	scratch_put("vm/web-state/uefi-vars.fd", "x", 1, 4096);
	assert_int_equal(chmod("vm/web-state", 0700), 0);
	if (!prepare(*state, "[boot]\nimage = @/vm/lk\n[state]\ndirectory = @/vm/web-state\n", true, &job, &err))
		fail_msg("%s", err.text);
	assert_steps(&job, *state, "convert -p -t writeback -f raw -O raw @/vm/web-state/uefi-vars.fd uefi-vars.fd\n");
	assert_value(&job, SET_IMAGE, *state, "@/vm/lk");
	assert_null(vm_config_get(&job.profile, SET_BOOT_FORMAT));
	job_finish(&job);
}

/* A clone has its image in its state directory; its own clone is next to it, not in it. */
static void a_clone_of_a_clone_is_not_inside_of_it(void **state)
{
	struct error err;
	struct job job;

	scratch_put("vm/web-state/boot-disk.raw", "\1 a disk", 8, 65536);
	assert_int_equal(chmod("vm/web-state", 0700), 0);
	if (!prepare(*state, "[boot]\nimage = @/vm/web-state/boot-disk.raw\n[state]\ndirectory = @/vm/web-state\n", false, &job, &err))
		fail_msg("%s", err.text);
	assert_value(&job, SET_STATE, *state, "@/vm/web-new-state");
	job_finish(&job);
}

static void assert_refused(const char *directory, const char *profile, const char *reason)
{
	struct error err;
	struct job job;

	assert_false(prepare(directory, profile, false, &job, &err));
	if (!strstr(err.text, reason))
		fail_msg("\"%s\" and not \"%s\"", err.text, reason);
	job_finish(&job);
}

static void what_cannot_be_cloned_is_refused_with_the_reason(void **state)
{
	struct error err;
	int lock;

	assert_refused(*state, "[vm]\ncpus = 2\n", "web has no image");
	assert_refused(*state, "[boot]\nimage = @/vm/web.img\nformat = qcow2\n", "is not a qcow2 image");
	assert_refused(*state, "[boot]\nimage = @/vm/web.img\n[disks]\ndisk = @/vm/none.img\n", "none.img does not exist");
	assert_refused(*state, "[boot]\nimage = @/vm/web.img\n[disks]\ndisk = size=x\n", "'x' is not a size");
	assert_int_equal(mkdir("vm/web-state", 0700), 0);
	assert_int_equal(state_lock("vm/web-state", "web", &lock, &err), STATE_LOCK_TAKEN);
	assert_refused(*state, WEB, "web is in use by 'web' (pid ");
	close(lock);
	setenv("PATH", "/none", 1);
	assert_refused(*state, WEB, "qemu-img is not in PATH");
}

int main(void)
{
#define in_scratch(test) cmocka_unit_test_setup_teardown(test, enter, scratch_leave)
	const struct CMUnitTest tests[] = {
		in_scratch(every_disk_is_copied_in_its_format),
		in_scratch(a_linked_disk_names_its_base_and_the_format_of_it),
		in_scratch(kernels_are_shared_and_uefi_variables_copied),
		in_scratch(a_clone_of_a_clone_is_not_inside_of_it),
		in_scratch(what_cannot_be_cloned_is_refused_with_the_reason),
	};

	return cmocka_run_group_tests_name("clone", tests, NULL, NULL);
}
