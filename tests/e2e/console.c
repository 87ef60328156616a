/* SPDX-License-Identifier: MIT */
#include "e2e/console.h"
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct tty *console_open(struct home *home)
{
	struct tty *tty;

	home_fake_qemu(home, "vm/disk.img");
	home_profile(home, "web", "[boot]\nimage = @/disk.img\n[state]\ndirectory = @/state\n");
	tty = tty_open(home, 30, 100, ".");
	tty_wait(tty, "web");
	tty_type(tty, "j\r");
	tty_wait(tty, CONSOLE_GREETING);
	return tty;
}

void console_leave(struct home *home, struct tty *tty)
{
	tty_type(tty, CONSOLE_PREFIX "d");
	tty_wait(tty, "1 running");
	tty_type(tty, "q");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	expect(home, 0, "kill", "web");
}
