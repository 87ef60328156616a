/* SPDX-License-Identifier: MIT */
#include "core/qemu/qmp/qmp.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/qemu/qmp/qmp_message.h"

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

#define GREETING "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0}}, \"capabilities\": [\"oob\"]}}\r\n"
#define CAPABLE  "{\"return\": {}, \"id\": 0}\r\n"

/* QEMU's end is a socket that the test writes; all that happens is told in `said`. */
struct fixture {
	struct loop *loop;
	struct qmp *qmp;
	int fd;
	struct str said;
	bool free_in_callback;
};

static void maybe_free(struct fixture *fixture)
{
	if (!fixture->free_in_callback)
		return;
	qmp_free(fixture->qmp);
	fixture->qmp = NULL;
}

static void on_ready(void *data)
{
	struct fixture *fixture = data;

	str_adds(&fixture->said, "ready;");
	maybe_free(fixture);
}

static void on_event(void *data, const char *name, const char *detail)
{
	struct fixture *fixture = data;

	str_addf(&fixture->said, "event %s %s;", name, detail);
	maybe_free(fixture);
}

static void on_closed(void *data, const char *why)
{
	struct fixture *fixture = data;

	str_addf(&fixture->said, "closed %s;", why ? why : "by QEMU");
	maybe_free(fixture);
}

static void on_reply(void *data, const char *result, const char *error)
{
	struct fixture *fixture = data;

	str_addf(&fixture->said, "%s %s;", result ? "result" : "error", result ? result : error);
	maybe_free(fixture);
}

static const struct qmp_events events = { .ready = on_ready, .event = on_event, .closed = on_closed };

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	fixture->loop = loop_new();
	fixture->fd = pair[0];
	fixture->qmp = qmp_new(fixture->loop, pair[1], &events, fixture);
	str_init(&fixture->said);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	qmp_free(fixture->qmp);
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
	for (unsigned i = 0; i < 4; i++)
		loop_turn(fixture->loop, 0);
}

static void qemu_says(struct fixture *fixture, const char *text)
{
	size_t len = strlen(text);

	assert_int_equal(send(fixture->fd, text, len, MSG_NOSIGNAL), len);
	settle(fixture);
}

static void assert_said(struct fixture *fixture, const char *expect)
{
	assert_string_equal(fixture->said.text, expect);
	str_clear(&fixture->said);
}

static void assert_heard(struct fixture *fixture, const char *expect)
{
	char text[4096];
	ssize_t n = recv(fixture->fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	assert_string_equal(text, expect);
}

static void negotiate(struct fixture *fixture)
{
	qemu_says(fixture, GREETING);
	assert_heard(fixture, "{\"execute\":\"qmp_capabilities\",\"id\":0}\n");
	qemu_says(fixture, CAPABLE);
	assert_said(fixture, "ready;");
}

static void greeting_is_answered_and_then_it_is_ready(void **state)
{
	struct fixture *fixture = *state;

	settle(fixture);
	assert_heard(fixture, "");
	negotiate(fixture);
}

static void commands_wait_for_the_negotiation(void **state)
{
	struct fixture *fixture = *state;

	qmp_execute(fixture->qmp, "query-status", NULL, on_reply, fixture);
	qemu_says(fixture, GREETING);
	qmp_execute(fixture->qmp, "stop", NULL, on_reply, fixture);
	assert_heard(fixture, "{\"execute\":\"qmp_capabilities\",\"id\":0}\n");
	qemu_says(fixture, CAPABLE);
	assert_heard(fixture, "{\"execute\":\"query-status\",\"id\":1}\n{\"execute\":\"stop\",\"id\":2}\n");
	assert_said(fixture, "ready;");
	qemu_says(fixture, "{\"return\": {\"status\": \"running\"}, \"id\": 1}\r\n{\"return\": {}, \"id\": 2}\r\n");
	assert_said(fixture, "result {\"status\":\"running\"};result {};");
}

static void replies_find_their_command_by_its_number(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	qmp_execute(fixture->qmp, "one", "{\"a\":[1]}", on_reply, fixture);
	qmp_execute(fixture->qmp, "two", NULL, NULL, NULL);
	qmp_execute(fixture->qmp, "three", NULL, on_reply, fixture);
	assert_heard(fixture, "{\"execute\":\"one\",\"arguments\":{\"a\":[1]},\"id\":1}\n"
	             "{\"execute\":\"two\",\"id\":2}\n{\"execute\":\"three\",\"id\":3}\n");
	qemu_says(fixture, "{\"id\": 3, \"error\": {\"class\": \"GenericError\", \"desc\": \"no such thing\"}}\r\n");
	qemu_says(fixture, "{\"id\": 3, \"return\": {}}\r\n{\"id\": 77, \"return\": {}}\r\n{\"id\": \"x\", \"return\": {}}\r\n{\"return\": {}}\r\n");
	qemu_says(fixture, "{\"id\": 2, \"return\": {}}\r\n{\"id\": 1, \"return\": 5}\r\n");
	assert_said(fixture, "error no such thing;result 5;");
}

static void events_come_with_their_data(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	qemu_says(fixture, "{\"timestamp\": {\"seconds\": 1}, \"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, "
	          "\"reason\": \"guest-shutdown\"}}\r\n{\"event\": \"STOP\"}\r\n{\"later\": 1}\r\n");
	assert_said(fixture, "event SHUTDOWN {\"guest\":true,\"reason\":\"guest-shutdown\"};event STOP ;");
}

static void lines_may_come_in_any_pieces(void **state)
{
	struct fixture *fixture = *state;
	static const char text[] = GREETING CAPABLE "\r\n{\"event\": \"A\"}\r\n{\"event\": \"B\"}\r\n";

	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		char piece[2] = { text[i], '\0' };

		qemu_says(fixture, piece);
	}
	assert_said(fixture, "ready;event A ;event B ;");
}

static void what_is_no_monitor_is_closed_with_the_reason(void **state)
{
	static const struct { const char *text, *expect; } rows[] = {
		{ "hello\n", "closed QEMU's monitor: sent an unexpected message: not JSON: " },
		{ "[]\n", "closed QEMU's monitor: sent an unexpected message: not a JSON object;" },
		{ "{\"return\": {}}\n", "closed QEMU's monitor: sent no greeting;" },
		{ GREETING "{\"error\": {\"desc\": \"go away\"}, \"id\": 0}\n", "closed QEMU's monitor: refused the connection: go away;" },
		{ GREETING "{\"error\": {}, \"id\": 0}\n", "closed QEMU's monitor: refused the connection: QEMU reports an error without" },
		{ GREETING CAPABLE "{\"event\": \"\xff\"}\n", "ready;closed QEMU's monitor: sent an unexpected" },
		{ GREETING CAPABLE "{\"event\": \n", "ready;closed QEMU's monitor: sent an unexpected" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture *fixture = *state;

		qemu_says(fixture, rows[i].text);
		assert_memory_equal(fixture->said.text, rows[i].expect, strlen(rows[i].expect));
		tear_down(state);
		assert_int_equal(set_up(state), 0);
	}
}

static void big_numbers_are_no_garbage(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	qemu_says(fixture, "{\"event\": \"E\", \"data\": {\"at\": 18446744073709551615}}\r\n");
	assert_memory_equal(fixture->said.text, "event E {\"at\":1.844", 19);
}

/* QEMU's schema is one line of 0.3 MiB; twice the limit of what is understood is not read to its end. */
static void feed_line(struct fixture *fixture, size_t len)
{
	static char piece[4096];
	size_t sent = 0;

	memset(piece, 'x', sizeof(piece));
	while (sent < len && fixture->said.len == 0) {
		ssize_t n = send(fixture->fd, piece, sizeof(piece), MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			sent += (size_t)n;
		loop_turn(fixture->loop, 0);
	}
}

static void long_lines_are_read_whole(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	qmp_execute(fixture->qmp, "query-qmp-schema", NULL, on_reply, fixture);
	qemu_says(fixture, "{\"id\": 1, \"return\": \"");
	feed_line(fixture, 1024 * 1024);
	qemu_says(fixture, "\"}\r\n");
	for (unsigned i = 0; i < 100 && !fixture->said.len; i++)
		loop_turn(fixture->loop, 0);
	assert_int_equal(fixture->said.len, 1024 * 1024 + strlen("result \"\";"));
}

static void endless_lines_are_refused(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	feed_line(fixture, 16 * 1024 * 1024);
	assert_said(fixture, "closed QEMU's monitor: sent a line of more than 8388608 bytes;");
}

static void closing_answers_what_was_asked(void **state)
{
	struct fixture *fixture = *state;

	negotiate(fixture);
	qmp_execute(fixture->qmp, "quit", NULL, on_reply, fixture);
	qmp_execute(fixture->qmp, "quit", NULL, NULL, NULL);
	assert_int_equal(send(fixture->fd, "{\"event\": \"SHUTDOWN\"}\r\n{\"ev", 27, 0), 27);
	close(fixture->fd);
	fixture->fd = -1;
	settle(fixture);
	assert_said(fixture, "event SHUTDOWN ;error QEMU closed its monitor;closed by QEMU;");
	qmp_execute(fixture->qmp, "quit", NULL, on_reply, fixture);
	assert_said(fixture, "error QEMU's monitor is closed;");
}

static void a_qemu_that_does_not_read_blocks_nobody(void **state)
{
	struct fixture *fixture = *state;
	char *much = calloc(1, 512 * 1024);
	size_t got = 0;
	char chunk[65536];

	negotiate(fixture);
	memset(much, ' ', 512 * 1024 - 1);
	memcpy(much, "{}", 2);
	for (unsigned i = 0; i < 4; i++)
		qmp_execute(fixture->qmp, "big", much, on_reply, fixture);
	free(much);
	for (unsigned i = 0; i < 1000 && got < 4 * 512 * 1024; i++) {
		ssize_t n;

		loop_turn(fixture->loop, 0);
		while ((n = recv(fixture->fd, chunk, sizeof(chunk), MSG_DONTWAIT)) > 0)
			got += (size_t)n;
	}
	assert_true(got > 4 * (512 * 1024 - 1));
	qemu_says(fixture, "{\"return\": {}, \"id\": 4}\r\n");
	assert_said(fixture, "result {};");
}

static void it_may_be_freed_in_any_callback(void **state)
{
	static const char *const first[] = { GREETING, GREETING, "{}\n" };
	static const char *const last[] = {
		CAPABLE, "{\"event\": \"A\"}\r\n{\"event\": \"B\"}\r\n", "{}\n",
	};

	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		struct fixture *fixture = *state;

		fixture->free_in_callback = true;
		qmp_execute(fixture->qmp, "x", NULL, on_reply, fixture);
		qemu_says(fixture, first[i]);
		if (fixture->qmp)
			qemu_says(fixture, last[i]);
		assert_null(fixture->qmp);
		assert_non_null(strchr(fixture->said.text, ';'));
		assert_ptr_equal(strchr(fixture->said.text, ';'), strrchr(fixture->said.text, ';'));
		tear_down(state);
		assert_int_equal(set_up(state), 0);
	}
}

static void members_of_an_object_are_text(void **state)
{
	(void)state;
	static const struct { const char *json, *name, *expect; } rows[] = {
		{ "{\"reason\": \"guest-panic\"}", "reason", "guest-panic" },
		{ "{\"guest\": true, \"x\": false}", "guest", "true" },
		{ "{\"guest\": true, \"x\": false}", "x", "false" },
		{ "{\"n\": 12}", "n", "12" }, { "{\"n\": 18446744073709551615}", "n", "1.8446744073709552e19" },
		{ "{\"n\": null, \"o\": {}, \"a\": []}", "n", NULL }, { "{\"o\": {}}", "o", NULL },
		{ "{}", "n", NULL }, { "", "n", NULL }, { "[1]", "n", NULL }, { "nonsense", "n", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = qmp_member(rows[i].json, rows[i].name);

		if (rows[i].expect)
			assert_string_equal(text, rows[i].expect);
		else
			assert_null(text);
		free(text);
	}
}

#define QMP_CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		QMP_CASE(greeting_is_answered_and_then_it_is_ready),
		QMP_CASE(commands_wait_for_the_negotiation),
		QMP_CASE(replies_find_their_command_by_its_number),
		QMP_CASE(events_come_with_their_data),
		QMP_CASE(lines_may_come_in_any_pieces),
		QMP_CASE(what_is_no_monitor_is_closed_with_the_reason),
		QMP_CASE(big_numbers_are_no_garbage),
		QMP_CASE(long_lines_are_read_whole),
		QMP_CASE(endless_lines_are_refused),
		QMP_CASE(closing_answers_what_was_asked),
		QMP_CASE(a_qemu_that_does_not_read_blocks_nobody),
		QMP_CASE(it_may_be_freed_in_any_callback),
		cmocka_unit_test(members_of_an_object_are_text),
	};

	return cmocka_run_group_tests_name("qmp", tests, NULL, NULL);
}
