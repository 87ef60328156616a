/* SPDX-License-Identifier: MIT */
#include "core/usage/proc_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Recorded of QEMU 7.2 on Linux 6.1; the name is put in. */
#define STAT_REST " S 3911 3911 3911 34818 3911 4194560 96533 0 12 0 1042 188 0 0 20 0 5 0 1884301 1450287104 73911 " \
	"18446744073709551615 94273517907968 94273526262329 140732338415968 0 0 0 0 4096 1073760871 0 0 0 17 1 0 0 0 0 0 " \
	"94273532194432 94273536102936 94273571422208 140732338421853 140732338422034 140732338422034 140732338425820 0\n"

static void a_process_is_read_whatever_its_name_is(void **state)
{
	static const char *const names[] = {
		"qemu-system-x86", "CPU 0/KVM", "a) R 1 2 3", "((((", "))", " ", "x\n) Z 1 1", "\xff\xfe", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct proc_stat stat;
		char text[1024];

		snprintf(text, sizeof(text), "4242 (%s)%s", names[i], STAT_REST);
		assert_true(proc_stat_parse(text, &stat));
		assert_int_equal(stat.state, 'S');
		assert_int_equal(stat.parent, 3911);
		assert_int_equal(stat.terminal, 34818);
		assert_int_equal(stat.cpu_ticks, 1042 + 188);
		assert_int_equal(stat.born, 1884301);
		assert_int_equal(stat.resident_pages, 73911);
	}
}

/* Whatever is cut off before the last field that is read, is not read at all. */
static void a_part_of_a_text_is_not_a_process(void **state)
{
	static const char text[] = "4242 (qemu)" STAT_REST;
	size_t least = (size_t)(strstr(text, " 73911 ") - text) + strlen(" 73911 ");
	struct proc_stat stat;

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		char *part = strndup(text, len);

		assert_int_equal(proc_stat_parse(part, &stat), len >= least);
		free(part);
	}
	assert_false(proc_stat_parse("4242 (x) S 99999999999999999999 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", &stat));
	assert_false(proc_stat_parse("4242 (x) S 4294967296 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", &stat));
	assert_false(proc_stat_parse("4242 (x) S 1 1 1 1 1 1 1 1 1 1 18446744073709551615 1 1 1 1 1 1 1 1 1 1 1", &stat));
	assert_true(proc_stat_parse("4242 (x) S 1 1 1 1 -1 1 1 1 1 1 1844674407370955161 1 1 1 1 -20 1 1 1 1 1 1\n", &stat));
}

static void a_terminal_has_the_name_of_its_device(void **state)
{
	static const struct { int device; const char *name; } cases[] = {
		{ 34818, "pts/2" }, { 34816, "pts/0" }, { 0x100000 | 136 << 8 | 3, "pts/259" }, { 137 << 8 | 1, "pts/257" },
		{ 4 << 8 | 1, "tty1" }, { 4 << 8 | 65, "ttyS1" }, { 0, "" }, { 5 << 8, "" }, { -1, "" },
	};
	char name[16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		proc_terminal_name(cases[i].device, name);
		assert_string_equal(name, cases[i].name);
	}
}

static void bytes_of_disks_are_not_those_of_pipes(void **state)
{
	static const char text[] = "rchar: 323934931\nwchar: 323929600\nsyscr: 632687\nsyscw: 632675\nread_bytes: 4096\n"
	                           "write_bytes: 323932160\ncancelled_write_bytes: 7\n";
	uint64_t read, written;

	(void)state;
	assert_true(proc_io_parse(text, &read, &written));
	assert_int_equal(read, 4096);
	assert_int_equal(written, 323932160);
	assert_false(proc_io_parse("read_bytes: 4096\nwrite_bytes: 12", &read, &written));
	assert_false(proc_io_parse("read_bytes: -1\nwrite_bytes: 12\n", &read, &written));
	assert_false(proc_io_parse("", &read, &written));
}

static void sizes_are_in_bytes(void **state)
{
	static const char rollup[] = "55d0c5c00000-7fff3d5f1000 ---p 00000000 00:00 0                          [rollup]\n"
	                             "Rss:              297320 kB\nPss:              281904 kB\nPss_Dirty:        270000 kB\n";
	uint64_t bytes;

	(void)state;
	assert_true(proc_size_parse(rollup, "Pss", &bytes));
	assert_int_equal(bytes, 281904 * 1024);
	assert_false(proc_size_parse(rollup, "Swap", &bytes));
	assert_false(proc_size_parse("Pss: 12 MB\n", "Pss", &bytes));
	assert_false(proc_size_parse("Pss: 12", "Pss", &bytes));
	assert_false(proc_size_parse("Pss: 18446744073709551615 kB\n", "Pss", &bytes));
	assert_true(proc_size_parse("MemTotal:       32768000 kB\n", "MemTotal", &bytes));
	assert_int_equal(bytes, 32768000ULL * 1024);
}

static void an_interface_is_a_name_and_never_a_path(void **state)
{
	char name[16];

	(void)state;
	assert_true(proc_tap_parse("pos:\t0\nflags:\t02104002\nmnt_id:\t25\nino:\t121\niff:\ttap0\n", name));
	assert_string_equal(name, "tap0");
	assert_true(proc_tap_parse("iff:\tvm-a.b_15chars\n", name));
	assert_string_equal(name, "vm-a.b_15chars");
	assert_false(proc_tap_parse("iff:\tsixteen-chars-xx\n", name));
	assert_false(proc_tap_parse("iff:\t../../etc\n", name));
	assert_false(proc_tap_parse("iff:\t..\n", name));
	assert_false(proc_tap_parse("iff:\ta b\n", name));
	assert_false(proc_tap_parse("iff:\t\n", name));
	assert_false(proc_tap_parse("iff:\ttap", name));
	assert_false(proc_tap_parse("pos:\t0\nflags:\t02\n", name));
}

static void children_are_read_to_the_end(void **state)
{
	const char *at = "12 345 4194304 ", *cut = "12 34", *odd = "12 x 3 ";

	(void)state;
	assert_int_equal(proc_child_next(&at), 12);
	assert_int_equal(proc_child_next(&at), 345);
	assert_int_equal(proc_child_next(&at), 4194304);
	assert_int_equal(proc_child_next(&at), 0);
	assert_int_equal(proc_child_next(&cut), 12);
	assert_int_equal(proc_child_next(&cut), 0);
	assert_int_equal(proc_child_next(&odd), 12);
	assert_int_equal(proc_child_next(&odd), 0);
}

static void a_guest_is_found_by_its_mac(void **state)
{
	static const char arp[] =
		"IP address       HW type     Flags       HW address            Mask     Device\n"
		"192.168.122.9    0x1         0x0         52:54:00:aa:bb:cc     *        virbr0\n"
		"192.168.122.15   0x1         0x2         52:54:00:AA:bb:cc     *        virbr0\n"
		"192.168.122.16   0x1         0x2         52:54:00:aa:bb:cd     *        virbr0\n"
		"not-an-address   0x1         0x2         52:54:00:aa:bb:ce     *        virbr0\n"
		"192.168.122.17   0x1         0x2         52:54:00:aa:bb";
	char address[16];

	(void)state;
	assert_true(proc_arp_find(arp, "52:54:00:aa:bb:cc", address));
	assert_string_equal(address, "192.168.122.15");
	assert_true(proc_arp_find(arp, "52:54:00:aa:bb:cd", address));
	assert_string_equal(address, "192.168.122.16");
	assert_false(proc_arp_find(arp, "52:54:00:aa:bb:ce", address));
	assert_false(proc_arp_find(arp, "52:54:00:aa:bb:cf", address));
	assert_false(proc_arp_find(arp, "address", address));
	assert_false(proc_arp_find("", "52:54:00:aa:bb:cc", address));
	assert_false(proc_arp_find("\n\n  \n1", "52:54:00:aa:bb:cc", address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_read_whatever_its_name_is),
		cmocka_unit_test(a_part_of_a_text_is_not_a_process),
		cmocka_unit_test(a_terminal_has_the_name_of_its_device),
		cmocka_unit_test(bytes_of_disks_are_not_those_of_pipes),
		cmocka_unit_test(sizes_are_in_bytes),
		cmocka_unit_test(an_interface_is_a_name_and_never_a_path),
		cmocka_unit_test(children_are_read_to_the_end),
		cmocka_unit_test(a_guest_is_found_by_its_mac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
