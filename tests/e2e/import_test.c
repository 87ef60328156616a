/* SPDX-License-Identifier: MIT */
/* Bringing in machines that were started without us: `paddock import`. */
#include "core/base/alloc.h"
#include "e2e/cli.h"
#include "e2e/home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

	home_write(home, "vm/disk.img", "x");
	says(home, 0, "qemu-system-x86_64 -m 256 -hda vm/disk.img\n", "vm.memory = 256", "--name", "one", "-");
	says(home, 1, "echo hello\n", "no command of QEMU", "-");
	says(home, 1, "qemu-system-x86_64 -m $(x) a\n", "standard input: line 1: 'x' would have to be run", "-");
	says(home, 1, "", "no command of QEMU", "-");
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
		story(wrong_arguments_are_refused),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
