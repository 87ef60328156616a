/* SPDX-License-Identifier: MIT */
#include "core/keeper/machine.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/qemu/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A shell as QEMU. */
struct guest {
	struct loop *loop;
	struct machine *machine;
	struct str console;
	bool ended;
	int status;
};

static void on_console(void *data, const void *bytes, size_t len)
{
	str_add(&((struct guest *)data)->console, bytes, len);
}

/* As a client that went away leaves it behind: whoever looks at errno after this sees the wrong failure. */
static unsigned on_drained(void *data)
{
	(void)data;
	errno = EPIPE;
	return 0;
}

static void on_nothing(void *data)
{
	(void)data;
}

static void on_event(void *data, const char *name, const char *detail)
{
	(void)data, (void)name, (void)detail;
}

static void on_ended(void *data, int status)
{
	struct guest *guest = data;

	guest->ended = true;
	guest->status = status;
}

static void start(struct guest *guest, const char *script)
{
	static const struct machine_events events = {
		.console = on_console, .drained = on_drained, .hungry = on_nothing, .ready = on_nothing,
		.event = on_event, .ended = on_ended,
	};
	struct plan_arg args[] = { { .text = (char[]){ "sh" } }, { .text = (char[]){ "-c" } }, { .text = NULL } };
	char copy[512], shell[] = "/bin/sh", here[] = "/";
	struct plan plan = { .qemu = shell, .cwd = here, .args = args, .arg_count = 3 };
	struct error err;
	int lock = open("/dev/null", O_RDONLY | O_CLOEXEC);

	snprintf(copy, sizeof(copy), "%s", script);
	args[2].text = copy;
	memset(guest, 0, sizeof(*guest));
	str_init(&guest->console);
	guest->loop = loop_new(&err);
	guest->machine = machine_start(guest->loop, &plan, lock, &events, guest, &err);
	assert_non_null(guest->machine);
	close(lock);
}

static void finish(struct guest *guest)
{
	while (!guest->ended)
		loop_turn(guest->loop, -1);
	machine_free(guest->machine);
	loop_free(guest->loop);
	str_finish(&guest->console);
}

static void failures_of_others_do_not_end_the_console(void **state)
{
	(void)state;
	struct guest guest;

	start(&guest, "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do head -c 1024 /dev/zero | tr '\\0' x; done; "
	              "read line; echo \"alive $line\"");
	while (!guest.ended && guest.console.len < 12 * 1024)
		loop_turn(guest.loop, -1);
	assert_false(guest.ended);
	assert_int_equal(machine_type(guest.machine, "here\n", 5), 5);
	while (!guest.ended)
		loop_turn(guest.loop, -1);
	assert_non_null(strstr(guest.console.text, "alive here"));
	assert_int_equal(guest.status, 0);
	finish(&guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_of_others_do_not_end_the_console),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("keeper machine", tests, NULL, NULL);
}
