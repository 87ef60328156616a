/* SPDX-License-Identifier: MIT */
/* Snapshots of a VM that is off, in images of the real qemu-img. */
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
#include <cmocka.h>

#define WEB "[boot]\nimage = @/web.qcow2\n[network]\nmode = none\n[disks]\ndisk = @/data.qcow2,format=qcow2\n" \
	"[state]\ndirectory = @/web-state\n"

static void must(struct home *home, const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	if (result.status)
		fail_msg("%s: %s", argv[0], result.err);
	result_finish(&result);
}
#define sh(home, script) must(home, (const char *const[]){ "/bin/sh", "-c", script, NULL })

static void make_web(struct home *home)
{
	home_need_qemu("qemu-img");
	/* A raw file becomes what the guest sees. */
	sh(home, "printf 'one' > text; truncate -s 65536 text; qemu-img convert -f raw -O qcow2 text web.qcow2; cp web.qcow2 data.qcow2");
	home_profile(home, "web", WEB);
	home_write(home, "vm/web-state/uefi-vars.fd", "first");
}

/* What both guests' disks hold becomes this text; snapshots stay. */
static void write_disks(struct home *home)
{
	sh(home, "for f in web data; do printf 'two' > text; truncate -s 65536 text; "
	         "qemu-img convert -n -f raw -O qcow2 text $f.qcow2; done");
	home_write(home, "vm/web-state/uefi-vars.fd", "second");
}

static void assert_disks_hold(struct home *home, const char *text)
{
	char script[256];

	snprintf(script, sizeof(script), "for f in web data; do qemu-img convert -f qcow2 -O raw $f.qcow2 seen && "
	         "test \"$(head -c 3 seen)\" = %s || exit 1; done", text);
	sh(home, script);
}

static void all_disks_are_taken_and_reverted_together(void **state)
{
	struct home *home = *state;
	char *vars;

	make_web(home);
	expect(home, 0, "snapshot", "web");
	expect(home, 0, "snapshot", "web", "take", "base");
	expect_refused(home, WORDS("there is a snapshot base already"), "snapshot", "web", "take", "base");
	wait_for_output(home, "2 of 2      base", "snapshot", "web", "list");
	write_disks(home);
	assert_disks_hold(home, "two");
	expect_refused(home, WORDS("needs --yes"), "snapshot", "web", "revert", "base");
	assert_disks_hold(home, "two");
	expect(home, 0, "snapshot", "web", "revert", "base", "--yes");
	assert_disks_hold(home, "one");
	vars = home_read(home, "vm/web-state/uefi-vars.fd");
	assert_string_equal(vars, "first");
	free(vars);
	expect_refused(home, WORDS("there is no snapshot other"), "snapshot", "web", "revert", "other", "--yes");
	expect(home, 0, "snapshot", "web", "delete", "base", "--yes");
	assert_false(home_has(home, "vm/web-state/uefi-vars.fd.base"));
	expect_refused(home, WORDS("there is no snapshot base"), "snapshot", "web", "delete", "base", "--yes");
}

static void a_snapshot_of_half_a_machine_is_refused(void **state)
{
	struct home *home = *state;

	make_web(home);
	expect(home, 0, "snapshot", "web", "take", "base");
	sh(home, "qemu-img snapshot -d base data.qcow2");
	wait_for_output(home, "1 of 2      base", "snapshot", "web");
	expect_refused(home, WORDS("only 1 of 2 disks have the snapshot base"), "snapshot", "web", "revert", "base", "--yes");
	expect(home, 0, "snapshot", "web", "delete", "base", "--yes");
	/* One disk fails after the other was done: that one loses it again. */
	sh(home, "mkdir -p ../bin; printf '#!/bin/sh\\ncase \"$*\" in *-c*data.qcow2) echo no room >&2; exit 1;; esac\\nexec /usr/bin/qemu-img \"$@\"\\n' "
	         "> ../bin/qemu-img; chmod +x ../bin/qemu-img");
	expect_refused(home, WORDS("data.qcow2: no room"), "snapshot", "web", "take", "base");
	sh(home, "test -z \"$(/usr/bin/qemu-img snapshot -l web.qcow2)\"");
	assert_false(home_has(home, "vm/web-state/uefi-vars.fd.base"));
}

static void a_raw_disk_and_a_running_machine_are_refused(void **state)
{
	struct home *home = *state;

	make_web(home);
	home_fake_qemu(home, "vm/raw.img");
	expect(home, 0, "start", "web");
	expect_refused(home, WORDS("web is running"), "snapshot", "web", "take", "base");
	expect(home, 0, "kill", "web");
	home_profile(home, "raw", "[boot]\nimage = @/raw.img\n");
	expect_refused(home, WORDS("raw.img is raw, and only qcow2 images hold snapshots"), "snapshot", "raw", "take", "base");
	expect_refused(home, WORDS("'1' is not a tag"), "snapshot", "web", "take", "1");
}

static void a_terminal_is_asked(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	make_web(home);
	expect(home, 0, "snapshot", "web", "take", "base");
	write_disks(home);
	tty = tty_open(home, 24, 100, "snapshot", "web", "revert", "base");
	tty_wait(tty, "What they are now is lost.");
	tty_type(tty, "\r");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
	assert_disks_hold(home, "two");
	tty = tty_open(home, 24, 100, "snapshot", "web", "revert", "base");
	tty_wait(tty, "What they are now is lost.");
	tty_type(tty, "y\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	assert_disks_hold(home, "one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(all_disks_are_taken_and_reverted_together),
		story(a_snapshot_of_half_a_machine_is_refused),
		story(a_raw_disk_and_a_running_machine_are_refused),
		story(a_terminal_is_asked),
	};

	return cmocka_run_group_tests_name("snapshots", tests, NULL, NULL);
}
