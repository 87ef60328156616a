/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/qemu/plan/iso.h"
#include "fake/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SECTOR 2048
#define DESCRIPTOR (16 * SECTOR)	/* primary volume descriptor, ECMA-119 8.4 */

static unsigned char *read_image(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	struct stat st;
	unsigned char *bytes;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &st), 0);
	*len = (size_t)st.st_size;
	bytes = mem_alloc(*len);
	assert_int_equal(fread(bytes, 1, *len, file), *len);
	fclose(file);
	return bytes;
}

static uint32_t number(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The file of the root directory whose Rock Ridge name is NAME; counts all files. */
static const unsigned char *find(const unsigned char *image, const char *name, size_t *len, unsigned *files)
{
	const unsigned char *root = image + DESCRIPTOR + 156;
	const unsigned char *at = image + (size_t)number(root + 2) * SECTOR, *end = at + number(root + 10), *found = NULL;
	char wanted[64];

	/* the NM entry of SUSP: length, version 1, no flags, then the name */
	snprintf(wanted, sizeof(wanted), "NM%c\1%c%s", (int)strlen(name) + 5, 0, name);
	*files = 0;
	for (; at < end && at[0]; at += at[0]) {
		if (at[25] & 2)
			continue;
		++*files;
		if (!memmem(at, at[0], wanted, 4) || !memmem(at, at[0], name, strlen(name)))
			continue;
		*len = number(at + 10);
		found = image + (size_t)number(at + 2) * SECTOR;
	}
	return found;
}

static void check_file(const unsigned char *image, const char *name, const char *bytes, size_t len, unsigned files)
{
	unsigned count;
	size_t there = 0;
	const unsigned char *at = find(image, name, &there, &count);

	assert_non_null(at);
	assert_int_equal(there, len);
	assert_memory_equal(at, bytes, len);
	assert_int_equal(count, files);
}

static void the_image_holds_the_bytes_as_config(void **state)
{
	static const size_t sizes[] = { 1, 3, 2047, 2048, 2049, 100000 };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *bytes = mem_alloc(sizes[i]);
		unsigned char *image;
		size_t len;

		for (size_t k = 0; k < sizes[i]; k++)
			bytes[k] = (char)(k * 7);
		assert_true(iso_write_metadata("data.iso", bytes, sizes[i], NULL, &err));
		image = read_image("data.iso", &len);
		assert_int_equal(len % SECTOR, 0);
		assert_memory_equal(image + DESCRIPTOR, "\1CD001\1", 7);
		assert_memory_equal(image + DESCRIPTOR + 40, "cidata    ", 10);
		assert_int_equal(image[DESCRIPTOR + 881], 1);	/* file structure version: the descriptor is aligned */
		check_file(image, "config", bytes, sizes[i], 1);
		free(image);
		free(bytes);
	}
}

static void cloud_init_finds_its_pair(void **state)
{
	unsigned char *image;
	struct error err;
	size_t len;

	(void)state;
	assert_true(iso_write_metadata("data.iso", "#cloud-config\n", 14, "instance-id: x\n", &err));
	image = read_image("data.iso", &len);
	check_file(image, "config", "#cloud-config\n", 14, 3);
	check_file(image, "user-data", "#cloud-config\n", 14, 3);
	check_file(image, "meta-data", "instance-id: x\n", 15, 3);
	free(image);
}

static void a_shorter_text_leaves_nothing_of_the_longer_one(void **state)
{
	char *secret = mem_alloc(50000);
	unsigned char *image;
	struct stat st;
	struct error err;
	size_t len;

	(void)state;
	memset(secret, 'S', 50000);
	assert_true(iso_write_metadata("data.iso", secret, 50000, NULL, &err));
	assert_int_equal(chmod("data.iso", 0644), 0);
	assert_true(iso_write_metadata("data.iso", "x", 1, NULL, &err));
	image = read_image("data.iso", &len);
	assert_null(memmem(image, len, "SSSSSSSS", 8));
	assert_int_equal(stat("data.iso", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(image);
	free(secret);
}

static void a_place_that_is_not_there_is_named(void **state)
{
	struct error err;

	(void)state;
	assert_false(iso_write_metadata("no/such/data.iso", "x", 1, NULL, &err));
	assert_string_equal(err.text, "no/such/data.iso: No such file or directory");
	assert_int_equal(mkdir("taken", 0700), 0);
	assert_false(iso_write_metadata("taken", "x", 1, NULL, &err));
	assert_int_equal(access("taken", F_OK), 0);
	assert_int_equal(system("ls | grep -q 'taken\\.'") == 0, 0);
}

/* Too few descriptors are left to open the library. In a child, as it stays loaded once it is. */
static void a_library_that_cannot_be_loaded_is_named(void **state)
{
	(void)state;
#ifdef ISOFS_LINKED
	skip();
#endif
	pid_t child = fork();
	int status;

	if (child == 0) {
		int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
		struct rlimit one_more = { .rlim_cur = (rlim_t)next + 1, .rlim_max = (rlim_t)next + 1 };
		struct error err;

		close(next);
		setrlimit(RLIMIT_NOFILE, &one_more);
		bool good = iso_write_metadata("data.iso", "x", 1, NULL, &err);
		bool named = strstr(err.text, "data.iso: cannot load libisofs, which writes metadata; install it (") == err.text;
		_exit(!good && named && access("data.iso", F_OK) < 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_library_that_cannot_be_loaded_is_named),
		cmocka_unit_test(the_image_holds_the_bytes_as_config),
		cmocka_unit_test(cloud_init_finds_its_pair),
		cmocka_unit_test(a_shorter_text_leaves_nothing_of_the_longer_one),
		cmocka_unit_test(a_place_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
