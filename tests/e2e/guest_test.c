/* SPDX-License-Identifier: MIT */
/* The harness and the tiny guest themselves, without paddock: when this fails, look here first. */
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct tty *boot(struct home *home)
{
	home_tiny_guest(home, "vm/tiny.img");
	return tty_start(home, 24, 80, (const char *const[]){
		"/usr/bin/env", "qemu-system-x86_64", "-nographic", "-machine", "q35,accel=tcg", "-net", "none",
		"-drive", "file=tiny.img,format=raw", NULL });
}

static void the_guest_echoes_and_powers_off_by_command(void **state)
{
	struct tty *tty = boot(*state);

	tty_wait(tty, "tiny>");
	tty_type(tty, "good morning\r");
	tty_wait(tty, "tiny> good morning");
	tty_type(tty, "n\r");
	tty_wait(tty, "15 bytes typed");
	tty_type(tty, "p\r");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
}

static void the_guest_paints_floods_and_asks_the_terminal(void **state)
{
	struct tty *tty = boot(*state);

	tty_wait(tty, "tiny>");
	tty_type(tty, "c\r");
	tty_wait(tty, "red blue green reverse underlined");
	tty_wait(tty, "a  cb");
	tty_type(tty, "f\r");
	tty_wait(tty, "line 10000");
	tty_type(tty, "q\r");
	tty_wait(tty, "^[[24;1R");
	tty_close(tty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(the_guest_echoes_and_powers_off_by_command),
		story(the_guest_paints_floods_and_asks_the_terminal),
	};

	return cmocka_run_group_tests_name("guest", tests, NULL, NULL);
}
