/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/guest_agent.h"

#include "core/base/loop.h"
#include "core/base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* The guest's end is a socket that the test reads and writes; `said` has all replies. */
struct fixture {
	struct loop *loop;
	struct guest_agent *agent;
	int fd;
	struct str said;
	char heard[4096];		/* by the guest, last */
	const char *next;		/* command to execute in the next callback */
	bool free_in_callback;
};

static void on_reply(void *data, const char *result, const char *error)
{
	struct fixture *fixture = data;
	const char *next = fixture->next;

	assert_true(!result != !error);
	str_addf(&fixture->said, "%s %s;", result ? "result" : "error", result ? result : error);
	fixture->next = NULL;
	if (next)
		guest_agent_execute(fixture->agent, next, NULL, on_reply, fixture);
	if (!fixture->free_in_callback)
		return;
	guest_agent_free(fixture->agent);
	fixture->agent = NULL;
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -1;
	fixture->loop = loop_new();
	fixture->fd = pair[0];
	fixture->agent = guest_agent_new(fixture->loop, pair[1]);
	guest_agent_opened(fixture->agent, true);
	str_init(&fixture->said);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	guest_agent_free(fixture->agent);
	loop_free(fixture->loop);
	if (fixture->fd >= 0)
		close(fixture->fd);
	str_finish(&fixture->said);
	free(fixture);
	return 0;
}

/* Let everything that is ready happen. */
static void settle(struct fixture *fixture)
{
	for (unsigned i = 0; i < 8; i++)
		loop_turn(fixture->loop, 0);
}

static void execute(struct fixture *fixture, const char *command, const char *arguments)
{
	guest_agent_execute(fixture->agent, command, arguments, on_reply, fixture);
	settle(fixture);
}

/* What the guest has got since it last looked. */
static const char *heard(struct fixture *fixture)
{
	ssize_t n = recv(fixture->fd, fixture->heard, sizeof(fixture->heard) - 1, 0);

	fixture->heard[n > 0 ? n : 0] = '\0';
	return fixture->heard;
}

static void guest_sends(struct fixture *fixture, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = send(fixture->fd, bytes, len, MSG_NOSIGNAL);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
		settle(fixture);
	}
}

static void guest_says(struct fixture *fixture, const char *text)
{
	guest_sends(fixture, text, strlen(text));
}

/* Reads the request to synchronise, and returns its number. */
static unsigned long long sync_number(struct fixture *fixture)
{
	static const char wanted[] = "\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":";
	const char *text = heard(fixture);
	char *end;
	unsigned long long number;

	assert_memory_equal(text, wanted, sizeof(wanted) - 1);
	number = strtoull(text + sizeof(wanted) - 1, &end, 10);
	assert_string_equal(end, "}}\n");
	return number;
}

static void answer_sync(struct fixture *fixture)
{
	char answer[80];

	snprintf(answer, sizeof(answer), "\xff{\"return\": %llu}\n", sync_number(fixture));
	guest_says(fixture, answer);
}

static void assert_said(struct fixture *fixture, const char *expect)
{
	assert_string_equal(fixture->said.text, expect);
	str_clear(&fixture->said);
}

static void a_command_follows_a_synchronisation(void **state)
{
	struct fixture *fixture = *state;

	execute(fixture, "guest-get-host-name", NULL);
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"guest-get-host-name\"}\n");
	guest_says(fixture, "{\"return\": {\"host-");
	assert_said(fixture, "");
	guest_says(fixture, "name\": \"web\"}}\r\n");
	assert_said(fixture, "result {\"host-name\":\"web\"};");
	execute(fixture, "guest-exec-status", "{\"pid\":7}");
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":7}}\n");
	guest_says(fixture, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no \\u001b[2J such\\nPID\"}}\n");
	assert_said(fixture, "error the guest agent reports: no ?[2J such PID;");
}

static void commands_are_sent_one_after_the_other(void **state)
{
	struct fixture *fixture = *state;

	execute(fixture, "first", NULL);
	fixture->next = "third";
	execute(fixture, "second", NULL);
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"first\"}\n");
	guest_says(fixture, "{\"return\": 1}\n{\"return\": 2}\n");
	assert_said(fixture, "result 1;");
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"second\"}\n");
	guest_says(fixture, "{\"return\": 2}\n");
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"third\"}\n");
	guest_says(fixture, "{\"return\": 3}\n");
	assert_said(fixture, "result 2;result 3;");
}

static void what_comes_before_the_answer_is_skipped(void **state)
{
	struct fixture *fixture = *state;
	unsigned long long number;
	char answer[200];

	/* An answer that is late, from a program that wrote before it was asked. */
	guest_says(fixture, "{\"return\": \"late\"}\n");
	execute(fixture, "guest-ping", NULL);
	number = sync_number(fixture);
	guest_says(fixture, "{\"return\": \"late\"}\n[[[[\nnoise\n\n\r\n\xff\n\xff{\n\xff{\"return\": {}}\n");
	snprintf(answer, sizeof(answer), "\xff{\"return\": %llu}\n\xff{\"error\": {\"desc\": \"%llu\"}}\n{\"return\": %llu}\n", number + 1,
	         number, number);
	guest_says(fixture, answer);
	assert_string_equal(heard(fixture), "");
	/* The mark may come behind the rest of a line. */
	snprintf(answer, sizeof(answer), "{\"return\": \xff{\"return\": %llu}\n", number);
	guest_says(fixture, answer);
	assert_string_equal(heard(fixture), "{\"execute\":\"guest-ping\"}\n");
	guest_says(fixture, "{\"return\": {}}\n");
	assert_said(fixture, "result {};");
}

static void two_synchronisations_have_different_numbers(void **state)
{
	struct fixture *fixture = *state;
	unsigned long long first;

	execute(fixture, "guest-ping", NULL);
	first = sync_number(fixture);
	guest_agent_opened(fixture->agent, false);
	guest_agent_opened(fixture->agent, true);
	execute(fixture, "guest-ping", NULL);
	assert_true(sync_number(fixture) != first);
}

static void an_answer_that_is_none_is_an_error(void **state)
{
	static const char *const answers[] = {
		"{\"event\": \"X\"}\n", "[]\n", "{\n", "\xff{\"return\": 1}\n", "{\"return\": \"\xc3\"}\n", "{\"error\": 1}\n",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		execute(fixture, "guest-ping", NULL);
		answer_sync(fixture);
		assert_string_not_equal(heard(fixture), "");
		guest_says(fixture, answers[i]);
		assert_memory_equal(fixture->said.text, "error the guest agent ", 22);
		assert_null(strchr(fixture->said.text, '\n'));
		str_clear(&fixture->said);
	}
}

static void a_line_without_an_end_is_bounded(void **state)
{
	struct fixture *fixture = *state;
	static char flood[70000];

	memset(flood, '[', sizeof(flood));
	execute(fixture, "guest-ping", NULL);
	/* While it waits for the mark, such a line is skipped as all others. */
	guest_sends(fixture, flood, sizeof(flood));
	guest_says(fixture, "\n");
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"guest-ping\"}\n");
	guest_sends(fixture, flood, sizeof(flood));
	guest_says(fixture, "\n");
	assert_said(fixture, "error the guest agent sent a line that is too long;");
}

static void a_flood_ends_the_command_and_is_not_read_any_more(void **state)
{
	struct fixture *fixture = *state;
	static const char line[] = "{\"return\": {}}\n";
	size_t sent = 0;
	ssize_t n;

	execute(fixture, "guest-ping", NULL);
	while (!fixture->said.len && sent < 4U << 20) {
		n = send(fixture->fd, line, sizeof(line) - 1, MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
		if (n < 0)
			settle(fixture);
	}
	assert_said(fixture, "error the guest agent sent too much without an answer;");
	for (n = 1; n > 0;)
		n = send(fixture->fd, line, sizeof(line) - 1, MSG_NOSIGNAL);
	settle(fixture);
	assert_int_equal(send(fixture->fd, line, sizeof(line) - 1, MSG_NOSIGNAL), -1);
}

static void without_a_program_at_the_port_there_is_an_error_at_once(void **state)
{
	struct fixture *fixture = *state;

	guest_agent_opened(fixture->agent, false);
	assert_false(guest_agent_is_open(fixture->agent));
	execute(fixture, "guest-ping", NULL);
	assert_said(fixture, "error no guest agent runs in the guest;");
	assert_string_equal(heard(fixture), "");
	guest_agent_opened(fixture->agent, true);
	assert_true(guest_agent_is_open(fixture->agent));
	execute(fixture, "guest-ping", NULL);
	execute(fixture, "guest-ping", NULL);
	fixture->next = "guest-ping";
	guest_agent_opened(fixture->agent, false);
	assert_said(fixture, "error the guest agent has stopped;error no guest agent runs in the guest;error the guest agent has stopped;");
}

static void a_command_has_a_name(void **state)
{
	static const char *const names[] = { "", "guest ping", "x\",\"y", "guest-ping\n" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		execute(fixture, names[i], NULL);
		assert_said(fixture, "error not a command of a guest agent;");
	}
	assert_string_equal(heard(fixture), "");
}

static void a_shutdown_needs_no_answer(void **state)
{
	struct fixture *fixture = *state;

	execute(fixture, "guest-shutdown", "{\"mode\":\"powerdown\"}");
	guest_agent_opened(fixture->agent, false);
	assert_said(fixture, "error the guest agent has stopped;");
	heard(fixture);
	guest_agent_opened(fixture->agent, true);
	execute(fixture, "guest-shutdown", NULL);
	answer_sync(fixture);
	assert_string_equal(heard(fixture), "{\"execute\":\"guest-shutdown\"}\n");
	guest_agent_opened(fixture->agent, false);
	assert_said(fixture, "result {};");
	guest_agent_opened(fixture->agent, true);
	execute(fixture, "guest-suspend-ram", NULL);
	answer_sync(fixture);
	guest_says(fixture, "{\"error\": {\"desc\": \"not now\"}}\n");
	assert_said(fixture, "error the guest agent reports: not now;");
}

static void a_guest_that_does_not_answer_is_given_up(void **state)
{
	struct fixture *fixture = *state;

	guest_agent_timeouts(fixture->agent, 0, 0);
	execute(fixture, "guest-ping", NULL);
	while (!fixture->said.len)
		loop_turn(fixture->loop, -1);
	assert_said(fixture, "error the guest agent does not answer;");
	sync_number(fixture);
	guest_agent_timeouts(fixture->agent, 10000, 0);
	execute(fixture, "guest-shutdown", NULL);
	answer_sync(fixture);
	while (!fixture->said.len)
		loop_turn(fixture->loop, -1);
	assert_said(fixture, "result {};");
}

static void the_end_of_qemu_ends_what_waits(void **state)
{
	struct fixture *fixture = *state;

	execute(fixture, "guest-ping", NULL);
	execute(fixture, "guest-ping", NULL);
	close(fixture->fd);
	fixture->fd = -1;
	settle(fixture);
	assert_said(fixture, "error QEMU has closed the port of the guest agent;error QEMU has closed the port of the guest agent;");
	guest_agent_opened(fixture->agent, true);
	execute(fixture, "guest-ping", NULL);
	assert_said(fixture, "error no guest agent runs in the guest;");
}

static void only_so_many_commands_wait(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < 16; i++)
		execute(fixture, "guest-ping", NULL);
	assert_said(fixture, "");
	execute(fixture, "guest-ping", NULL);
	assert_said(fixture, "error too many commands wait for the guest agent;");
}

static void a_guest_that_does_not_read_does_not_block(void **state)
{
	static char argument[1 << 20];
	struct fixture *fixture = *state;

	memset(argument, ' ', sizeof(argument) - 1);
	execute(fixture, "guest-ping", argument);
	answer_sync(fixture);
	settle(fixture);
	assert_string_not_equal(heard(fixture), "");
	assert_said(fixture, "");
	/* What was not sent is not sent later. */
	guest_agent_opened(fixture->agent, false);
	while (*heard(fixture))
		;
	settle(fixture);
	assert_string_equal(heard(fixture), "");
}

static void it_may_be_freed_in_any_callback(void **state)
{
	struct fixture *fixture = *state;

	fixture->free_in_callback = true;
	execute(fixture, "guest-ping", NULL);
	execute(fixture, "guest-ping", NULL);
	answer_sync(fixture);
	guest_says(fixture, "{\"return\": {}}\n{\"return\": {}}\n");
	assert_said(fixture, "result {};");
	assert_null(fixture->agent);
}

static void it_may_be_freed_when_the_guest_closes_the_port(void **state)
{
	struct fixture *fixture = *state;

	fixture->free_in_callback = true;
	execute(fixture, "guest-ping", NULL);
	execute(fixture, "guest-ping", NULL);
	guest_agent_opened(fixture->agent, false);
	assert_said(fixture, "error the guest agent has stopped;");
}

#define story(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(a_command_follows_a_synchronisation),
		story(commands_are_sent_one_after_the_other),
		story(what_comes_before_the_answer_is_skipped),
		story(two_synchronisations_have_different_numbers),
		story(an_answer_that_is_none_is_an_error),
		story(a_line_without_an_end_is_bounded),
		story(a_flood_ends_the_command_and_is_not_read_any_more),
		story(without_a_program_at_the_port_there_is_an_error_at_once),
		story(a_command_has_a_name),
		story(a_shutdown_needs_no_answer),
		story(a_guest_that_does_not_answer_is_given_up),
		story(the_end_of_qemu_ends_what_waits),
		story(only_so_many_commands_wait),
		story(a_guest_that_does_not_read_does_not_block),
		story(it_may_be_freed_in_any_callback),
		story(it_may_be_freed_when_the_guest_closes_the_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
