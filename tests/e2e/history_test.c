/* SPDX-License-Identifier: MIT */
/* Earlier texts of profiles: `paddock history`. */
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

#define WEB "config/paddock/vms/web.ini"

static void assert_says(struct home *home, int status, const char *wanted, const char *const argv[])
{
	struct result result = cli_run(home, NULL, argv);

	if (result.status != status || !strstr(result.out, wanted))
		fail_msg("status %d, out:\n%s\nerr:\n%s", result.status, result.out, result.err);
	result_finish(&result);
}
#define says(home, status, wanted, ...) \
	assert_says(home, status, wanted, (const char *const[]){ "paddock", "history", __VA_ARGS__, NULL })

static void an_edit_by_a_command_and_by_hand_can_be_taken_back(void **state)
{
	struct home *home = *state;
	char *text;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "# mine\n[boot]\nimage = @/disk.img\n[network]\npublish = 127.0.0.1:8080:80\n");
	expect(home, 0, "port", "web", "add", "127.0.0.1:8081:81", "--save");
	says(home, 0, "   2  20", "web");
	says(home, 0, "  publish  (now)\n", "web");
	says(home, 1, "@@ -3,3 +3,4 @@\n image = ", "web", "diff", "1");
	says(home, 1, "\n+publish = 127.0.0.1:8081:81\n", "web", "diff", "1");
	says(home, 0, "", "web", "diff", "2");
	home_profile(home, "web", "# by hand\n[boot]\nimage = @/disk.img\n");
	says(home, 0, "  publish  (now)\n", "web");
	says(home, 0, "# by hand\n[boot]\nimage = ", "web", "show", "3");
	expect(home, 0, "history", "web", "restore", "1");
	text = home_read(home, WEB);
	assert_non_null(text);
	assert_non_null(strstr(text, "# mine\n"));
	assert_null(strstr(text, "8081"));
	free(text);
	says(home, 0, "   4  20", "web");
}

static void wrong_words_change_nothing(void **state)
{
	struct home *home = *state;

	home_profile(home, "web", "# mine\n");
	expect_refused(home, WORDS("none", "is not a profile"), "history", "none");
	expect_refused(home, WORDS("no revision 9"), "history", "web", "restore", "9");
	expect(home, 2, "history", "web", "restore");
	expect(home, 2, "history", "web", "restore", "x");
	expect(home, 2, "history", "web", "burn", "1");
	expect(home, 2, "history");
	expect(home, 2, "history", "web", "diff", "9");
}

#define PORTS "[network]\npublish = 127.0.0.1:28236:80\n"

/* The list has read the profile when it shows its port, in front of the frame between the panes. */
static bool is_listed(struct tty *tty, const void *unused)
{
	const char *row = tty_row(tty, 3), *port = strstr(row, ":28236"), *frame = strstr(row, "\xe2\x94\x82\xe2\x94\x82");

	(void)unused;
	return port && frame && port < frame;
}

static bool is_kept(struct tty *tty, const void *home)
{
	char *text = home_read(home, "state/paddock/history/web/1.ini");
	bool kept = text != NULL;

	(void)tty;
	free(text);
	return kept;
}

static void the_screen_notices_what_an_editor_writes(void **state)
{
	struct home *home = *state;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[vm]\nmemory = 64\n[boot]\nimage = @/disk.img\n" PORTS);

	struct tty *tty = tty_open(home, 30, 100, ".");

	/* The details may read it before the list does, which keeps texts. */
	tty_wait_for(tty, is_listed, NULL, "the port in the list");
	home_profile(home, "web", "[vm]\nmemory = 96\n[boot]\nimage = @/disk.img\n" PORTS);
	tty_wait(tty, "96 MiB");
	tty_wait_for(tty, is_kept, home, "the text with 96");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	home_profile(home, "web", "[vm]\nmemory = 128\n[boot]\nimage = @/disk.img\n" PORTS);
	says(home, 0, "memory = 96\n", "web", "show", "1");
	says(home, 0, "  memory  (now)\n", "web");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_edit_by_a_command_and_by_hand_can_be_taken_back),
		story(wrong_words_change_nothing),
		story(the_screen_notices_what_an_editor_writes),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
