/* SPDX-License-Identifier: MIT */
/* Disks on the buses that a Linux guest has drivers for, made by the start and found by it again. */
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_guest_finds_its_disks_on_every_bus_and_again),
	};

	return cmocka_run_group_tests_name("disks", tests, NULL, NULL);
}
