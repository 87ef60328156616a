/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/qemu/host/probe.h"
#include "fake/boot_iso.h"
#include "fake/scratch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void formats_are_told_by_their_first_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		unsigned at;
		const char *format;
	} cases[] = {
		{ "QFI\xfb\0\0\0\3", 8, 0, "qcow2" },
		{ "QFI\xfb\0\0\0\2", 8, 0, "qcow2" },
		{ "QFI\xfb\0\0\0\1", 8, 0, "qcow" },
		{ "KDMV", 4, 0, "vmdk" },
		{ "# Disk DescriptorFile\n", 22, 0, "vmdk" },
		{ "#\n  \n#x\nversion=1\n", 19, 0, "vmdk" },
		{ "#\nversion=3\r\n", 13, 0, "vmdk" },
		{ "#\nversion=4\n", 12, 0, "raw" },
		{ "COWD", 4, 0, "vmdk" },
		{ "WithoutFreeSpace", 16, 0, "parallels" },
		{ "vhdxfile", 8, 0, "vhdx" },
		{ "conectix", 8, 0, "vpc" },
		{ "\x7f\x10\xda\xbe", 4, 64, "vdi" },
		{ "QED", 4, 0, "qed" },
		{ "QFI", 3, 0, "raw" },
		{ "", 0, 0, "raw" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned char head[512] = { 0 };
		uint64_t size = 7;

		memcpy(head + cases[i].at, cases[i].bytes, cases[i].len);
		assert_string_equal(probe_format(head, sizeof(head), &size), cases[i].format);
		/* cut off behind the magic, still told, and nothing is read behind the end */
		assert_string_equal(probe_format(head, cases[i].at + cases[i].len, &size), cases[i].format);
	}
}

static void what_is_no_disk_is_told_by_its_first_bytes(void **state)
{
	unsigned char head[512] = "\x1f\x8b\x08";

	(void)state;
	assert_non_null(strstr(probe_not_disk(head, sizeof(head)), "gzip -dk"));
	head[510] = 0x55;
	head[511] = 0xaa;
	assert_null(probe_not_disk(head, sizeof(head)));
	assert_non_null(strstr(probe_not_disk((const unsigned char *)"#", 1), "text"));
	assert_non_null(strstr(probe_not_disk((const unsigned char *)"#!/bin/sh\n", 10), "script"));
	assert_non_null(strstr(probe_not_disk((const unsigned char *)"\xfd" "7zXZ\0\0", 7), "xz -dk"));
	memset(head, 0, sizeof(head));
	memcpy(head + 257, "ustar", 5);
	assert_non_null(strstr(probe_not_disk(head, sizeof(head)), "OVA"));
	memset(head, 0, sizeof(head));
	assert_null(probe_not_disk(head, sizeof(head)));
	assert_non_null(strstr(probe_not_disk((const unsigned char *)"root:x:0:0:J\xc3\xb6rg:/:\n", 20), "text"));
	assert_null(probe_not_disk((const unsigned char *)"text\n\0", 6));
	assert_non_null(strstr(probe_not_disk((const unsigned char *)"070701000", 9), "initrd.img"));
	memcpy(head, "MZ", 2);
	memcpy(head + 56, "ARM\x64", 4);
	assert_non_null(strstr(probe_not_disk(head, sizeof(head)), "kernel"));
	assert_null(probe_not_disk((const unsigned char *)"", 0));
}

static void a_qcow2_image_has_its_virtual_size(void **state)
{
	struct host_facts facts = { 0 };
	const struct file_fact *file;
	unsigned char head[512] = "QFI\xfb\0\0\0\3";

	(void)state;
	head[27] = 1;		/* big end first at byte 24: 0x1_0000_0000 */
	scratch_put("a.qcow2", head, sizeof(head), 0);
	scratch_put("b.img", "x", 1, 3 << 20);
	scratch_put("c.iso", "", 0, 32769);
	file = probe_file(&facts, "a.qcow2", PROBE_CONTENT);
	assert_string_equal(file->format, "qcow2");
	assert_true(file->size == 1ULL << 32);
	file = probe_file(&facts, "b.img", PROBE_CONTENT);
	assert_string_equal(file->format, "raw");
	assert_int_equal(file->size, 3 << 20);
	assert_false(file->iso9660);
	host_facts_finish(&facts);
}

static void an_iso_is_told_by_its_volume_descriptor(void **state)
{
	struct host_facts facts = { 0 };
	char *bytes = mem_alloc(32774);

	(void)state;
	memcpy(bytes + 32769, "CD001", 5);
	scratch_put("yes", bytes, 32774, 0);
	scratch_put("short", bytes, 32773, 0);
	assert_true(probe_file(&facts, "yes", PROBE_CONTENT)->iso9660);
	assert_false(probe_file(&facts, "short", PROBE_CONTENT)->iso9660);
	free(bytes);
	host_facts_finish(&facts);
}

static void an_iso_says_what_boots_it(void **state)
{
	static const struct { unsigned char platforms[3]; size_t count; bool bios, efi; } cases[] = {
		{ { BOOT_ISO_BIOS }, 1, true, false },
		{ { BOOT_ISO_EFI }, 1, false, true },
		{ { BOOT_ISO_BIOS, BOOT_ISO_EFI }, 2, true, true },
		{ { BOOT_ISO_EFI, BOOT_ISO_BIOS }, 2, true, true },
		{ { BOOT_ISO_EFI, BOOT_ISO_EFI, BOOT_ISO_EFI }, 3, false, true },
		{ { BOOT_ISO_EFI, BOOT_ISO_EFI, BOOT_ISO_BIOS }, 3, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct host_facts facts = { 0 };
		const struct file_fact *file;

		boot_iso_write("boot.iso", cases[i].platforms, cases[i].count, "", 0);
		file = probe_file(&facts, "boot.iso", PROBE_CONTENT);
		assert_true(file->iso9660);
		assert_int_equal(file->boots_bios, cases[i].bios);
		assert_int_equal(file->boots_efi, cases[i].efi);
		host_facts_finish(&facts);
	}
}

/* Each byte of a good catalog in every value: never read outside, and only the bytes that count change what it says. */
static void a_damaged_boot_catalog_is_read_within_bounds(void **state)
{
	static const unsigned char platforms[] = { BOOT_ISO_BIOS, BOOT_ISO_EFI };
	unsigned char *catalog = mem_alloc(PROBE_CATALOG);	/* on its own: a sanitizer sees what is behind */
	FILE *file;

	(void)state;
	boot_iso_write("boot.iso", platforms, 2, "", 0);
	file = fopen("boot.iso", "re");
	assert_int_equal(fseek(file, 19 * PROBE_CATALOG, SEEK_SET), 0);
	assert_int_equal(fread(catalog, 1, PROBE_CATALOG, file), PROBE_CATALOG);
	fclose(file);
	for (unsigned at = 0; at < 160; at++)
		for (unsigned value = 0; value < 256; value++) {
			struct file_fact fact = { 0 };
			unsigned char good = catalog[at];
			bool counts = at == 0 || at == 1 || at == 30 || at == 31 || at == 32 || (at >= 64 && at <= 67) || at == 96;

			catalog[at] = (unsigned char)value;
			probe_catalog(&fact, catalog);
			catalog[at] = good;
			assert_true(counts || (fact.boots_bios && fact.boots_efi));
		}
	memset(catalog, 0x90, PROBE_CATALOG);	/* sections without end */
	catalog[0] = 1;
	catalog[30] = 0x55;
	catalog[31] = 0xaa;
	probe_catalog(&(struct file_fact){ 0 }, catalog);
	memset(catalog + 64, 0x44, PROBE_CATALOG - 64);
	catalog[64] = 0x90;
	probe_catalog(&(struct file_fact){ 0 }, catalog);
	free(catalog);
}

static void firmware_is_told_by_the_store_it_begins_with(void **state)
{
	/* of OVMF.fd, but for a volume of 128 bytes */
	static const unsigned char store[] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
		128, 0, 0, 0, 0, 0, 0, 0, '_', 'F', 'V', 'H',
	};
	struct host_facts facts = { 0 };
	char image[256] = { 0 };

	(void)state;
	memcpy(image, store, sizeof(store));
	scratch_put("vars", image, 128, 4096);
	scratch_put("short", image, sizeof(store) - 1, 0);
	memcpy(image + 128 + 40, "_FVH", 4);
	scratch_put("both", image, 172, 0);
	scratch_put("half", image, 171, 0);
	image[39] = 1;		/* a volume longer than any file */
	scratch_put("long", image, 256, 0);
	image[20]++;
	scratch_put("code", image, 256, 0);
	assert_int_equal(probe_file(&facts, "vars", PROBE_CONTENT)->uefi, UEFI_VARIABLES);
	assert_int_equal(probe_file(&facts, "half", PROBE_CONTENT)->uefi, UEFI_VARIABLES);
	assert_int_equal(probe_file(&facts, "long", PROBE_CONTENT)->uefi, UEFI_VARIABLES);
	assert_int_equal(probe_file(&facts, "both", PROBE_CONTENT)->uefi, UEFI_COMBINED);
	assert_int_equal(probe_file(&facts, "code", PROBE_CONTENT)->uefi, UEFI_OTHER);
	assert_int_equal(probe_file(&facts, "short", PROBE_CONTENT)->uefi, UEFI_OTHER);
	host_facts_finish(&facts);
}

static void a_disk_that_is_being_made_is_not_there_yet(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	scratch_put("made/.paddock-disk.img", "QFI\xfb", 4, 0);
	assert_int_equal(symlink(".paddock-disk.img", "made/disk.img"), 0);
	assert_int_equal(symlink("made/disk.img", "by-link.img"), 0);
	assert_int_equal(symlink("made/.paddock-disk.img", "own-link.img"), 0);
	assert_int_equal(probe_file(&facts, "made/disk.img", PROBE_CONTENT)->kind, FILE_MISSING);
	assert_int_equal(probe_file(&facts, "made/disk.img", PROBE_CONTENT)->error, ENOENT);
	assert_int_equal(probe_file(&facts, "by-link.img", PROBE_CONTENT)->kind, FILE_MISSING);
	/* The user's own, whatever its name. */
	assert_int_equal(probe_file(&facts, "own-link.img", PROBE_CONTENT)->kind, FILE_REGULAR);
	host_facts_finish(&facts);
}

/* A file may be two things to one machine: its kernel and its data, its template and its firmware. */
static void a_file_is_opened_again_for_what_nobody_looked_for(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	scratch_put("twice", "words", 5, 0);
	assert_null(probe_file(&facts, "twice", 0)->text);
	assert_string_equal(probe_file(&facts, "twice", PROBE_TEXT)->text, "words");
	assert_string_equal(probe_file(&facts, "twice", PROBE_CONTENT)->format, "raw");
	assert_string_equal(probe_file(&facts, "twice", PROBE_CONTENT | PROBE_TEXT)->text, "words");
	assert_int_equal(facts.file_count, 1);
	host_facts_finish(&facts);
}

static void what_is_no_file_is_said_with_its_reason(void **state)
{
	struct host_facts facts = { 0 };

	(void)state;
	scratch_put("file", "text\n", 5, 0);
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(probe_file(&facts, "dir", PROBE_CONTENT)->kind, FILE_DIRECTORY);
	assert_int_equal(probe_file(&facts, "pipe", PROBE_TEXT)->kind, FILE_OTHER);
	assert_int_equal(probe_file(&facts, "dangling", 0)->error, ENOENT);
	assert_int_equal(probe_file(&facts, "file/x", 0)->error, ENOTDIR);
	assert_string_equal(probe_file(&facts, "file", PROBE_TEXT)->text, "text\n");
	assert_int_equal(host_file(&facts, "never asked")->error, ENOENT);
	host_facts_finish(&facts);
}

/* "--data-file <(...)" of a shell. */
static void a_pipe_is_read_where_that_is_asked_for(void **state)
{
	struct host_facts facts = { 0 };
	int ends[2];
	char path[32];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a\0b", 3), 3);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	const struct file_fact *file = probe_file(&facts, path, PROBE_TEXT | PROBE_STREAM);
	assert_int_equal(file->kind, FILE_OTHER);
	assert_int_equal(file->error, 0);
	assert_int_equal(file->text_len, 3);
	assert_memory_equal(file->text, "a\0b", 3);
	close(ends[0]);
	/* A form asks without waiting. */
	assert_null(probe_file(&facts, "/dev/null", PROBE_TEXT)->text);
	host_facts_finish(&facts);
}

static void a_processor_virtualises_when_its_flags_say_so(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "processor : 0\nflags\t\t: fpu vmx sse\n", true },
		{ "flags\t\t: fpu svm\n", true },
		{ "flags\t\t: svm_lock fpu\n", false },
		{ "flags\t\t: novmx vmxx\n", false },
		{ "flags\t\t: fpu\nvmx flags : vmx\n", false },
		{ "model name : vmx\nflags : fpu\n", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scratch_put("cpuinfo", cases[i].text, strlen(cases[i].text), 0);
		assert_int_equal(probe_cpu_virtualises("cpuinfo"), cases[i].good);
	}
	assert_false(probe_cpu_virtualises("missing"));
}

static void expect_denied(mode_t mode, gid_t group, const char *wanted)
{
	char *said;

	scratch_put("kvm", "", 0, 0);
	assert_int_equal(chown("kvm", (uid_t)-1, group), 0);
	assert_int_equal(chmod("kvm", mode), 0);
	said = probe_denied("kvm", "group");
	assert_string_equal(said, wanted);
	free(said);
}

static void who_may_not_use_kvm_is_told_of_its_group(void **state)
{
	gid_t gid = geteuid() == 0 ? 36 : getegid();
	char *groups = mem_printf("root:x:0:\nother:x:%u:\nkvm:x:%u:joe\n", gid + 1, gid);

	(void)state;
	scratch_put("group", groups, strlen(groups), 0);
	setenv("LOGNAME", "ann", 1);
	expect_denied(0660, gid, "kvm: Permission denied; as root: usermod -aG kvm ann, then log in again");
	expect_denied(0640, gid, "kvm: Permission denied");
	scratch_put("group", "root:x:0:\n", 10, 0);
	expect_denied(0660, gid, "kvm: Permission denied");
	if (geteuid() == 0)
		expect_denied(0660, 0, "kvm: Permission denied");
	free(groups);
}

static void listeners_are_read_from_the_kernels_tables(void **state)
{
	static const char rest[] = "00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100";
	struct busy_port port;
	unsigned long inode;
	char line[300];

	(void)state;
	snprintf(line, sizeof(line), "   0: %08X:1F90 00000000:0000 0A %s", htonl(INADDR_LOOPBACK), rest);
	assert_true(probe_port_line(line, false, &port, &inode));
	assert_int_equal(port.port, 8080);
	assert_int_equal(inode, 4711);
	assert_string_equal(port.address, "127.0.0.1");
	assert_false(probe_port_line(line, true, &port, &inode));

	snprintf(line, sizeof(line), "   1: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A %s", rest);
	assert_true(probe_port_line(line, false, &port, &inode));
	assert_string_equal(port.address, "0.0.0.0");

	snprintf(line, sizeof(line), "   2: %08X%08X%08X%08X:0016 00000000000000000000000000000000:0000 0A %s",
	         0, 0, htonl(0xffff), htonl(INADDR_LOOPBACK), rest);
	assert_true(probe_port_line(line, false, &port, &inode));
	assert_string_equal(port.address, "127.0.0.1");

	/* "::1" does not stand in the way of an IPv4 address; an open connection is no listener */
	snprintf(line, sizeof(line), "   3: %08X%08X%08X%08X:0016 00000000000000000000000000000000:0000 0A %s",
	         0, 0, 0, htonl(1), rest);
	assert_false(probe_port_line(line, false, &port, &inode));
	snprintf(line, sizeof(line), "   4: 00000000:1F90 00000000:0000 01 %s", rest);
	assert_false(probe_port_line(line, false, &port, &inode));
	assert_false(probe_port_line("  sl  local_address rem_address   st", false, &port, &inode));
}

static void a_taken_port_is_found_with_its_holder(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	struct vm_port wanted[2] = { { .guest = 80 }, { .guest = 80, .udp = true } };
	struct host_facts facts = { 0 };
	char *me = mem_printf("(pid %d)", (int)getpid());
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	wanted[0].host = wanted[1].host = ntohs(address.sin_port);
	probe_ports(&facts, wanted, 2);
	assert_int_equal(facts.busy_count, 1);
	assert_string_equal(facts.busy[0].address, "127.0.0.1");
	assert_non_null(strstr(facts.busy[0].holder, me));
	close(fd);
	free(me);
	host_facts_finish(&facts);
}

/* 192.0.2.0/24 is for documentation (RFC 5737). */
static void an_address_of_no_interface_is_found(void **state)
{
	static const struct vm_port wanted[] = {
		{ .address = "192.0.2.1", .host = 8080, .guest = 80 },
		{ .address = "192.0.2.1", .host = 8081, .guest = 80, .udp = true },
	};
	struct host_facts facts = { 0 };

	(void)state;
	probe_ports(&facts, wanted, 2);
	assert_int_equal(facts.absent.count, 1);
	assert_string_equal(facts.absent.items[0], "192.0.2.1");
	assert_int_equal(facts.busy_count, 0);
	host_facts_finish(&facts);
}

static void a_machine_is_named_by_its_arguments(void **state)
{
#define NAME_OF(text) probe_machine_name(text, sizeof(text) - 1)
	(void)state;
	assert_string_equal(NAME_OF("qemu\0-m\0" "1\0-name\0web\0-mon\0x\0"), "web");
	assert_string_equal(NAME_OF("qemu\0-name\0guest=a=b\0"), "a=b");
	assert_null(NAME_OF("qemu\0-m\0" "1\0"));
	assert_null(NAME_OF("qemu\0-name\0"));
	assert_null(NAME_OF("qemu\0-name"));
	assert_null(probe_machine_name("", 0));
}

static void the_rust_daemon_is_told_by_its_option(void **state)
{
	/* across the borders of what is read at once, too */
	static const long places[] = { 0, 65530, 65535, 65536, 131070 };

	(void)state;
	scratch_put("c", "source=", 7, 200000);
	assert_int_equal(probe_virtiofsd_kind("c"), VIRTIOFSD_C);
	assert_int_equal(probe_virtiofsd_kind("missing"), VIRTIOFSD_NONE);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char *bytes = mem_alloc(200000);

		memcpy(bytes + places[i], "shared-dir", 10);
		scratch_put("rust", bytes, 200000, 0);
		assert_int_equal(probe_virtiofsd_kind("rust"), VIRTIOFSD_RUST);
		memcpy(bytes + 100000, "uid-map", 7);
		scratch_put("rust", bytes, 200000, 0);
		assert_int_equal(probe_virtiofsd_kind("rust"), VIRTIOFSD_RUST_MAPS);
		free(bytes);
	}
}

static void a_program_is_known_by_the_libraries_that_it_needs(void **state)
{
	static const char damaged[] = "\177ELF\2\1\1";
	unsigned char head[4096];
	FILE *self = fopen("/proc/self/exe", "re");

	(void)state;
	assert_non_null(self);
	assert_int_equal(fread(head, 1, sizeof(head), self), sizeof(head));
	fclose(self);
	assert_true(probe_needs_library("/proc/self/exe", "libcmocka.so"));
	assert_false(probe_needs_library("/proc/self/exe", "libseccomp.so"));
	assert_false(probe_needs_library("missing", "libcmocka.so"));
	scratch_put("script", "#!/bin/sh\n# libcmocka.so\n", 25, 0);
	assert_false(probe_needs_library("script", "libcmocka.so"));
	scratch_put("short", damaged, sizeof(damaged), 0);
	assert_false(probe_needs_library("short", "libcmocka.so"));
	/* Every byte of the headers wrong once: an answer, whatever it is. */
	for (size_t i = 0; i < 1024; i++) {
		head[i] ^= 0xff;
		scratch_put("damaged", (const char *)head, sizeof(head), 0);
		assert_false(probe_needs_library("damaged", "libcmocka.so"));
		head[i] ^= 0xff;
	}
}

static void what_a_qemu_can_do_is_read_from_its_constants(void **state)
{
	const char *texts[] = { "the end of a string in this program", "in this program", "of a string in this", NULL };
	char elsewhere[] = "the words that only the stack has";
	bool found[4];

	(void)state;
	for (char *c = elsewhere; *c; c++)
		*c ^= 1;
	texts[3] = elsewhere;
	probe_texts("/proc/self/exe", texts, 4, found);
	assert_true(found[0] && found[1] && !found[3]);
	probe_texts("missing", texts, 4, found);
	assert_false(found[0] || found[1] || found[2] || found[3]);
	scratch_put("script", texts[0], strlen(texts[0]) + 1, 0);
	probe_texts("script", texts, 4, found);
	assert_false(found[0] || found[1]);
	/* This program has the names of the devices, because it searches for them. */
	assert_int_equal(probe_qemu_abilities("/proc/self/exe"), QEMU_ABILITIES);
	assert_int_equal(probe_qemu_abilities("script"), 0);
}

static void the_setting_that_denies_namespaces_is_named(void **state)
{
	char *found;

	(void)state;
	assert_null(probe_no_namespaces("sysctl"));	/* other kernels have neither */
	assert_int_equal(mkdir("sysctl", 0700) | mkdir("sysctl/user", 0700) | mkdir("sysctl/kernel", 0700), 0);
	scratch_put("sysctl/user/max_user_namespaces", "96365\n", 6, 0);
	scratch_put("sysctl/kernel/unprivileged_userns_clone", "1\n", 2, 0);
	assert_null(probe_no_namespaces("sysctl"));
	scratch_put("sysctl/kernel/unprivileged_userns_clone", "0\n", 2, 0);
	found = probe_no_namespaces("sysctl");
	assert_string_equal(found, "kernel/unprivileged_userns_clone");
	free(found);
	scratch_put("sysctl/user/max_user_namespaces", "0\n", 2, 0);
	found = probe_no_namespaces("sysctl");
	assert_string_equal(found, "user/max_user_namespaces");
	free(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_told_by_their_first_bytes),
		cmocka_unit_test(what_is_no_disk_is_told_by_its_first_bytes),
		cmocka_unit_test(a_qcow2_image_has_its_virtual_size),
		cmocka_unit_test(an_iso_is_told_by_its_volume_descriptor),
		cmocka_unit_test(an_iso_says_what_boots_it),
		cmocka_unit_test(a_damaged_boot_catalog_is_read_within_bounds),
		cmocka_unit_test(firmware_is_told_by_the_store_it_begins_with),
		cmocka_unit_test(a_disk_that_is_being_made_is_not_there_yet),
		cmocka_unit_test(a_file_is_opened_again_for_what_nobody_looked_for),
		cmocka_unit_test(what_is_no_file_is_said_with_its_reason),
		cmocka_unit_test(a_pipe_is_read_where_that_is_asked_for),
		cmocka_unit_test(a_processor_virtualises_when_its_flags_say_so),
		cmocka_unit_test(who_may_not_use_kvm_is_told_of_its_group),
		cmocka_unit_test(listeners_are_read_from_the_kernels_tables),
		cmocka_unit_test(a_taken_port_is_found_with_its_holder),
		cmocka_unit_test(an_address_of_no_interface_is_found),
		cmocka_unit_test(a_machine_is_named_by_its_arguments),
		cmocka_unit_test(the_rust_daemon_is_told_by_its_option),
		cmocka_unit_test(a_program_is_known_by_the_libraries_that_it_needs),
		cmocka_unit_test(what_a_qemu_can_do_is_read_from_its_constants),
		cmocka_unit_test(the_setting_that_denies_namespaces_is_named),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
