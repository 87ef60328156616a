/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/formats.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "fake/scratch.h"

#include <fcntl.h>
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

static const char qcow2[512] = "QFI\xfb\0\0\0\3";

static void assert_kept(const char *path, const char *format)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *kept = formats_of(fd);

	assert_true(fd >= 0);
	if (format)
		assert_string_equal(kept, format);
	else
		assert_null(kept);
	free(kept);
	close(fd);
}

/* As a guest does: into the file that is there. */
static void write_header(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_int_equal(write(fd, qcow2, sizeof(qcow2)), sizeof(qcow2));
	close(fd);
}

static void a_format_is_kept_whatever_is_written_to_the_file(void **state)
{
	struct error err;

	(void)state;
	scratch_home();
	scratch_put("raw.img", "x", 1, 1 << 20);
	assert_kept("raw.img", NULL);
	assert_true(formats_keep("raw.img", "raw", false, &err));
	write_header("raw.img");
	assert_kept("raw.img", "raw");
	assert_false(formats_keep("raw.img", "qcow2", false, &err));
	assert_string_equal(err.text, "raw.img is qcow2 now, but was raw when it was first used");
	assert_true(formats_keep("raw.img", "raw", false, &err));
	assert_true(formats_keep("raw.img", "qcow2", true, &err));
	assert_kept("raw.img", "qcow2");
}

static void a_file_is_known_by_any_name(void **state)
{
	struct error err;

	(void)state;
	scratch_home();
	scratch_put("one.img", "x", 1, 4096);
	scratch_put("two.img", "x", 1, 4096);
	assert_true(formats_keep("one.img", "raw", false, &err));
	assert_true(formats_keep("two.img", "qcow2", false, &err));
	assert_int_equal(symlink("one.img", "by-link"), 0);
	assert_int_equal(link("one.img", "by-name"), 0);
	assert_int_equal(rename("one.img", "moved.img"), 0);
	assert_int_equal(rename("two.img", "one.img"), 0);
	assert_kept("by-name", "raw");
	assert_kept("moved.img", "raw");
	assert_kept("one.img", "qcow2");
	unlink("by-link");
	assert_int_equal(symlink("moved.img", "by-link"), 0);
	assert_kept("by-link", "raw");
}

static void starts_at_once_lose_no_record(void **state)
{
	enum { FILES = 8 };
	char name[FILES][16];
	struct error err;

	(void)state;
	scratch_home();
	for (int i = 0; i < FILES; i++) {
		snprintf(name[i], sizeof(name[i]), "many%d.img", i);
		scratch_put(name[i], "x", 1, 4096);
	}
	for (int i = 0; i < FILES; i++)
		if (fork() == 0)
			_exit(formats_keep(name[i], i % 2 ? "raw" : "qcow2", false, &err) ? 0 : 1);
	for (int i = 0, status; i < FILES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (int i = 0; i < FILES; i++)
		assert_kept(name[i], i % 2 ? "raw" : "qcow2");
}

static void a_record_that_cannot_be_trusted_stops_a_start(void **state)
{
	char *record, *dir;
	struct error err;

	(void)state;
	scratch_home();
	record = formats_file();
	dir = path_parent(record);
	scratch_put("new.img", "x", 1, 4096);
	scratch_put("elsewhere", "", 0, 0);
	unlink(record);
	assert_int_equal(symlink("/dev/null", record), 0);
	assert_false(formats_keep("new.img", "raw", false, &err));
	unlink(record);
	assert_int_equal(mkfifo(record, 0600), 0);
	assert_false(formats_keep("new.img", "raw", false, &err));
	unlink(record);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_false(formats_keep("new.img", "raw", false, &err));
	assert_non_null(strstr(err.text, "other users can write"));
	assert_int_equal(chmod(dir, 0700), 0);
	assert_true(formats_keep("new.img", "raw", false, &err));
	free(dir);
	free(record);
}

/* The argument with the drive of the profile's image or disk, or the first problem. */
static void plan_profile(bool force_raw, char *out, size_t size)
{
	struct vm_config config;
	struct problems problems = { 0 };
	struct plan plan;
	char *image = path_full("image.raw"), *state = path_full("web-state");

	vm_config_init(&config, CONFIG_PROFILE);
	config.name = mem_strdup("web");
	vm_config_set(&config, SET_IMAGE, image);
	vm_config_set(&config, SET_STATE, state);
	vm_config_set(&config, SET_QEMU, "/bin/true");
	vm_config_set(&config, SET_NETWORK, "none");
	vm_config_set(&config, SET_FORCE_RAW, force_raw ? "yes" : NULL);
	snprintf(out, size, "%s", plan_make(&config, false, &plan, &problems) ? "" : problems.count ? problems.items[0].text : "?");
	for (size_t i = 0; i < plan.arg_count && !*out; i++)
		if (strstr(plan.args[i].text, "image.raw,"))
			snprintf(out, size, "%s", strstr(plan.args[i].text, "image.raw,"));
	free(image);
	free(state);
	plan_finish(&plan);
	problems_finish(&problems);
	vm_config_finish(&config);
}

/* The state directory is not there, as after it was removed. */
static void a_profile_never_takes_the_header_that_a_guest_wrote(void **state)
{
	char drive[256];
	struct error err;

	(void)state;
	scratch_home();
	scratch_put("image.raw", "x", 1, 1 << 20);
	plan_profile(false, drive, sizeof(drive));
	assert_string_equal(drive, "image.raw,format=raw,discard=unmap,detect-zeroes=unmap,index=0,media=disk");
	assert_true(formats_keep("image.raw", "raw", false, &err));
	write_header("image.raw");
	plan_profile(false, drive, sizeof(drive));
	assert_non_null(strstr(drive, "image.raw was raw when it was first used and now looks like qcow2"));
}

static void what_is_not_a_disk_is_one_only_by_force(void **state)
{
	static const char text[] = "guest_os=\"linux\"\n";
	char drive[512];
	struct error err;

	(void)state;
	scratch_home();
	unlink("image.raw");
	scratch_put("image.raw", text, sizeof(text) - 1, 0);
	plan_profile(false, drive, sizeof(drive));
	assert_non_null(strstr(drive, "image.raw is a text file, not a disk ("));
	assert_non_null(strstr(drive, "; to use it as a raw disk anyway, set force_raw = yes"));
	plan_profile(true, drive, sizeof(drive));
	assert_string_equal(drive, "image.raw,format=raw,discard=unmap,detect-zeroes=unmap,index=0,media=disk");
	/* By then it is the guest's. */
	assert_true(formats_keep("image.raw", "raw", false, &err));
	plan_profile(false, drive, sizeof(drive));
	assert_string_equal(drive, "image.raw,format=raw,discard=unmap,detect-zeroes=unmap,index=0,media=disk");
	write_header("image.raw");
	plan_profile(true, drive, sizeof(drive));
	assert_non_null(strstr(drive, "now looks like qcow2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_format_is_kept_whatever_is_written_to_the_file),
		cmocka_unit_test(a_file_is_known_by_any_name),
		cmocka_unit_test(starts_at_once_lose_no_record),
		cmocka_unit_test(a_record_that_cannot_be_trusted_stops_a_start),
		cmocka_unit_test(a_profile_never_takes_the_header_that_a_guest_wrote),
		cmocka_unit_test(what_is_not_a_disk_is_one_only_by_force),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
