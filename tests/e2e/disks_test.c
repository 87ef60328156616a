/* SPDX-License-Identifier: MIT */
/* Disks on the buses that a Linux guest has drivers for, made by the start and found by it again. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct tty *boot(struct home *home)
{
	struct tty *tty = tty_open(home, 24, 80, "run", "--mem", "256", "--networking", "none", "--disk", "size=11M,bus=virtio",
	                           "--disk", "size=12288K,bus=nvme", "--disk", "size=13M,bus=scsi,format=raw", "demo");

	tty_wait(tty, "/ #");
	return tty;
}

static void power_off(struct tty *tty)
{
	tty_type(tty, "sync; poweroff -f\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void a_guest_finds_its_disks_on_every_bus_and_again(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	home_demo_guest(home);
	tty = boot(home);
	tty_type(tty, "cd /sys/block; until cat vda/size nvme0n1/size sda/size; do sleep 1; done\r");
	tty_wait(tty, "22528");
	tty_wait(tty, "24576");
	tty_wait(tty, "26624");
	tty_type(tty, "for d in vda nvme0n1 sda; do echo this is $d > /dev/$d; done; echo all are $((40 + 2))\r");
	tty_wait(tty, "all are 42");
	power_off(tty);

	tty = boot(home);
	tty_type(tty, "for d in vda nvme0n1 sda; do until head -n 1 /dev/$d; do sleep 1; done; done\r");
	tty_wait(tty, "this is vda");
	tty_wait(tty, "this is nvme0n1");
	tty_wait(tty, "this is sda");
	power_off(tty);
}

static void a_disk_that_another_machine_has_is_named_with_that_machine(void **state)
{
	struct home *home = *state;
	char holder[128];
	struct result result;

	home_tiny_guest(home, "vm/tiny.img");
	home_write(home, "vm/data.img", HOME_DISK);
	home_profile(home, "web", "[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/web-state\n[network]\nmode = none\n");
	expect(home, 0, "run", "--detached", "--mem", "64", "--networking", "none", "tiny.img");
	snprintf(holder, sizeof(holder), "tiny.img is in use by tiny.img (qemu-system-x86, pid %ld), which writes to it",
	         (long)home_pid(home, "vm/tiny.img-state/qemu.pid"));
	result = cli(home, "check", "web");
	assert_int_equal(result.status, 1);
	assert_non_null(strstr(result.out, holder));
	result_finish(&result);
	expect_refused(home, WORDS(holder), "start", "web");
	/* Itself it is no trouble to itself. */
	result = cli(home, "check", "tiny.img");
	assert_null(strstr(result.out, "in use"));
	result_finish(&result);
	expect(home, 0, "kill", "tiny.img");
	expect(home, 0, "check", "web");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_guest_finds_its_disks_on_every_bus_and_again),
		story(a_disk_that_another_machine_has_is_named_with_that_machine),
	};

	return cmocka_run_group_tests_name("disks", tests, NULL, NULL);
}
