/* SPDX-License-Identifier: MIT */
/* A Linux guest notices what is changed of its machine while it runs. */
#include "e2e/cli.h"
#include "e2e/home.h"
#include "e2e/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define PROFILE "[vm]\nmemory = 256\naccel = tcg\n[boot]\nimage = @/demo\n[state]\ndirectory = @/demo-state\n"

/* Typed at the guest's shell; the answer must not be in what is typed. */
static void shell(struct tty *tty, const char *line, const char *answer)
{
	tty_type(tty, line);
	tty_type(tty, "\r");
	tty_wait(tty, answer);
}

static void a_guest_sees_its_link_and_its_memory_change(void **state)
{
	struct home *home = *state;
	struct tty *tty;

	home_demo_guest(home);
	home_profile(home, "demo", PROFILE);
	expect(home, 0, "start", "demo");
	tty = tty_open(home, 24, 80, "attach", "demo");
	tty_wait(tty, "/ #");
	shell(tty, "echo carrier1=$(cat /sys/class/net/eth0/carrier)", "carrier1=1");
	expect(home, 0, "link", "demo", "down");
	shell(tty, "echo carrier2=$(cat /sys/class/net/eth0/carrier)", "carrier2=0");
	expect(home, 0, "link", "demo", "up");
	shell(tty, "echo carrier3=$(cat /sys/class/net/eth0/carrier)", "carrier3=1");

	/* Memory in KiB: 256 MiB less what the kernel has, and then only half of it. */
	shell(tty, "f() { [ $(awk '/MemAvailable/ { print $2 }' /proc/meminfo) -lt 110000 ] && echo le''ss || echo mo''re; }; f",
	      "more");
	expect_refused(home, WORDS("memory 1G", "started with 256M"), "memory", "demo", "1G");
	expect_refused(home, WORDS("memory 32M", "64M is the least"), "memory", "demo", "32M");
	expect(home, 0, "memory", "demo", "128M");
	shell(tty, "clear; f", "less");
	cli_wait(home, "given       128M of 256M\navailable   ", (const char *const[]){ "paddock", "memory", "demo", NULL });
	expect(home, 0, "memory", "demo", "256M");
	shell(tty, "clear; f", "more");
	cli_wait(home, "given       256M of 256M\n", (const char *const[]){ "paddock", "memory", "demo", NULL });
	tty_type(tty, "\007d");
	assert_int_equal(tty_wait_end(tty), 0);
	tty_close(tty);
	expect(home, 0, "stop", "--force", "demo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_guest_sees_its_link_and_its_memory_change),
	};

	return cmocka_run_group_tests_name("changes that a guest notices", tests, NULL, NULL);
}
