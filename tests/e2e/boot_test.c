/* SPDX-License-Identifier: MIT */
/* What boots, and when: CDs with real firmware. */
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
#include <cmocka.h>

#define TINY 2048

/* An installer of sorts: the tiny guest on a CD. */
static void put_cd(struct home *home, const char *relative, unsigned char platform)
{
	unsigned char guest[TINY];
	FILE *file;

	home_tiny_guest(home, "vm/tiny.img");
	file = fopen(home_path(home, "vm/tiny.img"), "rb");
	assert_non_null(file);
	assert_int_equal(fread(guest, 1, TINY, file), TINY);
	fclose(file);
	boot_iso_write(home_path(home, relative), &platform, 1, guest, TINY);
}

static void an_installer_boots_once_and_then_the_disk(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	put_cd(home, "vm/tiny.iso", BOOT_ISO_BIOS);
	tty = tty_open(home, 24, 80, "run", "--mem", "64", "--disk", "tiny.img,format=raw", "tiny.iso");
	tty_wait_bytes(tty, "tiny guest from a CD\r\n");
	tty_wait_bytes(tty, "tiny> ");
	tty_type(tty, "r\r");
	tty_wait_bytes(tty, "tiny guest\r\n");
	tty_wait_bytes(tty, "tiny> ");
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void the_next_start_is_for_the_installer_again(void **state)
{
	struct home *home = *state;

	put_cd(home, "vm/tiny.iso", BOOT_ISO_BIOS);
	for (unsigned i = 0; i < 2; i++) {
		struct tty *tty = tty_open(home, 24, 80, "run", "--mem", "64", "--disk", "tiny.img,format=raw", "tiny.iso");

		tty_wait_bytes(tty, "tiny guest from a CD\r\n");
		tty_wait_bytes(tty, "tiny> ");
		tty_type(tty, "p\r");
		assert_int_equal(tty_wait_end(tty), 0);
		tty_close(tty);
	}
}

/* The empty disk has IDE's first port, which firmware would try before anything else. */
static void a_disk_boots_from_the_bus_that_was_chosen(void **state)
{
	static const char *const buses[] = { "ide", "virtio", "scsi", "nvme" };
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	for (size_t i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		struct tty *tty = tty_open(home, 24, 80, "run", "--mem", "64", "--boot-bus", buses[i], "--disk", "size=1M", "tiny.img");

		tty_wait_bytes(tty, "tiny guest\r\n");
		tty_wait_bytes(tty, "tiny> ");
		tty_type(tty, "p\r");
		assert_int_equal(tty_wait_end(tty), 0);
		tty_close(tty);
	}
}

static void an_iso_for_uefi_only_is_refused_with_the_option_it_needs(void **state)
{
	struct home *home = *state;

	put_cd(home, "vm/efi.iso", BOOT_ISO_EFI);
	expect_refused(home, WORDS("efi.iso boots with UEFI only", "--uefi"), "run", "efi.iso");
	assert_false(home_has(home, "vm/efi-state"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_installer_boots_once_and_then_the_disk),
		story(the_next_start_is_for_the_installer_again),
		story(a_disk_boots_from_the_bus_that_was_chosen),
		story(an_iso_for_uefi_only_is_refused_with_the_option_it_needs),
	};

	return cmocka_run_group_tests_name("boot", tests, NULL, NULL);
}
