/* SPDX-License-Identifier: MIT */
/* Profiles made and changed on the screen, and what is then in their files. */
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

#define ENTER "\r"
#define CTRL_S "\023"
#define CTRL_T "\024"
#define CLEAR "\025"
#define DOWN "\033OB"
#define TO_MEMORY DOWN DOWN DOWN DOWN
#define WEB "config/paddock/vms/web.ini"
#define PROFILE "# my web server\n[vm]\nuuid = 11111111-2222-4333-8444-555555555555\nmemory = 64\n; odd\ncolour = green\n" \
	"[boot]\nimage = @/disk.img\n[state]\ndirectory = @/web-state\n[network]\npublish = 127.0.0.1:8080:80\n"

/* The list, on the profile web, which is the only one. */
static struct tty *open_screen(struct home *home)
{
	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", PROFILE);
	struct tty *tty = tty_open(home, 40, 100, ".");
	tty_wait(tty, "web-state");
	return tty;
}

static struct tty *open_form(struct home *home)
{
	struct tty *tty = open_screen(home);

	tty_type(tty, "e");
	tty_wait(tty, "web ─ Settings");
	return tty;
}

static void leave(struct tty *tty)
{
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void assert_file_has(struct home *home, const char *text)
{
	char *file = home_read(home, WEB);

	assert_non_null(file);
	if (!strstr(file, text))
		fail_msg("no '%s' in the file:\n%s", text, file);
	free(file);
}

static void an_edit_keeps_the_rest_of_the_file(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_form(home);
	char before[4096], after[4096];
	char *text = home_read(home, WEB);

	snprintf(before, sizeof(before), "%s", text);
	free(text);
	tty_type(tty, TO_MEMORY CLEAR "96" CTRL_S);
	tty_wait(tty, "96 MiB");
	text = home_read(home, WEB);
	snprintf(after, sizeof(after), "%s", text);
	free(text);
	/* But for that one value, which has as many letters. */
	char *value = strstr(after, "memory = 96");
	assert_non_null(value);
	memcpy(value, "memory = 64", 11);
	assert_string_equal(after, before);
	leave(tty);
}

static void a_file_that_changed_meanwhile_is_not_overwritten_unasked(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_form(home);

	tty_type(tty, TO_MEMORY CLEAR "96");
	tty_wait(tty, "changed");
	home_profile(home, "web", PROFILE "# by hand\n");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "The file has changed since it was read");
	assert_file_has(home, "memory = 64");
	tty_type(tty, "m");
	tty_wait(tty, "96 MiB");
	assert_file_has(home, "memory = 96");
	assert_file_has(home, "# by hand");
	leave(tty);
}

static void leaving_a_changed_form_is_asked_about(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_form(home);

	tty_type(tty, TO_MEMORY CLEAR "96");
	tty_wait(tty, "changed");
	tty_type(tty, "\033");
	tty_wait(tty, "y yes");
	tty_type(tty, "n");
	tty_wait_gone(tty, "y yes");
	assert_true(tty_shows(tty, "96"));
	tty_resize(tty, 24, 80);
	tty_wait(tty, "96");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "1 Overview");
	assert_file_has(home, "memory = 96");
	leave(tty);
}

static void the_command_tab_shows_what_the_form_would_start(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_form(home);

	tty_type(tty, TO_MEMORY CLEAR "96" CTRL_T);
	tty_wait(tty, "-m 96");
	tty_wait(tty, "-uuid 11111111-2222-4333-8444-555555555555");
	tty_type(tty, CTRL_T);
	tty_wait(tty, "memory");
	tty_type(tty, CTRL_S);
	tty_wait(tty, "96 MiB");
	leave(tty);
	struct result argv = cli(home, "argv", "web");
	assert_non_null(strstr(argv.out, " -m 96 "));
	result_finish(&argv);
}

static void a_clone_has_an_identity_of_its_own(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_screen(home);

	tty_type(tty, "c");
	tty_wait(tty, "Name of the clone");
	tty_type(tty, CLEAR "twin" ENTER);
	tty_wait(tty, "use the same files");
	tty_type(tty, "k");
	tty_wait(tty, "twin is a clone");
	char *twin = home_read(home, "config/paddock/vms/twin.ini");
	assert_non_null(twin);
	assert_null(strstr(twin, "11111111-2222"));
	assert_null(strstr(twin, "web-state"));
	assert_non_null(strstr(twin, "memory = 64"));
	free(twin);
	leave(tty);
}

static void a_renamed_profile_keeps_its_file_and_state(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_screen(home);

	tty_type(tty, "r");
	tty_wait(tty, "New name");
	tty_type(tty, CLEAR "shop" ENTER);
	tty_wait(tty, "○ shop");
	assert_false(home_has(home, WEB));
	char *shop = home_read(home, "config/paddock/vms/shop.ini");
	assert_non_null(strstr(shop, "# my web server"));
	assert_non_null(strstr(shop, "web-state"));
	free(shop);
	leave(tty);
}

static void a_profile_is_deleted_only_on_yes(void **state)
{
	struct home *home = *state;
	struct tty *tty = open_screen(home);

	tty_type(tty, "d");
	tty_wait(tty, "Delete the profile web?");
	tty_type(tty, ENTER);
	tty_wait_gone(tty, "Delete the profile web?");
	assert_true(home_has(home, WEB));
	tty_type(tty, "d");
	tty_wait(tty, "Delete the profile web?");
	tty_type(tty, "y");
	tty_wait_gone(tty, "profiles");
	assert_false(home_has(home, WEB));
	assert_true(home_has(home, "vm/disk.img"));
	leave(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_edit_keeps_the_rest_of_the_file),
		story(a_file_that_changed_meanwhile_is_not_overwritten_unasked),
		story(leaving_a_changed_form_is_asked_about),
		story(the_command_tab_shows_what_the_form_would_start),
		story(a_clone_has_an_identity_of_its_own),
		story(a_renamed_profile_keeps_its_file_and_state),
		story(a_profile_is_deleted_only_on_yes),
	};

	return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
