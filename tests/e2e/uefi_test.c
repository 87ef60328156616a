/* SPDX-License-Identifier: MIT */
/* UEFI with real firmware: OVMF's shell is the guest, and writes variables as an operating system would. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"
#include "fake/boot_iso.h"

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

/* Boot entries (UEFI 2.10, 3.1.3): active, a path of four bytes that ends at once, and a name of one letter. */
#define SPLIT "010000000400530000007fff0400"
#define SPLIT_SHOWN "01 00 00 00 04 00 53 00 00 00 7F FF 04 00"
#define COMBINED "010000000400430000007fff0400"
#define COMBINED_SHOWN "01 00 00 00 04 00 43 00 00 00 7F FF 04 00"

static uint64_t checksum(const char *path)
{
	uint64_t sum = 14695981039346656037U;	/* FNV-1a */
	FILE *file = fopen(path, "rb");
	int c;

	assert_non_null(file);
	while ((c = getc(file)) != EOF)
		sum = (sum ^ (unsigned)c) * 1099511628211U;
	fclose(file);
	return sum;
}

static struct tty *shell(struct home *home, const char *image, const char *option, const char *value)
{
	const char *argv[] = { "paddock", "run", "--uefi", "--mem", "256", "--networking", "none", image, option, value, NULL };

	return tty_start(home, 30, 100, argv);
}

static void wait_for_prompt(struct tty *tty)
{
	tty_wait(tty, "startup.nsh");
	tty_type(tty, "\r");
	tty_wait(tty, "Shell>");
}

static void make_entry(struct tty *tty, const char *bytes)
{
	char command[128];

	snprintf(command, sizeof(command), "setvar Boot0077 -nv -bs -rt =H%s\r", bytes);
	tty_type(tty, command);
}

static void expect_entry(struct tty *tty, const char *bytes)
{
	tty_type(tty, "setvar Boot0077\r");
	tty_wait(tty, bytes);
}

static void power_off(struct tty *tty)
{
	tty_type(tty, "reset -s\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void put_disk(struct home *home, const char *relative)
{
	home_write(home, relative, "");
	assert_int_equal(truncate(home_path(home, relative), 1 << 20), 0);
}

static off_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void boot_entries_stay_with_their_vm_and_nobody_needs_root(void **state)
{
	static const char *const system[] = { OVMF_CODE, OVMF_VARS, OVMF_COMBINED };
	struct home *home = *state;
	uint64_t before[3];
	struct tty *split, *combined;

	home_need_ovmf();
	put_disk(home, "vm/split.img");
	put_disk(home, "vm/combined.img");
	home_without_root(home);
	for (size_t i = 0; i < 3; i++)
		before[i] = checksum(system[i]);

	split = shell(home, "split.img", NULL, NULL);
	combined = shell(home, "combined.img", "--fw", OVMF_COMBINED);
	wait_for_prompt(split);
	wait_for_prompt(combined);
	make_entry(split, SPLIT);
	make_entry(combined, COMBINED);
	expect_refused(home, WORDS("split.img", "stop it first"), "reset-uefi", "split.img");
	expect_entry(split, SPLIT_SHOWN);
	expect_entry(combined, COMBINED_SHOWN);
	power_off(split);
	power_off(combined);

	split = shell(home, "split.img", NULL, NULL);
	combined = shell(home, "combined.img", "--fw", OVMF_COMBINED);
	wait_for_prompt(split);
	wait_for_prompt(combined);
	expect_entry(split, SPLIT_SHOWN);
	expect_entry(combined, COMBINED_SHOWN);
	power_off(split);
	power_off(combined);

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(checksum(system[i]), before[i]);
	assert_int_equal(size_of(home_path(home, "vm/split.img-state/uefi-vars.fd")), size_of(OVMF_VARS));
	assert_int_equal(size_of(home_path(home, "vm/combined.img-state/uefi.fd")), size_of(OVMF_COMBINED));
	expect(home, 0, "reset-uefi", "split.img");
	assert_false(home_has(home, "vm/split.img-state/uefi-vars.fd"));
}

static void a_machine_of_aarch64_keeps_its_boot_entries_too(void **state)
{
	struct home *home = *state;
	uint64_t before;
	struct tty *tty;

	home_need_aavmf();
	put_disk(home, "vm/arm.img");
	home_without_root(home);
	before = checksum(AAVMF_VARS);
	tty = shell(home, "arm.img", "--arch", "aarch64");
	wait_for_prompt(tty);
	make_entry(tty, SPLIT);
	expect_entry(tty, SPLIT_SHOWN);
	power_off(tty);
	tty = shell(home, "arm.img", "--arch", "aarch64");
	wait_for_prompt(tty);
	expect_entry(tty, SPLIT_SHOWN);
	power_off(tty);
	assert_int_equal(checksum(AAVMF_VARS), before);
}

/* The CD has nothing that UEFI could start, but UEFI it is that says so. */
static void the_screen_asks_and_starts_an_iso_with_uefi(void **state)
{
	static const unsigned char efi = BOOT_ISO_EFI;
	struct home *home = *state;
	struct tty *tty;

	home_need_ovmf();
	boot_iso_write(home_path(home, "vm/only.iso"), &efi, 1, "", 0);
	tty = tty_start(home, 30, 100, (const char *const[]){ "paddock", NULL });
	tty_wait(tty, "only.iso");
	tty_type(tty, "/only\rs");
	tty_wait(tty, "only.iso boots with UEFI only");
	tty_type(tty, "y");
	tty_wait(tty, "running");
	tty_type(tty, "\r");
	tty_wait(tty, "UEFI QEMU DVD-ROM");
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(boot_entries_stay_with_their_vm_and_nobody_needs_root),
		story(a_machine_of_aarch64_keeps_its_boot_entries_too),
		story(the_screen_asks_and_starts_an_iso_with_uefi),
	};

	return cmocka_run_group_tests_name("uefi", tests, NULL, NULL);
}
