/* SPDX-License-Identifier: MIT */
/* A Linux of another architecture, emulated: Debian's kernel and busybox of that, laid out as the demo guest. */
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static bool up_or_panicked(struct tty *tty, const void *unused)
{
	(void)unused;
	return tty_shows(tty, "A small guest") || tty_shows(tty, "the guest has panicked");
}

/*
 * Booted to its shell. QEMU 7.2 rarely, and differently each time, breaks an emulated s390x kernel while it boots (a
 * program check at 0, a corrupt stack): that is no fault of ours, and another boot is the answer, as a person's is.
 */
static struct tty *boot(struct home *home, const char *arch)
{
	for (int boots = 1;; boots++) {
		struct tty *tty = tty_open(home, 24, 80, "run", "--arch", arch, "--accel", "tcg", "--mem", "256",
		                           "--disk", "size=64M", "--disk", "size=32M,bus=scsi",
		                           "--data", "hello from the host", "demo");

		tty_wait_for(tty, up_or_panicked, NULL, "A small guest");
		if (tty_shows(tty, "A small guest") || boots == 3) {
			tty_wait(tty, "/ #");
			return tty;
		}
		print_message("the emulated kernel panicked; once more\n");
		tty_wait_end(tty);
		tty_close(tty);
	}
}

static void boot_and_look(struct home *home, const char *arch)
{
	char wanted[64];

	home_foreign_guest(home, arch);
	snprintf(wanted, sizeof(wanted), "this is %s", arch);

	struct tty *tty = boot(home, arch);

	tty_type(tty, "echo this is $(uname -m)\r");
	tty_wait(tty, wanted);
	tty_type(tty, "cat /sys/block/vda/size /sys/block/sda/size\r");
	tty_wait(tty, "131072");
	tty_wait(tty, "65536");
	/* D22: the metadata is a CD here too. */
	tty_type(tty, "mount -t iso9660 /dev/sr0 /mnt && cat /mnt/config; echo\r");
	tty_wait(tty, "hello from the host");
	tty_type(tty, "poweroff\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void an_aarch64_linux_boots_to_its_shell_and_finds_its_disks(void **state)
{
	boot_and_look(*state, "aarch64");
}

/* No PCI by default, no IDE, and the other byte order. */
static void an_s390x_linux_boots_to_its_shell_and_finds_its_disks(void **state)
{
	boot_and_look(*state, "s390x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_aarch64_linux_boots_to_its_shell_and_finds_its_disks),
		story(an_s390x_linux_boots_to_its_shell_and_finds_its_disks),
	};

	return cmocka_run_group_tests_name("foreign", tests, NULL, NULL);
}
