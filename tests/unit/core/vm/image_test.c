/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"
#include "core/vm/image.h"

#include <fcntl.h>
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

static void the_state_directory_is_beside_the_image(void **state)
{
	static const char *const rows[][2] = {
		{ "/vm/web.qcow2", "/vm/web.qcow2-state" }, { "lk", "lk-state" }, { "dir.d/boot.iso", "dir.d/boot-state" },
		{ "boot.ISO", "boot.ISO-state" }, { "a.iso/lk", "a.iso/lk-state" }, { "x.iso.img", "x.iso.img-state" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *path = image_state_dir(rows[i][0], false);

		assert_string_equal(path, rows[i][1]);
		free(path);
	}

	char *of_prefix = image_state_dir("lk.iso", true);

	assert_string_equal(of_prefix, "lk.iso-state");
	free(of_prefix);
}

static void a_name_tells_what_it_may_be(void **state)
{
	static const struct {
		const char *name;
		enum boot_mode kind;
		size_t prefix;
	} rows[] = {
		{ "disk.img", BOOT_DISK, 8 }, { "a.raw", BOOT_DISK, 5 }, { "a.qcow2", BOOT_DISK, 7 }, { "a.qcow", BOOT_DISK, 6 },
		{ "a.vmdk", BOOT_DISK, 6 }, { "a.vdi", BOOT_DISK, 5 }, { "a.vhd", BOOT_DISK, 5 }, { "a.VHDX", BOOT_DISK, 6 },
		{ "boot.iso", BOOT_ISO, 8 }, { "boot.ISO", BOOT_ISO, 8 }, { "lk-kernel", BOOT_KERNEL, 2 },
		{ "a-kernel-kernel", BOOT_KERNEL, 8 }, { "-kernel", BOOT_AUTO, 7 }, { "lk-initrd.img", BOOT_AUTO, 13 },
		{ "lk-squashfs.img", BOOT_AUTO, 15 }, { "lk-cmdline", BOOT_AUTO, 10 }, { ".img", BOOT_AUTO, 4 },
		{ "img", BOOT_AUTO, 3 }, { "notes.txt", BOOT_AUTO, 9 }, { "", BOOT_AUTO, 0 }, { "a.img.gz", BOOT_AUTO, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t prefix = 99;

		assert_int_equal(image_kind_of_name(rows[i].name, &prefix), rows[i].kind);
		assert_int_equal(prefix, rows[i].prefix);
	}
}

static int enter_directory(void **state)
{
	char *dir = strdup("/tmp/paddock-image.XXXXXX");

	*state = dir;
	return !mkdtemp(dir) || chdir(dir) != 0;
}

static int leave_directory(void **state)
{
	char *command = NULL;
	int status = asprintf(&command, "rm -rf '%s'", (char *)*state) < 0 || chdir("/") != 0 || system(command) != 0;

	free(command);
	free(*state);
	return status;
}

/* With the mark of ISO 9660 at `at`, unless that is negative. */
static void make_file(const char *name, off_t at)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_true(at < 0 || pwrite(fd, "CD001", 5, at) == 5);
	close(fd);
}

static void a_file_is_a_disk_or_an_iso(void **state)
{
	(void)state;
	make_file("disk.img", -1);
	make_file("named.iso", -1);
	make_file("named.IsO", -1);
	make_file("marked", 32769);
	make_file("beside", 32768);
	assert_int_equal(symlink("marked", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);

	assert_int_equal(image_detect("disk.img"), BOOT_DISK);
	assert_int_equal(image_detect("named.iso"), BOOT_ISO);
	assert_int_equal(image_detect("named.IsO"), BOOT_ISO);
	assert_int_equal(image_detect("marked"), BOOT_ISO);
	assert_int_equal(image_detect("beside"), BOOT_DISK);
	assert_int_equal(image_detect("link"), BOOT_ISO);
	assert_int_equal(image_detect("dangling"), BOOT_AUTO);
	assert_int_equal(image_detect("missing"), BOOT_AUTO);
	assert_int_equal(image_detect("disk.img/x"), BOOT_AUTO);
	assert_int_equal(image_detect(""), BOOT_AUTO);
	/* Not even a device with an endless supply of bytes: it is no block device. */
	assert_int_equal(image_detect("/dev/zero"), BOOT_AUTO);
}

/* D41: in the reference the directory hides the kernel. */
static void a_prefix_is_a_kernel_even_where_a_directory_has_its_name(void **state)
{
	(void)state;
	make_file("lk-kernel", -1);
	assert_int_equal(image_detect("lk"), BOOT_KERNEL);
	assert_int_equal(mkdir("lk", 0700), 0);
	assert_int_equal(image_detect("lk"), BOOT_KERNEL);
	make_file("lk-squashfs.img", -1);
	assert_int_equal(image_detect("lk"), BOOT_SQUASHFS);
	assert_int_equal(unlink("lk-kernel"), 0);
	assert_int_equal(image_detect("lk"), BOOT_AUTO);
	assert_int_equal(mkdir("lk-kernel", 0700), 0);
	assert_int_equal(image_detect("lk"), BOOT_AUTO);
	assert_int_equal(rmdir("lk"), 0);
	make_file("lk", -1);
	assert_int_equal(image_detect("lk"), BOOT_DISK);
}

static void a_pipe_does_not_hold_us_up(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe.iso", 0600), 0);
	assert_int_equal(image_detect("pipe.iso"), BOOT_AUTO);
}

#define story(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_directory_is_beside_the_image),
		cmocka_unit_test(a_name_tells_what_it_may_be),
		story(a_file_is_a_disk_or_an_iso),
		story(a_prefix_is_a_kernel_even_where_a_directory_has_its_name),
		story(a_pipe_does_not_hold_us_up),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
