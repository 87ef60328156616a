/* SPDX-License-Identifier: MIT */
/* Disks and CDs that come and go while a machine runs. */
#include "e2e/cli.h"
#include "e2e/home.h"

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
	expect_refused(home, WORDS("web is not running", "--save changes"), "cd", "web", "insert", "one.iso");
	expect_refused(home, WORDS("web does not boot an ISO"), "cd", "web", "insert", "--save", "one.iso");
	expect(home, 2, "cd", "web", "one.iso");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_cd_comes_and_goes),
		story(another_iso_is_kept_by_a_profile_that_boots_one),
	};

	return cmocka_run_group_tests_name("disks and CDs of a running machine", tests, NULL, NULL);
}
