/* SPDX-License-Identifier: MIT */
/* Why a VM stopped, or does not go on: with a real QEMU, and with the fake one for what a real one does not do on demand. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define LAST_RUN "vm/state/last-run.ini"
#define TINY "[vm]\nmemory = 32\naccel = tcg\n[boot]\nimage = @/tiny.img\n[network]\nmode = none\n[state]\ndirectory = @/state\n"
#define PANIC "[qemu]\narg = -device\narg = pvpanic\n"

static void assert_has(char *text, const char *expected)
{
	if (text == NULL || strstr(text, expected) == NULL)
		fail_msg("no \"%s\" in %s", expected, text != NULL ? text : "(nothing)");
	free(text);
}

/* The console of a VM with the tiny guest, from its profile. */
static struct tty *tiny(struct home *home, const char *more)
{
	char ini[1024];

	home_tiny_guest(home, "vm/tiny.img");
	snprintf(ini, sizeof(ini), "%s%s", TINY, more);
	home_profile(home, "tiny", ini);
	expect(home, 0, "start", "tiny");
	struct tty *tty = tty_open(home, 24, 80, "attach", "tiny");
	tty_wait(tty, "tiny>");
	return tty;
}

/* The list, and the Overview of the only profile. */
static struct tty *overview(struct home *home)
{
	struct tty *tty = tty_open(home, 40, 130, ".");

	tty_wait(tty, "profiles");
	return tty;
}

static void a_panic_is_a_crash_with_its_reason(void **state)
{
	struct home *home = *state;
	struct tty *tty = tiny(home, PANIC);
	struct stat file;

	tty_type(tty, "P\r");
	tty_wait_end(tty);
	tty_close(tty);
	wait_for_output(home, "the guest panicked (not syncing: told to)", "ls");
	wait_for_output(home, "\"phase\": \"crashed\"", "ls", "--json");
	wait_for_output(home, "\"panic\": \"not syncing: told to\"", "ls", "--json");
	/* The console's lines may hold secrets. */
	assert_has(home_read(home, LAST_RUN), "Kernel panic - not syncing: told to");
	assert_int_equal(stat(home_path(home, LAST_RUN), &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);

	struct result json = cli(home, "ls", "--json");
	assert_null(strstr(json.out, "Kernel panic"));
	result_finish(&json);

	tty = overview(home);
	tty_wait(tty, "panicked");
	tty_wait(tty, "Why it stopped");
	tty_wait(tty, "asked by  the guest");
	tty_wait(tty, "Kernel panic - not syncing: told to");
	tty_close(tty);
}

static void a_linux_that_panics_says_why(void **state)
{
	struct home *home = *state;

	home_demo_guest(home);
	home_profile(home, "demo", "[vm]\nmemory = 256\naccel = tcg\n[boot]\nimage = @/demo\n[state]\ndirectory = @/state\n" PANIC);
	expect(home, 0, "start", "demo");
	struct tty *tty = tty_open(home, 24, 80, "attach", "demo");
	tty_wait(tty, "/ #");
	tty_type(tty, "mount -t proc p /proc 2>/dev/null; echo c > /proc/sysrq-trigger\r");
	tty_wait_end(tty);
	tty_close(tty);
	wait_for_output(home, "the guest panicked (not syncing: sysrq triggered crash)", "ls");
}

/* What paddock adds by itself lets a guest that has panicked go on, or hang as this one does. */
static void a_guest_that_hangs_in_its_panic_is_shown_and_remembered(void **state)
{
	struct home *home = *state;
	struct tty *tty = tiny(home, ""), *screen;

	tty_type(tty, "P\r");
	screen = overview(home);
	tty_wait(screen, "the guest has panicked");
	tty_close(screen);
	wait_for_output(home, "the guest has panicked", "ls");
	expect(home, 0, "kill", "tiny");
	tty_wait_end(tty);
	tty_close(tty);
	wait_for_output(home, "killed by you; the guest had panicked (not syncing: told to)", "ls");
}

static bool was_reset_thrice(struct home *home)
{
	struct result list = cli(home, "ls");
	unsigned times = 0;
	const char *found = strstr(list.out, "reset ");

	if (found != NULL)
		sscanf(found, "reset %u times", &times);
	result_finish(&list);
	return times >= 3;
}

static void a_guest_that_resets_itself_again_and_again_is_noticed(void **state)
{
	struct home *home = *state;
	struct tty *tty = tiny(home, "");

	/* Resets of the firmware within a second of the first are not counted, nor are those of so fast a guest. */
	while (!was_reset_thrice(home)) {
		tty_type(tty, "r\r");
		tty_wait_bytes(tty, "SeaBIOS");
		tty_wait_bytes(tty, "tiny>");
	}

	struct tty *screen = overview(home);
	tty_wait(screen, "resets again and again");
	tty_wait(screen, "the guest resets itself again and again");
	tty_type(tty, "p\r");
	tty_wait_end(tty);
	tty_close(tty);
	tty_wait(screen, " by the guest, 0 by QEMU");
	tty_close(screen);
	assert_has(home_read(home, LAST_RUN), "reset-loop = yes");
}

static void a_qemu_that_somebody_kills_has_crashed(void **state)
{
	struct home *home = *state;
	struct tty *tty = tiny(home, "");

	kill(home_pid(home, "vm/state/qemu.pid"), SIGKILL);
	tty_wait_end(tty);
	tty_close(tty);
	wait_for_output(home, "crashed", "ls");
	wait_for_output(home, "ended by signal 9 (Killed)", "ls");

	/* And one that its user kills has not. */
	expect(home, 0, "start", "tiny");
	expect(home, 0, "kill", "tiny");
	wait_for_output(home, "killed by you", "ls");
	wait_for_output(home, "\"asked_by\": \"kill\"", "ls", "--json");
}

/* A small file system that nobody outside of this test sees, and that is gone with its processes. */
static void mount_small(const char *path)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		skip();
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(mount("small", path, "tmpfs", 0, "size=2m"), 0);
}

static void fill(const char *path)
{
	static const char zeroes[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeroes, sizeof(zeroes)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void a_full_disk_pauses_the_guest_until_there_is_room(void **state)
{
	struct home *home = *state;

	mount_small(home_path(home, "vm/small"));

	struct tty *tty = tiny(home, "[disks]\ndisk = @/small/data.qcow2,size=4M,format=qcow2\n");

	fill(home_path(home, "vm/small/rest"));
	tty_type(tty, "w\r");

	struct tty *screen = overview(home);
	tty_wait(screen, "paused: no space left on");
	tty_wait(screen, "(0 of 2 M free)");
	tty_wait(screen, "press R to go on");
	wait_for_output(home, "(0 of 2 M free) for data.qcow2", "ls");
	tty_type(screen, "R");
	tty_wait(screen, "paused again: No space left on device");
	unlink(home_path(home, "vm/small/rest"));
	tty_type(screen, "R");
	tty_wait(tty, "written");
	tty_wait_gone(screen, "press R to go on");
	tty_type(tty, "p\r");
	tty_wait_end(tty);
	tty_close(tty);
	tty_wait(screen, "No space left on device");
	tty_close(screen);
	assert_has(home_read(home, LAST_RUN), "paused =\n");
	umount2(home_path(home, "vm/small"), MNT_DETACH);
}

/* What QEMU says of a guest, up to nonsense. */
static void whatever_qemu_reports_is_told_and_kept(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "odd", "[vm]\naccel = tcg\n[boot]\nimage = @/disk.img\n[state]\ndirectory = @/state\n");
	expect(home, 0, "start", "odd");
	struct tty *tty = tty_open(home, 24, 100, "attach", "odd");
	tty_wait(tty, "fake guest ready");
	tty_type(tty, "!event WATCHDOG {\"action\": \"\\u001b[2J\"}\r");
	tty_type(tty, "!event RESET\r!event GUEST_PANICKED {\"info\": 7}\r!event WATCHDOG []\r");
	tty_type(tty, "!event BLOCK_IO_ERROR {\"action\": \"stop\"}\r!event STOP\r");
	wait_for_output(home, "paused", "ls");
	tty_type(tty, "!die 6\r");
	assert_int_equal(tty_wait_end(tty), 128 + 6);
	tty_close(tty);
	wait_for_output(home, "ended by signal 6 (Aborted); the guest had panicked (for an unknown reason); paused by a disk's error", "ls");
	wait_for_output(home, "\"watchdog\": \"unknown\"", "ls", "--json");
	wait_for_output(home, "\"resets_host\": 1", "ls", "--json");
	tty = overview(home);
	tty_wait(tty, "QEMU      ended by signal 6");
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_panic_is_a_crash_with_its_reason),
		story(a_linux_that_panics_says_why),
		story(a_guest_that_hangs_in_its_panic_is_shown_and_remembered),
		story(a_guest_that_resets_itself_again_and_again_is_noticed),
		story(a_qemu_that_somebody_kills_has_crashed),
		story(whatever_qemu_reports_is_told_and_kept),
		/* Last: it leaves this process in a mount namespace of its own. */
		story(a_full_disk_pauses_the_guest_until_there_is_room),
	};

	return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
