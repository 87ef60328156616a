/* SPDX-License-Identifier: MIT */
/* Bringing in machines that were started without us: `paddock import`. */
#include "core/base/alloc.h"
#include "e2e/cli.h"
#include "e2e/home.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SCRIPT "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nMEM=512\nexec qemu-system-x86_64 -name web -m $MEM -hda disk.img -nographic -rtc base=utc\n"

static void assert_says(struct home *home, int status, const char *input, const char *wanted, const char *const argv[])
{
	struct result result = cli_run(home, input, argv);

	if (result.status != status || (!strstr(result.out, wanted) && !strstr(result.err, wanted)))
		fail_msg("status %d, out:\n%s\nerr:\n%s", result.status, result.out, result.err);
	result_finish(&result);
}
#define says(home, status, input, wanted, ...) \
	assert_says(home, status, input, wanted, (const char *const[]){ "paddock", "import", __VA_ARGS__, NULL })

static void a_script_becomes_a_profile_that_starts(void **state)
{
	struct home *home = *state;
	char *script = mem_strdup(home_path(home, "vm/run.sh")), *text;

	home_fake_qemu(home, "vm/disk.img");
	home_write(home, "vm/run.sh", SCRIPT);
	says(home, 0, NULL, "memory = 512\n", "--dry-run", script);
	text = home_read(home, "config/paddock/vms/web.ini");
	assert_null(text);
	says(home, 0, NULL, "kept as arg: -rtc base=utc\n", script);
	text = home_read(home, "config/paddock/vms/web.ini");
	assert_non_null(text);
	assert_non_null(strstr(text, "\nmemory = 512\n"));
	assert_non_null(strstr(text, "/vm/disk.img\n"));
	free(text);
	says(home, 0, NULL, "- -hda disk.img\n", "--dry-run", script);
	says(home, 0, NULL, "the profile web-2;", script);
	says(home, 1, NULL, "a VM named web already exists", "--name", "web", script);
	expect(home, 0, "start", "web");
	expect(home, 0, "kill", "web");
	free(script);
}

static void a_line_from_standard_input_is_read(void **state)
{
	struct home *home = *state;

	home_write(home, "vm/disk.img", HOME_DISK);
	says(home, 0, "qemu-system-x86_64 -m 1G\n", "created the profile none, which cannot start yet", "--name", "none", "-");
	says(home, 0, "qemu-system-x86_64 -name a/b -hda disk.img\n", "The profile disk would be", "--dry-run", "-");
	says(home, 0, "qemu-system-x86_64 -m 256 -hda disk.img\n", "vm.memory = 256", "--name", "one", "-");
	says(home, 1, "echo hello\n", "no command of QEMU", "-");
	says(home, 1, "qemu-system-x86_64 -m $(x) a\n", "standard input: line 1: 'x' would have to be run", "-");
	says(home, 1, "", "no command of QEMU", "-");
}

static void a_qemu_that_runs_is_adopted_for_its_next_start(void **state)
{
	struct home *home = *state;
	const char *const qemu[] = {
		"/bin/sh", "-c", "exec qemu-system-x86_64 -S -accel tcg -m 192 -display none -hda disk.img", NULL,
	};
	char number[16];
	pid_t pid;

	home_need_qemu("qemu-system-x86_64");
	home_write(home, "vm/disk.img", HOME_DISK);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		home_exec(home, qemu);
	snprintf(number, sizeof(number), "%d", (int)pid);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		struct result result = cli(home, "import", "--name", "adopted", number);
		bool was_early = result.status != 0 && strstr(result.err, "is not a QEMU");

		if (was_early) {
			result_finish(&result);
			continue;
		}
		if (result.status || !strstr(result.out, "became vm.memory = 192") || !strstr(result.err, "stays as it is"))
			fail_msg("status %d, out:\n%s\nerr:\n%s", result.status, result.out, result.err);
		result_finish(&result);
		break;
	}
	assert_true(home_has(home, "config/paddock/vms/adopted.ini"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_qemu_of_our_own_is_not_adopted(void **state)
{
	struct home *home = *state;
	char number[16];

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n");
	expect(home, 0, "start", "web");
	snprintf(number, sizeof(number), "%d", (int)home_pid(home, "vm/disk.img-state/qemu.pid"));
	says(home, 1, NULL, "is the QEMU of a VM of paddock already", number);
	expect(home, 0, "kill", "web");
}

static void machines_of_quickemu_and_libvirt_become_profiles(void **state)
{
	struct home *home = *state;
	char *conf = mem_strdup(home_path(home, "void.conf")), *xml = mem_strdup(home_path(home, "domain.xml")), *text;

	home_fake_qemu(home, "void/disk.qcow2");
	home_write(home, "void.conf", "guest_os=linux\ndisk_img=void/disk.qcow2\ndisk_format=raw\ndisplay=none\nboot=legacy\nram=192M\n");
	says(home, 0, NULL, "created the profile void;", conf);
	text = home_read(home, "config/paddock/vms/void.ini");
	assert_non_null(strstr(text, "\nmemory = 192M\n"));
	free(text);
	home_write(home, "domain.xml", "<domain type='qemu'><name>lib</name><memory>131072</memory><devices><disk type='file'>"
	           "<source file='/disk.img'/></disk></devices></domain>");
	says(home, 0, NULL, "created the profile lib, which cannot start yet", xml);
	says(home, 1, "<domain>", "standard input: line 1: no element found", "-");
	free(conf);
	free(xml);
}

static void wrong_arguments_are_refused(void **state)
{
	struct home *home = *state;

	says(home, 2, NULL, "FILE is missing", "--dry-run");
	says(home, 1, NULL, "No such file or directory", "none.sh");
	says(home, 1, NULL, "there is no process 2147483647", "2147483647");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_script_becomes_a_profile_that_starts),
		story(a_line_from_standard_input_is_read),
		story(a_qemu_that_runs_is_adopted_for_its_next_start),
		story(a_qemu_of_our_own_is_not_adopted),
		story(machines_of_quickemu_and_libvirt_become_profiles),
		story(wrong_arguments_are_refused),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
