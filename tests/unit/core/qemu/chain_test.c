/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/formats.h"
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
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void put_big(unsigned char *at, uint64_t value, unsigned bytes)
{
	while (bytes-- > 0) {
		at[bytes] = (unsigned char)value;
		value >>= 8;
	}
}

static void save(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static size_t put_extension(unsigned char *at, uint32_t kind, const char *text)
{
	put_big(at, kind, 4);
	put_big(at + 4, strlen(text), 4);
	memcpy(at + 8, text, strlen(text));
	return 8 + ((strlen(text) + 7) & ~(size_t)7);
}

/* Version 3; each of backing, format and data may be NULL. */
static void save_qcow2(const char *path, const char *backing, const char *format, const char *data)
{
	unsigned char image[2048] = "QFI\xfb\0\0\0\3";
	size_t at = 104;

	put_big(image + 20, 16, 4);
	put_big(image + 24, 1 << 20, 8);
	put_big(image + 100, 104, 4);
	if (format)
		at += put_extension(image + at, 0xe2792acaU, format);
	if (data) {
		image[79] |= 4;
		at += put_extension(image + at, 0x44415441U, data);
	}
	if (backing) {
		put_big(image + 8, 1024, 8);
		put_big(image + 16, strlen(backing), 4);
		memcpy(image + 1024, backing, strlen(backing));
	}
	save(path, image, sizeof(image));
}

static const struct file_fact *walk(struct host_facts *facts, const char *path, const char *format)
{
	host_facts_finish(facts);
	probe_file(facts, path, PROBE_CONTENT);
	probe_chain(facts, path, format);
	return host_file(facts, path);
}

static void a_chain_is_followed_as_qemu_does(void **state)
{
	char *dir = scratch_new();
	struct host_facts facts = { 0 };
	const struct file_fact *top;

	(void)state;
	scratch_home();
	mkdir("sub", 0700);
	save_qcow2("a", "sub/b", NULL, "a.data");
	save_qcow2("sub/b", "../c", "raw", NULL);
	save_qcow2("c", "d", NULL, NULL);
	save("a.data", "", 0);

	top = walk(&facts, "a", NULL);
	assert_int_equal(top->chain_count, 3);
	assert_string_equal(top->chain[0].role, "data file");
	assert_string_equal(top->chain[0].format, "raw");
	assert_string_equal(top->chain[1].path, "./sub/b");
	assert_string_equal(top->chain[1].format, "qcow2");
	assert_string_equal(top->chain[2].path, "./sub/../c");
	assert_string_equal(top->chain[2].user, "./sub/b");
	assert_string_equal(top->chain[2].format, "raw");	/* declared: what it holds is not looked at */
	assert_null(top->chain_hash);
	assert_null(top->chain_trouble);

	assert_int_equal(walk(&facts, "a", "raw")->chain_count, 0);
	top = walk(&facts, "c", NULL);
	assert_int_equal(top->chain[0].error, ENOENT);
	host_facts_finish(&facts);
	scratch_free(dir);
}

static void a_loop_ends(void **state)
{
	char *dir = scratch_new();
	struct host_facts facts = { 0 };
	char name[16], next[16];

	(void)state;
	scratch_home();
	save_qcow2("a", "b", "qcow2", NULL);
	save_qcow2("b", "a", NULL, NULL);
	assert_string_equal(walk(&facts, "a", NULL)->chain_trouble, "refers to itself through other images");
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		snprintf(next, sizeof(next), "x%d", i + 1);
		save_qcow2(name, next, NULL, NULL);
	}
	assert_string_equal(walk(&facts, "x0", NULL)->chain_trouble, "refers to too many other images");
	save_qcow2("y", "a", "no such", NULL);
	assert_string_equal(walk(&facts, "y", NULL)->chain_trouble, "declares an unknown format");
	host_facts_finish(&facts);
	scratch_free(dir);
}

static void what_is_outside_is_told(void **state)
{
	static const struct {
		const char *backing;
		bool outside, is_file;
	} cases[] = {
		{ "b", false, true }, { "./sub/b", false, true }, { "../b", true, true }, { "/dev/null", true, true },
		{ "link", true, true }, { "file:b", false, true }, { "file:/dev/null", true, true },
		{ "nbd://host/x", true, false }, { "json:{\"driver\":\"raw\"}", true, false }, { "sub/../../b", true, true },
	};
	char *dir = scratch_new();
	struct host_facts facts = { 0 };

	(void)state;
	scratch_home();
	mkdir("vm", 0700);
	mkdir("vm/sub", 0700);
	save("b", "", 0);
	save("vm/b", "", 0);
	save("vm/sub/b", "", 0);
	assert_int_equal(symlink("../b", "vm/link"), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct file_fact *top;

		save_qcow2("vm/a", cases[i].backing, "raw", NULL);
		top = walk(&facts, "vm/a", NULL);
		assert_int_equal(top->chain_count, 1);
		assert_int_equal(top->chain[0].outside, cases[i].outside);
		assert_int_equal(top->chain[0].is_file, cases[i].is_file);
		assert_int_equal(top->chain_hash != NULL, cases[i].outside);
	}
	host_facts_finish(&facts);
	scratch_free(dir);
}

static void a_vmdk_names_extents_and_a_parent(void **state)
{
	static const char text[] = "# Disk DescriptorFile\nversion=1\nparentCID=1\nparentFileNameHint=\"p.vmdk\"\n"
	                           "RW 63 FLAT \"/etc/passwd\" 0\nRW 63 SPARSE \"s.vmdk\"\nRDONLY 1 FLAT \"no\" 0\n";
	char *dir = scratch_new();
	struct host_facts facts = { 0 };
	const struct file_fact *top;
	unsigned char sparse[2048] = "KDMV\1";

	(void)state;
	scratch_home();
	save("a.vmdk", text, sizeof(text) - 1);
	top = walk(&facts, "a.vmdk", NULL);
	assert_int_equal(top->chain_count, 3);
	assert_string_equal(top->chain[0].path, "/etc/passwd");
	assert_string_equal(top->chain[0].format, "raw");
	assert_string_equal(top->chain[1].role, "extent");
	assert_string_equal(top->chain[2].role, "backing file");

	sparse[12] = 8;
	sparse[28] = 1;
	memcpy(sparse + 512, text, sizeof(text));
	save("b.vmdk", sparse, sizeof(sparse));
	top = walk(&facts, "b.vmdk", NULL);
	assert_int_equal(top->chain_count, 1);
	assert_string_equal(top->chain[0].path, "./p.vmdk");
	host_facts_finish(&facts);
	scratch_free(dir);
}

/* The first problem of a start of image, "" for none; its notes of chains are carried out. */
static const char *start_in_format(const char *image, bool trusting, const char *format)
{
	static char text[1024];
	struct vm_config config = { 0 };
	struct problems problems = { 0 };
	struct host_facts facts;
	struct vm_spec spec;
	struct plan plan;
	struct error err;

	vm_config_init(&config, CONFIG_COMMAND_LINE);
	vm_config_set(&config, SET_IMAGE, image);
	vm_config_set(&config, SET_QEMU, "true");
	vm_config_set(&config, SET_BOOT_FORMAT, format);
	if (trusting)
		vm_config_set(&config, SET_TRUST_BACKING, "yes");
	vm_spec_read(&config, NULL, &spec, &problems);
	host_gather(&spec, true, &facts, &problems);
	plan_build(&spec, &facts, &plan, &problems);
	*text = '\0';
	for (size_t i = problems.count; i-- > 0;)
		if (problems.items[i].severity == PROBLEM_ERROR)
			snprintf(text, sizeof(text), "%s", problems.items[i].text);
	for (size_t i = 0; i < plan.step_count && !*text; i++) {
		const struct plan_step *step = &plan.steps[i];

		if (step->kind == STEP_ACCEPT_CHAIN)
			assert_true(formats_accept(step->path, step->bytes, &err));
		if (step->kind == STEP_KEEP_FORMAT)
			assert_true(formats_keep(step->path, step->bytes, step->mode != 0, &err));
	}
	plan_finish(&plan);
	host_facts_finish(&facts);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	problems_finish(&problems);
	return text;
}

static const char *start(const char *image, bool trusting)
{
	return start_in_format(image, trusting, NULL);
}

static void a_file_outside_needs_one_yes(void **state)
{
	char *dir = scratch_new();

	(void)state;
	scratch_home();
	mkdir("vm", 0700);
	save("base", "x", 1);
	save("other", "x", 1);
	save_qcow2("vm/a", "../base", "raw", NULL);
	assert_non_null(strstr(start("vm/a", false), "run it once with --trust-backing"));
	assert_string_equal(start("vm/a", true), "");
	assert_string_equal(start("vm/a", false), "");
	save_qcow2("vm/a", "../other", "raw", NULL);
	assert_non_null(strstr(start("vm/a", false), "run it once with --trust-backing"));
	/* that another image may read it says nothing about this one */
	save_qcow2("vm/b", "../base", "raw", NULL);
	assert_non_null(strstr(start("vm/b", false), "run it once with --trust-backing"));
	assert_int_equal(unlink("other"), 0);
	assert_non_null(strstr(start("vm/a", true), "No such file"));
	scratch_free(dir);
}

static void a_backing_file_keeps_its_format(void **state)
{
	char *dir = scratch_new();

	(void)state;
	scratch_home();
	save("base", "x", 1);
	save_qcow2("a", "base", NULL, NULL);
	assert_string_equal(start("a", false), "");
	save_qcow2("base", "/etc/passwd", "raw", NULL);	/* the same file, written anew */
	assert_non_null(strstr(start("a", true), "was raw when it was first used"));
	scratch_free(dir);
}

/* QEMU probes the CD of a command line, and a guest can make its disk look like one. */
static void a_disk_that_has_become_an_iso_is_refused(void **state)
{
	char *dir = scratch_new();
	unsigned char disk[40000] = { 1 };

	(void)state;
	scratch_home();
	save("secret", "x", 1);
	save("a", disk, sizeof(disk));
	assert_string_equal(start("a", false), "");
	save_qcow2("a", "secret", "raw", NULL);
	assert_int_equal(truncate("a", sizeof(disk)), 0);
	FILE *file = fopen("a", "r+e");

	assert_non_null(file);
	assert_int_equal(fseek(file, 32768, SEEK_SET), 0);
	fputs("\1CD001\1", file);
	fclose(file);
	assert_non_null(strstr(start("a", true), "a was raw when it was first used and now looks like qcow2"));
	scratch_free(dir);
}

/* Whatever it looks like: what is raw refers to nothing, and what is known stays so. */
static void a_format_that_is_named_counts(void **state)
{
	char *dir = scratch_new();

	(void)state;
	scratch_home();
	save_qcow2("a", "/etc/passwd", "raw", NULL);
	assert_non_null(strstr(start("a", false), "run it once with --trust-backing"));
	assert_string_equal(start_in_format("a", false, "raw"), "");
	assert_non_null(strstr(start("a", true), "a was raw when it was first used"));
	assert_non_null(strstr(start_in_format("a", false, "qcow2"), "run it once with --trust-backing"));
	assert_string_equal(start_in_format("a", true, "qcow2"), "");
	assert_string_equal(start("a", false), "");
	scratch_free(dir);
}

static void a_backing_file_that_another_qemu_writes_is_seen(void **state)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 101, .l_len = 1 };
	char *dir = scratch_new();
	struct host_facts facts = { 0 };
	const struct file_fact *top;
	int fd;

	(void)state;
	scratch_home();
	save("base", "x", 1);
	save_qcow2("a", "base", "raw", NULL);
	fd = open("base", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
	top = walk(&facts, "a", NULL);
	assert_int_equal(top->access.use, IMAGE_UNUSED);
	assert_int_equal(top->chain[0].access.use, IMAGE_WRITTEN);
	assert_non_null(top->chain[0].access.holder);
	close(fd);
	assert_int_equal(walk(&facts, "a", NULL)->chain[0].access.use, IMAGE_UNUSED);
	host_facts_finish(&facts);
	scratch_free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_is_followed_as_qemu_does),
		cmocka_unit_test(a_loop_ends),
		cmocka_unit_test(what_is_outside_is_told),
		cmocka_unit_test(a_vmdk_names_extents_and_a_parent),
		cmocka_unit_test(a_file_outside_needs_one_yes),
		cmocka_unit_test(a_backing_file_keeps_its_format),
		cmocka_unit_test(a_disk_that_has_become_an_iso_is_refused),
		cmocka_unit_test(a_format_that_is_named_counts),
		cmocka_unit_test(a_backing_file_that_another_qemu_writes_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
