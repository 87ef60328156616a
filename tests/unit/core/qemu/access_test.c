/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "fake/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* As QEMU locks an image; unlocked when the descriptor is closed. */
static int lock_byte(const char *path, int byte)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
	return fd;
}

static void a_lock_of_qemu_says_what_its_holder_does(void **state)
{
	static const struct {
		int byte;
		enum image_use use;
	} cases[] = { { 100, IMAGE_UNUSED }, { 101, IMAGE_WRITTEN }, { 200, IMAGE_WRITTEN }, { 201, IMAGE_READ } };
	char pid[32];

	(void)state;
	snprintf(pid, sizeof(pid), "(pid %ld)", (long)getpid());
	scratch_put("disk.img", "", 0, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host_facts facts = { 0 };
		int fd = lock_byte("disk.img", cases[i].byte);
		const struct image_access *access = &probe_file(&facts, "disk.img", PROBE_CONTENT)->access;

		assert_int_equal(access->use, cases[i].use);
		if (cases[i].use == IMAGE_UNUSED)
			assert_null(access->holder);
		else
			assert_non_null(strstr(access->holder, pid));
		assert_false(access->own);
		close(fd);
		host_facts_finish(&facts);
	}
}

/* The problem of the image or, with a disk, of the disk, "" for none. */
static const char *problem_with(const struct image_access *access, enum vm_setting setting, const char *arg)
{
	static char text[512];
	struct vm_config config = { 0 };
	struct problems problems = { 0 };
	struct host_facts facts;
	struct vm_spec spec;
	struct plan plan;

	vm_config_init(&config, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_IMAGE, setting == SET_IMAGE ? "disk.img" : "boot.iso");
	vm_config_set(&config, SET_DISK, setting == SET_IMAGE ? NULL : "disk.img");
	vm_config_set(&config, SET_BOOT_MODE, setting == SET_IMAGE ? "auto" : "iso");
	vm_config_set(&config, SET_QEMU, "true");
	vm_config_set(&config, SET_NETWORK, "none");
	vm_config_set(&config, SET_ARG, arg);
	vm_spec_read(&config, NULL, &spec, &problems);
	host_gather(&spec, false, &facts, &problems);
	for (size_t i = 0; i < facts.file_count; i++)
		if (!strcmp(facts.files[i].path, "disk.img") || !strcmp(facts.files[i].path, "boot.iso")) {
			facts.files[i].access = *access;
			facts.files[i].access.holder = access->holder ? strdup(access->holder) : NULL;
		}
	plan_build(&spec, &facts, &plan, &problems);
	*text = '\0';
	for (size_t i = 0; i < problems.count; i++)
		if (problems.items[i].severity == PROBLEM_HOST)
			snprintf(text, sizeof(text), "%d: %s", problems.items[i].setting == setting, problems.items[i].text);
	plan_finish(&plan);
	host_facts_finish(&facts);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	problems_finish(&problems);
	return text;
}

static void who_has_an_image_is_said_before_a_start(void **state)
{
	char who[] = "web (qemu-system-x86, pid 812)";
	struct image_access access = { .use = IMAGE_WRITTEN, .holder = who };

	(void)state;
	scratch_put("disk.img", "", 0, 1 << 20);
	scratch_put("boot.iso", "", 0, 1 << 20);
	/* the disk's comes last, behind that of the ISO, which may be read but not while it is written */
	assert_string_equal(problem_with(&access, SET_IMAGE, NULL),
	                    "1: disk.img is in use by web (qemu-system-x86, pid 812), which writes to it");
	assert_string_equal(problem_with(&access, SET_DISK, NULL),
	                    "1: disk.img is in use by web (qemu-system-x86, pid 812), which writes to it");
	access.own = true;
	assert_string_equal(problem_with(&access, SET_IMAGE, NULL), "");
	access.own = false;
	access.use = IMAGE_READ;
	assert_string_equal(problem_with(&access, SET_IMAGE, NULL),
	                    "1: disk.img is in use by web (qemu-system-x86, pid 812), which reads it and does not allow writing");
	assert_string_equal(problem_with(&access, SET_IMAGE, "-snapshot"), "");
	access.holder = NULL;
	access.use = IMAGE_WRITTEN;
	assert_string_equal(problem_with(&access, SET_IMAGE, "-snapshot"),
	                    "1: disk.img is in use by another process or host, which writes to it");
}

static void an_image_that_cannot_be_written_is_said_before_a_start(void **state)
{
	struct image_access access = { .read_only = EACCES };

	(void)state;
	scratch_put("disk.img", "", 0, 1 << 20);
	scratch_put("boot.iso", "", 0, 1 << 20);
	assert_string_equal(problem_with(&access, SET_IMAGE, NULL), "1: disk.img cannot be written: Permission denied");
	assert_string_equal(problem_with(&access, SET_DISK, NULL), "1: disk.img cannot be written: Permission denied");
	assert_string_equal(problem_with(&access, SET_IMAGE, "-snapshot"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lock_of_qemu_says_what_its_holder_does),
		cmocka_unit_test(who_has_an_image_is_said_before_a_start),
		cmocka_unit_test(an_image_that_cannot_be_written_is_said_before_a_start),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
