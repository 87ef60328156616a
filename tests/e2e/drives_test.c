/* SPDX-License-Identifier: MIT */
/* Disks and CDs that come and go while a machine runs. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define WEB "# mine\n[vm]\nmemory = 64\naccel = tcg\n[boot]\nimage = @/guest.img\n"

/* What is printed contains each of the words. */
static void expect_words(struct home *home, const char *const words[], const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	for (size_t i = 0; words[i]; i++)
		if (result.status != 0 || !strstr(result.out, words[i]))
			fail_msg("no '%s' in (%d) %s%s", words[i], result.status, result.out, result.err);
	result_finish(&result);
}
#define expect_list(home, words, ...) expect_words(home, words, (const char *const[]){ "paddock", __VA_ARGS__, NULL })

static void put_image(struct home *home, const char *relative)
{
	home_write(home, relative, HOME_DISK);
	assert_int_equal(truncate(home_path(home, relative), 1 << 20), 0);
}

static void a_cd_comes_and_goes(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/guest.img");
	put_image(home, "vm/one.iso");
	put_image(home, "vm/two.iso");
	home_profile(home, "web", WEB);
	expect_refused(home, WORDS("web is not running"), "cd", "web");
	expect_refused(home, WORDS("web is not running"), "cd", "web", "insert", "one.iso");
	expect_refused(home, WORDS("web does not boot an ISO"), "cd", "web", "insert", "--save", "one.iso");
	expect(home, 2, "cd", "web", "one.iso");
	expect(home, 2, "cd", "web", "insert", "");
	expect(home, 0, "start", "web");
	expect_list(home, WORDS("closed  no      empty"), "cd", "web");
	expect_refused(home, WORDS("no CD in the drive"), "cd", "web", "eject");
	expect_refused(home, WORDS("none.iso: No such file"), "cd", "web", "insert", "none.iso");
	expect_refused(home, WORDS("in use by web", "writes to it"), "cd", "web", "insert", "guest.img");
	expect(home, 0, "cd", "web", "insert", "one.iso");
	expect_list(home, WORDS("closed  no      inserted  ", "/vm/one.iso"), "cd", "web");
	expect(home, 0, "cd", "web", "insert", "two.iso");
	expect_list(home, WORDS("/vm/two.iso"), "cd", "web");
	expect_refused(home, WORDS("cannot do without what it boots"), "cd", "web", "eject", "--save");
	expect(home, 0, "cd", "web", "eject");
	expect_list(home, WORDS("open    no      empty"), "cd", "web");
	expect(home, 0, "stop", "--force", "web");
}

static void another_iso_is_kept_by_a_profile_that_boots_one(void **state)
{
	struct home *home = *state;
	char *ini;

	home_fake_qemu(home, "vm/one.iso");
	put_image(home, "vm/two.iso");
	put_image(home, "vm/disk.img");
	home_profile(home, "web", "# mine\n[boot]\nimage = @/one.iso ; this one\n");
	expect_refused(home, WORDS("disk.img would not boot as an ISO"), "cd", "web", "insert", "--save", "disk.img");
	expect(home, 0, "cd", "web", "insert", "--save", "two.iso");
	ini = home_read(home, "config/paddock/vms/web.ini");
	assert_non_null(strstr(ini, "# mine\n"));
	assert_non_null(strstr(ini, "/two.iso"));
	assert_null(strstr(ini, "/one.iso"));
	free(ini);
}

#define DEMO "# mine\n[vm]\nmemory = 192\naccel = tcg\n[boot]\nimage = @/demo\n"

static void shell(struct tty *tty, const char *line, const char *answer)
{
	tty_type(tty, line);
	tty_type(tty, "\r");
	tty_wait(tty, answer);
}

static void a_guest_sees_a_disk_come_grow_and_go(void **state)
{
	struct home *home = *state;
	char *ini;

	home_demo_guest(home);
	home_profile(home, "demo", DEMO);
	expect(home, 0, "start", "demo");
	struct tty *tty = tty_open(home, 24, 80, "attach", "demo");
	tty_wait(tty, "/ #");
	expect_list(home, WORDS(""), "disk", "demo");
	expect_refused(home, WORDS("IDE takes no disks"), "disk", "demo", "add", "size=8M,bus=ide");
	expect(home, 0, "disk", "demo", "add", "data.img,size=8M,format=raw", "--save");
	assert_true(home_has(home, "vm/data.img"));
	shell(tty, "until [ -b /dev/vda ]; do usleep 100000; done; echo si''ze $(cat /sys/block/vda/size)", "size 16384");
	expect_list(home, WORDS("1       raw ", " 8M ", "/vm/data.img"), "disk", "demo");
	expect_refused(home, WORDS("data.img", "same file as disk 1"), "disk", "demo", "add", "data.img");
	expect_refused(home, WORDS("it has 8 MiB, and 4 MiB are less"), "disk", "demo", "grow", "1", "4M");
	expect(home, 0, "disk", "demo", "grow", "data.img", "16M", "--save");
	shell(tty, "until [ $(cat /sys/block/vda/size) = 32768 ]; do usleep 100000; done; echo gro''wn", "grown");
	expect(home, 0, "disk", "demo", "remove", "1");
	shell(tty, "until [ ! -b /dev/vda ]; do usleep 100000; done; echo go''ne", "gone");
	assert_true(home_has(home, "vm/data.img"));
	expect_refused(home, WORDS("is not a disk of this VM"), "disk", "demo", "remove", "data.img");
	expect_refused(home, WORDS("that start with a disk on bus=scsi"), "disk", "demo", "add", "new.img,size=1M,bus=scsi");
	assert_false(home_has(home, "vm/new.img"));
	expect(home, 0, "stop", "--force", "demo");
	tty_close(tty);
	ini = home_read(home, "config/paddock/vms/demo.ini");
	assert_non_null(strstr(ini, "# mine\n"));
	assert_non_null(strstr(ini, "/data.img,size=16M,format=raw,bus=virtio"));
	free(ini);
	expect(home, 0, "disk", "demo", "grow", "1", "32M", "--save");
	expect_list(home, WORDS("raw ", " 32M "), "disk", "demo");
	expect(home, 0, "disk", "demo", "remove", "1", "--save");
	ini = home_read(home, "config/paddock/vms/demo.ini");
	assert_null(strstr(ini, "data.img"));
	free(ini);
}

static void a_mounted_cd_stays_unless_forced(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	put_image(home, "vm/two.iso");
	home_profile(home, "demo", DEMO "[devices]\ndevice = virtio-scsi-pci\ndevice = scsi-cd\n");
	expect(home, 0, "start", "demo");
	struct tty *tty = tty_open(home, 24, 80, "attach", "demo");
	tty_wait(tty, "/ #");
	expect(home, 0, "cd", "demo", "insert", "two.iso");
	shell(tty, "until [ -b /dev/sr0 ]; do usleep 100000; done; exec 3</dev/sr0; echo op''en", "open");
	expect_list(home, WORDS("closed  yes     inserted"), "cd", "demo");
	expect_refused(home, WORDS("is locked", "unmount it in the guest", "--force"), "cd", "demo", "eject");
	expect(home, 0, "cd", "demo", "eject", "--force");
	expect_list(home, WORDS("open    no      empty"), "cd", "demo");
	/* A SCSI bus gives up a disk at once. */
	expect(home, 0, "disk", "demo", "add", "size=1M,bus=scsi");
	shell(tty, "until [ -b /dev/sda ]; do usleep 100000; done; echo sc''si", "scsi");
	expect(home, 0, "disk", "demo", "remove", "disk.img");
	expect(home, 0, "stop", "--force", "demo");
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_cd_comes_and_goes),
		story(a_guest_sees_a_disk_come_grow_and_go),
		story(a_mounted_cd_stays_unless_forced),
		story(another_iso_is_kept_by_a_profile_that_boots_one),
	};

	return cmocka_run_group_tests_name("disks and CDs of a running machine", tests, NULL, NULL);
}
