/* SPDX-License-Identifier: MIT */
/* What bad input gets: one line that says what is wrong and what to do, and nothing started or left behind. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define PROFILE "[vm]\nmemory = 64\n[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/tiny-state\n"

static void an_image_that_vanished(void **state)
{
	struct home *home = *state;

	home_profile(home, "web", "[boot]\nimage = @/web.qcow2\n");
	expect_refused(home, WORDS("web.qcow2", "exist"), "start", "web");
	expect_refused(home, WORDS("web.qcow2", "exist"), "run", "web.qcow2");
	expect(home, 1, "check", "web");
	assert_false(home_has(home, "vm/web.qcow2-state"));
}

static void a_kernel_without_its_initrd_or_cmdline(void **state)
{
	struct home *home = *state;

	home_write(home, "vm/lk-kernel", "kernel");
	home_write(home, "vm/lk-cmdline", "console=ttyS0");
	expect_refused(home, WORDS("lk-initrd.img"), "run", "lk");
	home_write(home, "vm/lk-initrd.img", "initrd");
	unlink(home_path(home, "vm/lk-cmdline"));
	expect_refused(home, WORDS("lk-cmdline"), "run", "lk");
	assert_false(home_has(home, "vm/lk-state"));
}

static void no_qemu_in_path(void **state)
{
	struct home *home = *state;

	home_write(home, "vm/disk.img", HOME_DISK);
	home_set(home, "PATH", home_path(home, "bin"));
	expect_refused(home, WORDS("qemu-system-", "install it"), "run", "disk.img");
}

static void a_qemu_that_fails_at_once_is_quoted(void **state)
{
	struct home *home = *state;

	home_write(home, "vm/disk.img", HOME_DISK);
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n");
	home_script(home, "qemu-system-x86_64", "echo 'qemu-system-x86_64: the moon is in the wrong phase' >&2; exit 3");
	home_script(home, "qemu-system-aarch64", "echo 'qemu-system-aarch64: the moon is in the wrong phase' >&2; exit 3");
	expect_refused(home, WORDS("the moon is in the wrong phase"), "start", "web");
	struct result run = cli(home, "run", "disk.img");
	assert_int_equal(run.status, 3);
	if (!strstr(run.out, "wrong phase") && !strstr(run.err, "wrong phase"))
		fail_msg("QEMU's words are not shown: %s%s", run.out, run.err);
	result_finish(&run);
	wait_for_output(home, "crashed", "ls");
}

static unsigned listen_somewhere(int *fd)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(*fd, 1), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

static void a_port_that_is_taken(void **state)
{
	struct home *home = *state;
	char ini[512], number[16];
	int fd;
	unsigned port = listen_somewhere(&fd);

	home_tiny_guest(home, "vm/tiny.img");
	snprintf(ini, sizeof(ini), PROFILE "[network]\npublish = %u:80\n", port);
	home_profile(home, "tiny", ini);
	snprintf(number, sizeof(number), "%u", port);
	expect_refused(home, WORDS(number), "start", "tiny");
	close(fd);
	expect(home, 0, "start", "tiny");
}

static void a_state_directory_that_is_locked(void **state)
{
	struct home *home = *state;
	int fd;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	home_write(home, "vm/tiny-state/lock", "");
	fd = open(home_path(home, "vm/tiny-state/lock"), O_RDWR | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	expect_refused(home, WORDS("tiny-state"), "start", "tiny");
	expect(home, 1, "check", "tiny");
	wait_for_output(home, "tiny-state is in use by", "check", "tiny");
	close(fd);
	expect(home, 0, "check", "tiny");
	expect(home, 0, "start", "tiny");
}

static void a_state_directory_that_cannot_be_made(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_write(home, "vm/file", "in the way");
	home_profile(home, "tiny", "[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/file/state\n");
	expect_refused(home, WORDS("file/state"), "start", "tiny");
}

/* A small file system of its own, full to the last byte; only root can make one. */
static bool full_directory(struct home *home, const char *relative)
{
	char file[4096], bytes[4096] = "";
	int fd;

	home_write(home, "vm/full/x", "");
	unlink(home_path(home, "vm/full/x"));
	if (mount("tmpfs", home_path(home, relative), "tmpfs", 0, "size=64k") != 0)
		return false;
	snprintf(file, sizeof(file), "%s/%s/fill", home->dir, relative);
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	close(fd);
	return true;
}

static void a_state_directory_on_a_full_disk(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", "[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/full/state\n");
	if (!full_directory(home, "vm/full")) {
		print_message("skipped: only root can make a small file system\n");
		skip();
	}
	struct result result = cli(home, "start", "tiny");
	umount2(home_path(home, "vm/full"), MNT_DETACH);
	assert_int_equal(result.status, 1);
	assert_non_null(strstr(result.err, "No space left"));
	result_finish(&result);
}

static void a_read_only_place_is_named_and_a_quick_launch_goes_elsewhere(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_write(home, "vm/fixed/x", "");
	if (mount("tmpfs", home_path(home, "vm/fixed"), "tmpfs", 0, "size=2m") != 0) {
		print_message("skipped: only root can make a small file system\n");
		skip();
	}
	home_tiny_guest(home, "vm/fixed/tiny.img");
	assert_int_equal(mount(NULL, home_path(home, "vm/fixed"), NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	home_profile(home, "tiny", "[boot]\nimage = @/tiny.img\n[state]\ndirectory = @/fixed/state\n");
	expect_refused(home, WORDS("fixed/state", "Read-only file system"), "start", "tiny");
	/* The disk itself cannot be written either: what counts is where the state went. */
	struct result argv = cli(home, "argv", "--lines", "fixed/tiny.img");
	umount2(home_path(home, "vm/fixed"), MNT_DETACH);
	assert_non_null(strstr(argv.out, home_path(home, "state/paddock/state/")));
	result_finish(&argv);
}

static void a_profile_with_a_wrong_value(void **state)
{
	struct home *home = *state;

	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE "[network]\nmac = 52:54:00\n");
	expect_refused(home, WORDS("mac"), "start", "tiny");
	struct result check = cli(home, "check", "tiny");
	assert_int_equal(check.status, 1);
	assert_non_null(strstr(check.out, "mac"));
	result_finish(&check);
	home_profile(home, "tiny", PROFILE "[network]\nmodee = none\n");
	struct result misspelt = cli(home, "check", "tiny");
	assert_int_equal(misspelt.status, 0);
	assert_non_null(strstr(misspelt.out, "network.modee: unknown setting; did you mean mode"));
	result_finish(&misspelt);
	home_profile(home, "tiny", "[vm]\nmemory = lots\nthis is no line\n[boot]\nimage = @/tiny.img\n");
	struct result broken = cli(home, "start", "tiny");
	assert_int_equal(broken.status, 1);
	result_finish(&broken);
}

/* Neither looks like one that is off, and no default stands where a value is not valid. */
static void what_cannot_start_looks_so_everywhere(void **state)
{
	struct home *home = *state;
	struct result json;

	home_write(home, "vm/disk.img", HOME_DISK);
	home_profile(home, "bad", "[vm]\narch = sparc\ncpus = none\nmemory = lots\n[boot]\nimage = @/disk.img\nmode = tape\n"
	             "[network]\nmac = 1234\npublish = 28240:22\npublish = 99999:22\n[disks]\ndisk = a.img,size=big\n");
	wait_for_output(home, "invalid", "ls");

	struct tty *screen = tty_open(home, 30, 120, ".");
	tty_wait(screen, "bad");
	tty_type(screen, "gj");
	tty_wait(screen, "tape (invalid)");
	tty_wait(screen, "sparc (invalid), vCPUs none (invalid), memory lots (invalid)");
	tty_wait(screen, "MAC 1234 (invalid)");
	tty_wait(screen, "99999:22 (invalid)");
	tty_wait(screen, "1 a.img,size=big (invalid)");
	tty_close(screen);
	expect(home, 0, "stop", "bad");

	home_profile(home, "bad", "[boot]\nimage = @/gone.img\n");
	json = cli(home, "ls", "--json");
	assert_non_null(strstr(json.out, "\"phase\": \"invalid\""));
	assert_non_null(strstr(json.out, "vm/gone.img does not exist\""));
	result_finish(&json);
	screen = tty_open(home, 24, 120, ".");
	tty_wait(screen, "bad");
	tty_wait(screen, "invalid");
	home_write(home, "vm/gone.img", HOME_DISK);
	tty_type(screen, "\x1b[15~");
	tty_wait_gone(screen, "invalid");
	tty_close(screen);
	wait_for_output(home, "off", "ls");
}

static void a_profile_that_cannot_be_parsed_is_left_alone(void **state)
{
	struct home *home = *state;
	const char *text = "[vm]\nmemory = 64\nthis is no line\n";

	home_profile(home, "odd", text);
	expect_refused(home, WORDS("3"), "start", "odd");
	char *after = home_read(home, "config/paddock/vms/odd.ini");
	assert_string_equal(after, text);
	free(after);
	wait_for_output(home, "odd", "ls");
}

static void names_that_are_none(void **state)
{
	struct home *home = *state;
	char name[301];

	home_write(home, "vm/web.img", HOME_DISK);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	expect_refused(home, WORDS("a/b"), "start", "a/b");
	expect_refused(home, WORDS(".hidden"), "start", ".hidden");
	expect_refused(home, WORDS("xxx"), "start", name);
	expect_refused(home, WORDS("xxx", "File name too long"), "run", name);
	expect_refused(home, WORDS("web.img/", "Not a directory"), "run", "web.img/");
	home_profile(home, "web", PROFILE);
	expect_refused(home, WORDS("wbe", "did you mean web?"), "start", "wbe");
	expect_refused(home, WORDS("WEB", "did you mean web?"), "log", "WEB");
	expect_refused(home, WORDS("nobody", "paddock ls"), "attach", "nobody");
	expect_refused(home, WORDS("nobody"), "stop", "nobody");
	expect_refused(home, WORDS("nobody"), "log", "nobody");
	expect_refused(home, WORDS("nobody"), "check", "nobody");
}

static void a_socket_path_that_is_too_long_is_no_obstacle(void **state)
{
	struct home *home = *state;
	char path[256];

	snprintf(path, sizeof(path), "%s/%0120d", home->dir, 7);
	home_set(home, "XDG_STATE_HOME", path);
	home_tiny_guest(home, "vm/tiny.img");
	home_profile(home, "tiny", PROFILE);
	expect(home, 0, "start", "tiny");
	wait_for_output(home, "running", "ls");
	struct tty *tty = tty_open(home, 24, 80, "attach", "tiny");
	tty_wait(tty, "tiny>");
	tty_close(tty);
	expect(home, 0, "kill", "tiny");
}

/* As with sudo: HOME is somebody else's, so nothing may be made there. */
static void a_home_of_another_user(void **state)
{
	struct home *home = *state;

	if (geteuid() != 0) {
		print_message("skipped: only root can give a directory away\n");
		skip();
	}
	home_tiny_guest(home, "vm/tiny.img");
	home_set(home, "XDG_STATE_HOME", NULL);
	home_set(home, "XDG_CONFIG_HOME", NULL);
	assert_int_equal(chown(home->dir, 12345, 12345), 0);
	expect_refused(home, WORDS(home->dir), "start", "tiny.img");
	assert_false(home_has(home, ".local"));
	assert_false(home_has(home, ".config"));
}

#define IN_NO_PASSWD 54321

/* The two XDG directories are enough: no home, / as home, or one that is somebody else's. */
static void a_user_without_a_home_can_work(void **state)
{
	static const char *const homes[] = { NULL, "/", "/nonexistent", "/root" };
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "away", "[boot]\nimage = ~/disk.img\n");
	home_write(home, "state/here", "");
	home_as_user(home, IN_NO_PASSWD);
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		home_set(home, "HOME", homes[i]);
		expect(home, 0, "run", "--detached", "--save", "web", "disk.img");
		wait_for_output(home, "running", "ls");
		expect(home, 0, "kill", "web");
		expect(home, 0, "check", "web");
		assert_int_equal(unlink(home_path(home, "config/paddock/vms/web.ini")), 0);
	}
	home_set(home, "HOME", NULL);
	expect_refused(home, WORDS("boot.image", "~/disk.img", "set HOME or write an absolute path"), "start", "away");
	home_set(home, "HOME", "/");
	expect_refused(home, WORDS("neither /disk.img nor /disk.img-kernel exists"), "start", "away");
}

/* Before the start: and not by the bits of its mode but by what the kernel says. */
static void a_state_directory_that_cannot_be_written_is_said_by_check(void **state)
{
	struct home *home = *state;
	struct result checked;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/kept\n");
	home_as_user(home, IN_NO_PASSWD);
	home_write(home, "vm/kept/here", "");
	assert_int_equal(chown(home_path(home, "vm/kept"), 0, IN_NO_PASSWD), 0);
	assert_int_equal(chmod(home_path(home, "vm/kept"), 02750), 0);
	checked = cli(home, "check", "web");
	assert_int_equal(checked.status, 1);
	assert_non_null(strstr(checked.out, "state.directory: you cannot write to "));
	result_finish(&checked);
	expect_refused(home, WORDS("--state: you cannot write to kept", "use another directory"), "run", "--state", "kept", "disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[disks]\ndisk = @/kept/new.img,size=1G\n");
	checked = cli(home, "check", "web");
	assert_int_equal(checked.status, 1);
	assert_non_null(strstr(checked.out, "disks.disk: you cannot write to "));
	result_finish(&checked);
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/kept\n");
	/* A group that nobody else is in is as good as the user. */
	assert_int_equal(chmod(home_path(home, "vm/kept"), 02770), 0);
	expect(home, 0, "check", "web");
	expect(home, 0, "start", "web");
	expect(home, 0, "kill", "web");
	assert_int_equal(chmod(home_path(home, "vm/kept"), 02777), 0);
	expect_refused(home, WORDS("other users can write to", "have its owner (user 0) run"), "start", "web");
}

static void an_option_that_is_none(void **state)
{
	struct home *home = *state;

	struct result result = cli(home, "run", "--publsh", "80:80", "disk.img");
	assert_int_equal(result.status, 2);
	assert_non_null(strstr(result.err, "--publish"));
	result_finish(&result);
	home_profile(home, "web", PROFILE);
	expect_refused(home, WORDS("web is a profile", "paddock start web"), "run", "web");
	expect_refused(home, WORDS("web is a profile"), "argv", "--mem", "64", "web");
	expect(home, 2, "run");
	expect(home, 2, "stop", "--timeout");
	expect(home, 2, "attach");
}

/* The words of a hint with the value where one belongs; cuts the text. */
static size_t hinted_words(char *hint, const char *value, const char *words[], size_t at)
{
	static char filled[4][128];
	bool placed = !value;

	for (char *word = strtok(hint, " "); word && at < 8; word = strtok(NULL, " ")) {
		size_t name = strcspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

		if (value && word[name]) {
			snprintf(filled[at % 4], sizeof(filled[0]), "%.*s%s%s", (int)name, word, value,
			         word + name + strspn(word + name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
			word = filled[at % 4];
			placed = true;
		}
		words[at++] = word;
	}
	if (!placed)
		words[at++] = value;
	return at;
}

static void expect_hint(struct home *home, const char *hint, const char *const argv[])
{
	struct result refused = cli_run(home, NULL, argv);

	assert_int_not_equal(refused.status, 0);
	assert_non_null(strstr(refused.err, hint));
	result_finish(&refused);
}

static void what_a_hint_names_can_be_run(void **state)
{
	static const char *const rows[][2] = {
		{ "--snapshot", NULL }, { "-snapshot", NULL }, { "-m", "512" }, { "-M", "q35" }, { "--machine", "q35" },
		{ "-smp", "2" }, { "--cores", "2" }, { "-hda", "other.img" }, { "--size", "1M" },
		{ "-p", "28240:80" }, { "--ssh-port", "28241" }, { "--hostfwd", "28242:80" }, { "--redir", "28243:80" },
		{ "-net", "none" }, { "-d", NULL }, { "--nographic", NULL }, { "--boot", "d" }, { "--user-data", "data" },
		{ "--cloud-init", "data" }, { "--metadata", "text" }, { "--qemu-arg", "-S" }, { "--name", "kept" },
	};
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/other.img", "");
	home_write(home, "vm/data", "#cloud-config\n");
	home_script(home, "qemu-img", "echo made >\"$4\"");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *words[16] = { "paddock", "run", "--detached", "--state", "s" };
		struct result refused = cli(home, "run", rows[i][0], rows[i][1] ? rows[i][1] : "disk.img", "disk.img");
		char *hint = strstr(refused.err, "did you mean ");

		assert_int_equal(refused.status, 2);
		assert_non_null(hint);
		hint += strlen("did you mean ");
		hint[strcspn(hint, "?")] = '\0';
		words[hinted_words(hint, rows[i][1], words, 5)] = "disk.img";
		cli_expect(home, 0, words);
		expect(home, 0, "kill", "s");
		result_finish(&refused);
	}
	expect(home, 0, "run", "--detached", "--disk", "disk.img", "other.img");
	expect_hint(home, "the ISO as PATH, and the disk as --disk FILE", WORDS("paddock", "run", "--cdrom", "other.img", "disk.img"));
	expect_hint(home, "omit it to run 'disk.img' with QEMU", WORDS("paddock", "run", "hyperkit", "disk.img"));
	expect_hint(home, "did you mean run?", WORDS("paddock", "hyperkit", "disk.img"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_image_that_vanished),
		story(a_kernel_without_its_initrd_or_cmdline),
		story(no_qemu_in_path),
		story(a_qemu_that_fails_at_once_is_quoted),
		story(a_port_that_is_taken),
		story(a_state_directory_that_is_locked),
		story(a_state_directory_that_cannot_be_made),
		story(a_state_directory_on_a_full_disk),
		story(a_read_only_place_is_named_and_a_quick_launch_goes_elsewhere),
		story(a_profile_with_a_wrong_value),
		story(what_cannot_start_looks_so_everywhere),
		story(a_profile_that_cannot_be_parsed_is_left_alone),
		story(names_that_are_none),
		story(a_socket_path_that_is_too_long_is_no_obstacle),
		story(a_home_of_another_user),
		story(a_user_without_a_home_can_work),
		story(a_state_directory_that_cannot_be_written_is_said_by_check),
		story(an_option_that_is_none),
		story(what_a_hint_names_can_be_run),
	};

	return cmocka_run_group_tests_name("bad input", tests, NULL, NULL);
}
