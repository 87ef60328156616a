/* SPDX-License-Identifier: MIT */
/* Directories that are shared with a guest: real daemons and a Linux guest, and daemons that fail. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define PID "vm/demo-state/qemu.pid"
#define PROFILE "[vm]\nmemory = 256\n[boot]\nimage = @/demo\n[network]\nmode = none\n" \
	"[state]\ndirectory = @/demo-state\n[shares]\n"
#define FAKE_PROFILE "[boot]\nimage = @/disk.img\n[network]\nmode = none\n[state]\ndirectory = @/state\n" \
	"[shares]\nshare = @/src\n"

/* Skips the test where no virtiofsd can run. */
static void need_daemon(void)
{
	static const char *const places[] = { "/usr/lib/qemu/virtiofsd", "/usr/libexec/virtiofsd", "/usr/lib/virtiofsd" };
	const char *why = "no virtiofsd is installed";

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			why = NULL;
	if (why && getenv("CI"))
		fail_msg("%s", why);
	if (!why && geteuid() != 0)
		why = "virtiofsd needs root";
	if (!why)
		return;
	print_message("skipped: %s\n", why);
	skip();
}

static void make_directory(const struct home *home, const char *relative)
{
	assert_int_equal(mkdir(home_path(home, relative), 0755), 0);
}

/* Nothing of a VM is left: neither keeper nor QEMU nor a daemon, and no zombie that we did not adopt. */
static void wait_childless(void)
{
	long end = now_ms() + E2E_DEADLINE;

	while (home_children()) {
		if (now_ms() >= end)
			fail_msg("%u processes are left", home_children());
		poll(NULL, 0, 1);
	}
}

static char *wait_file(const struct home *home, const char *relative, const char *text)
{
	long end = now_ms() + E2E_DEADLINE;

	for (;;) {
		char *found = home_read(home, relative);

		if (found && strstr(found, text))
			return found;
		if (now_ms() >= end)
			fail_msg("%s does not hold '%s' but '%s'", relative, text, found ? found : "(nothing)");
		free(found);
		poll(NULL, 0, 1);
	}
}

static struct tty *shell(struct tty *tty)
{
	tty_wait(tty, "/ #");
	return tty;
}

static void a_guest_mounts_a_share_and_both_sides_see_each_other(void **state)
{
	struct home *home = *state;

	need_daemon();
	home_demo_guest(home);
	make_directory(home, "sh,are");
	make_directory(home, "vm/b c");
	home_write(home, "sh,are/host", "from the host\n");
	struct tty *tty = shell(tty_open(home, 40, 100, "run", "--mem", "256", "--networking", "none",
	                                 "--virtiofs", "../sh,,are,tag=src", "--virtiofs", "b c", "demo"));

	tty_type(tty, "mount -t virtiofs src /mnt && cat /mnt/host\r");
	tty_wait(tty, "from the host");
	tty_type(tty, "echo from the guest > /mnt/guest; mount -t virtiofs virtiofs1 /tmp; echo two > /tmp/two; sync\r");
	free(wait_file(home, "sh,are/guest", "from the guest"));
	free(wait_file(home, "vm/b c/two", "two"));
	assert_true(home_has(home, "vm/demo-state/virtiofs0"));
	tty_type(tty, "poweroff -f\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	wait_childless();
	assert_false(home_has(home, "vm/demo-state/virtiofs0"));
	assert_true(home_has(home, "vm/demo-state/virtiofs0.log"));
	assert_true(home_has(home, "vm/demo-state/virtiofs1.log"));
}

static void daemons_go_when_the_keeper_is_killed(void **state)
{
	struct home *home = *state;

	need_daemon();
	home_demo_guest(home);
	make_directory(home, "vm/src");
	home_profile(home, "demo", PROFILE "share = @/src\n");
	expect(home, 0, "start", "demo");
	struct tty *tty = shell(tty_open(home, 24, 80, "attach", "demo"));

	tty_type(tty, "mount -t virtiofs virtiofs0 /mnt && touch /mnt/mounted; ls /mnt\r");
	tty_wait(tty, "mounted");
	tty_close(tty);
	kill(process_parent(home_pid(home, PID)), SIGKILL);
	wait_childless();
	/* What it left behind stands in nobody's way. */
	expect(home, 0, "start", "demo");
	expect(home, 0, "kill", "demo");
	wait_childless();
}

static void daemons_go_when_qemu_fails_before_it_connects(void **state)
{
	struct home *home = *state;

	need_daemon();
	home_demo_guest(home);
	make_directory(home, "vm/src");
	home_profile(home, "demo", PROFILE "share = @/src\n[qemu]\narg = -no-such-option\n");
	expect_refused(home, WORDS("no-such-option"), "start", "demo");
	wait_childless();
	assert_false(home_has(home, "vm/demo-state/virtiofs0"));
}

/* The device differs by machine: QEMU has taken it, and talked to the daemon, when QMP answers. */
static void every_architecture_takes_a_share(void **state)
{
	static const char *const archs[] = { "x86_64", "aarch64", "s390x", "riscv64" };
	struct home *home = *state;

	need_daemon();
	make_directory(home, "vm/src");
	home_write(home, "vm/disk.img", HOME_DISK);
	assert_int_equal(truncate(home_path(home, "vm/disk.img"), 1 << 20), 0);
	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		char ini[512], program[64];

		snprintf(program, sizeof(program), "qemu-system-%s", archs[i]);
		home_need_qemu(program);
		snprintf(ini, sizeof(ini), "[vm]\narch = %s\nmemory = 128\n[boot]\nimage = @/disk.img\nmode = disk\n"
		         "[network]\nmode = none\n[state]\ndirectory = @/%s\n[shares]\nshare = @/src\n", archs[i], archs[i]);
		home_profile(home, archs[i], ini);
		expect(home, 0, "start", archs[i]);
		/* An s390x machine without anything to boot ends by itself. */
		expect(home, 0, "stop", "--force", archs[i]);
		wait_childless();
	}
}

static void a_long_state_directory_is_no_obstacle(void **state)
{
	struct home *home = *state;
	char place[128], log[256];

	need_daemon();
	home_need_qemu("qemu-system-x86_64");
	make_directory(home, "vm/src");
	home_tiny_guest(home, "vm/tiny.img");
	memset(place, 's', sizeof(place) - 1);
	place[sizeof(place) - 1] = '\0';
	expect(home, 0, "run", "--detached", "--mem", "64", "--state", place, "--virtiofs", "src", "tiny.img");
	expect(home, 0, "kill", "tiny.img");
	wait_childless();
	/* the socket was there, and is gone; what it said is with the machine */
	assert_int_equal(rmdir(home_path(home, "state/paddock/run")), 0);
	strcat(strcpy(log, "vm/"), place);
	assert_true(home_has(home, strcat(log, "/virtiofs0.log")));
}

/* lib/qemu/virtiofsd beside the home's bin, where paddock looks first; it is known by the options that are named in it. */
static void fake_daemon_with(struct home *home, const char *options, const char *script)
{
	char text[2048];

	home_fake_qemu(home, "vm/disk.img");
	make_directory(home, "vm/src");
	snprintf(text, sizeof(text), "#!/bin/sh\n# %s\nfor a; do case $a in --socket-path=*) socket=${a#*=};; esac; done\n%s\n",
	         options, script);
	home_write(home, "lib/qemu/virtiofsd", text);
	assert_int_equal(chmod(home_path(home, "lib/qemu/virtiofsd"), 0755), 0);
	home_profile(home, "vm", FAKE_PROFILE);
}

/* One that anybody may run. */
static void fake_daemon(struct home *home, const char *script)
{
	fake_daemon_with(home, "shared-dir uid-map", script);
}

static void the_rust_daemon_is_given_its_own_options(void **state)
{
	struct home *home = *state;
	char script[1024], *given, wanted[512];

	snprintf(script, sizeof(script),
	         "case $1 in\n--version) echo 'virtiofsd 1.13.2';;\n"
	         "--help) echo '  --shared-dir <SHARED_DIR>  Shared directory path'; echo '  --uid-map <UID_MAP>';;\n"
	         "*) echo \"$@\" > '%s'; exec '%s/fake_qemu' --listen=\"$socket\" --deaf=100;;\nesac",
	         home_path(home, "given"), need_env("PADDOCK_PROGRAMS"));
	fake_daemon(home, script);
	snprintf(wanted, sizeof(wanted), "need=%s/state/virtiofs0", home->vm);
	home_set(home, "FAKE_QEMU", wanted);
	expect(home, 0, "start", "vm");
	given = home_read(home, "given");
	snprintf(wanted, sizeof(wanted), "--socket-path=%s/state/virtiofs0 --shared-dir %s/src\n", home->vm, home->vm);
	if (geteuid() == 0)
		assert_string_equal(given, wanted);
	else
		assert_non_null(strstr(given, "--uid-map=:0:"));
	free(given);
	expect(home, 0, "kill", "vm");
	wait_childless();
}

static void a_daemon_that_dies_is_the_reason_in_its_own_words(void **state)
{
	struct home *home = *state;

	fake_daemon(home, "echo starting; echo 'Sandbox: no more namespaces' >&2; exit 7");
	expect_refused(home, WORDS("virtiofsd", "Sandbox: no more namespaces"), "start", "vm");
	free(wait_file(home, "vm/state/virtiofs0.log", "starting"));
	free(wait_file(home, "vm/state/last-run.ini", "no more namespaces"));
	wait_childless();
}

/* It took the connection and then gave up: QEMU can only say that it lost it. */
static void a_daemon_that_dies_later_is_told_from_qemus_failure(void **state)
{
	struct home *home = *state;
	char script[1024];

	snprintf(script, sizeof(script), "'%s/fake_qemu' --listen=\"$socket\" &\nread word < '%s'\nkill $!\nwait $!\n"
	         "echo 'mount: Permission denied' >&2\nexit 1", need_env("PADDOCK_PROGRAMS"), home_path(home, "go"));
	fake_daemon(home, script);
	assert_int_equal(mkfifo(home_path(home, "go"), 0600), 0);
	expect(home, 0, "start", "vm");
	struct tty *tty = tty_open(home, 24, 80, "attach", "vm");

	tty_wait(tty, "fake guest ready");
	home_write(home, "go", "now\n");
	tty_wait(tty, "virtiofsd has ended: mount: Permission denied");
	tty_type(tty, "!exit 1\r");
	assert_int_equal(tty_wait_end(tty), 1);
	tty_close(tty);
	free(wait_file(home, "vm/state/last-run.ini", "mount: Permission denied"));
	wait_childless();
}

static void the_daemon_that_needs_root_is_told_before_the_start(void **state)
{
	struct home *home = *state;

	fake_daemon_with(home, "", "exit 1");
	home_without_root(home);
	/* There may be one on this host that does without. */
	home_profile(home, "vm", FAKE_PROFILE "[qemu]\nvirtiofsd = @/../lib/qemu/virtiofsd\n");
	expect_refused(home, WORDS("qemu.virtiofsd", "only as root", "--uid-map"), "start", "vm");
	assert_false(home_has(home, "vm/state"));
}

static void what_cannot_be_shared_is_said_before_anything_is_made(void **state)
{
	struct home *home = *state;

	fake_daemon(home, "exit 1");
	assert_int_equal(rmdir(home_path(home, "vm/src")), 0);
	expect_refused(home, WORDS("shares.share", "src", "No such file or directory"), "start", "vm");
	home_write(home, "vm/src", "a file\n");
	expect_refused(home, WORDS("shares.share", "src", "Not a directory"), "start", "vm");
	assert_false(home_has(home, "vm/state"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_guest_mounts_a_share_and_both_sides_see_each_other),
		story(daemons_go_when_the_keeper_is_killed),
		story(daemons_go_when_qemu_fails_before_it_connects),
		story(every_architecture_takes_a_share),
		story(a_long_state_directory_is_no_obstacle),
		story(the_rust_daemon_is_given_its_own_options),
		story(a_daemon_that_dies_is_the_reason_in_its_own_words),
		story(a_daemon_that_dies_later_is_told_from_qemus_failure),
		story(the_daemon_that_needs_root_is_told_before_the_start),
		story(what_cannot_be_shared_is_said_before_anything_is_made),
	};

	return cmocka_run_group_tests_name("shares", tests, NULL, NULL);
}
