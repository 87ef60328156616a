/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/run/registry.h"
#include "fake/vm_rig.h"
#include "persist/records.h"

#include <poll.h>
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

/* A keeper by hand: registered as one, says what a test says. */
struct puppet {
	struct rig rig;
	struct registry_claim *claim;
	int listener, fd;
	struct frame_reader in;
	struct str typed, commands;
	unsigned ids[8];		/* of requests for QEMU */
	size_t id_count;
	struct seen seen;
};

static void puppet_say(struct puppet *puppet, enum frame_type type, const struct message *message)
{
	struct str out;

	str_init(&out);
	message_write(&out, type, message);
	assert_int_equal(send(puppet->fd, out.text, out.len, MSG_NOSIGNAL), out.len);
	str_finish(&out);
}

/* Registered and connected to, but it has not said a word. */
static void puppet_init(struct puppet *puppet)
{
	struct error err;

	*puppet = (struct puppet){ .fd = -1 };
	rig_init(&puppet->rig);
	frame_reader_init(&puppet->in, FRAME_MAX_TYPED);
	str_init(&puppet->typed);
	str_init(&puppet->commands);
	assert_int_equal(registry_claim(puppet->rig.plan.uuid, &puppet->claim, &err), REGISTRY_OK);
	puppet->listener = registry_listen(puppet->claim, &err);
	assert_true(puppet->listener >= 0);

	struct registry_entry entry = { .name = puppet->rig.plan.name, .state = puppet->rig.state,
	                                .image = puppet->rig.plan.image, .kind = puppet->rig.plan.kind, .pid = getpid(), .started = 1 };

	assert_true(registry_publish(puppet->claim, records_on_files(), &entry, &err));
	rig_attach(&puppet->rig, &puppet->seen, ROLE_CONSOLE);
	puppet->fd = accept(puppet->listener, NULL, NULL);
	assert_true(puppet->fd >= 0);
}

static void puppet_hello(struct puppet *puppet, int protocol)
{
	puppet_say(puppet, FRAME_HELLO, &(struct message){ .protocol = protocol });
}

static void puppet_finish(struct puppet *puppet)
{
	rig_close(&puppet->seen);
	if (puppet->fd >= 0)
		close(puppet->fd);
	close(puppet->listener);
	registry_release(puppet->claim);
	frame_reader_finish(&puppet->in);
	str_finish(&puppet->typed);
	str_finish(&puppet->commands);
	rig_finish(&puppet->rig);
}

/* What the client has said by now. */
static void puppet_hear(struct puppet *puppet)
{
	struct frame frame;
	struct message message;
	size_t room;

	for (;;) {
		void *at = frame_reader_room(&puppet->in, &room);
		ssize_t n = recv(puppet->fd, at, room, MSG_DONTWAIT);

		if (n <= 0)
			return;
		frame_reader_added(&puppet->in, (size_t)n);
		while (frame_next(&puppet->in, &frame) == FRAME_READY) {
			if (frame.type == FRAME_TYPED)
				str_add(&puppet->typed, frame.bytes, frame.len);
			if (frame.type == FRAME_COMMAND) {
				assert_true(message_read(&frame, &message));
				str_addf(&puppet->commands, "%s ", message.command);
				message_finish(&message);
			}
			if (frame.type == FRAME_QMP || frame.type == FRAME_AGENT || frame.type == FRAME_SETTING) {
				struct control_frame request;

				assert_true(control_frame_read(&frame, &request));
				assert_true(puppet->id_count < sizeof(puppet->ids) / sizeof(puppet->ids[0]));
				puppet->ids[puppet->id_count++] = request.id;
				str_addf(&puppet->commands, "%s%s ", frame.type == FRAME_AGENT ? "agent:" : "", request.name);
				control_frame_finish(&request);
			}
		}
	}
}

static void a_newer_keeper_is_for_looking_at_only(void **state)
{
	(void)state;
	struct puppet puppet;

	puppet_init(&puppet);
	puppet_hello(&puppet, PROTOCOL_VERSION + 1);
	puppet_say(&puppet, FRAME_STATE, &(struct message){ .phase = "hibernating", .name = "web" });
	until(&puppet.rig, puppet.seen.states == 1);
	assert_int_equal(puppet.seen.state.phase, VM_RUNNING);	/* a word it does not know */
	unsigned id = keeper_command(puppet.seen.client, KEEPER_KILL);
	assert_true(id > 0);
	assert_int_equal(puppet.seen.replies, 0);	/* never from within the call */
	until(&puppet.rig, puppet.seen.replies == 1);
	assert_non_null(strstr(puppet.seen.reply, "newer"));
	rig_type(&puppet.seen, "typing is fine");
	puppet_hear(&puppet);
	assert_string_equal(puppet.typed.text, "typing is fine");
	assert_int_equal(puppet.commands.len, 0);
	puppet_finish(&puppet);
}

static void a_keeper_that_is_full_says_so(void **state)
{
	(void)state;
	struct puppet puppet;

	puppet_init(&puppet);
	puppet_say(&puppet, FRAME_HELLO, &(struct message){ .protocol = PROTOCOL_VERSION, .error = "too many here" });
	until(&puppet.rig, puppet.seen.lost);
	assert_string_equal(puppet.seen.why, "too many here");
	puppet_finish(&puppet);
}

static void the_client_keeps_to_the_window_and_commands_pass_what_waits(void **state)
{
	(void)state;
	struct puppet puppet;
	char text[1000];

	puppet_init(&puppet);
	puppet_hello(&puppet, PROTOCOL_VERSION);
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 50; i++)
		keeper_type(puppet.seen.client, text, sizeof(text));
	keeper_command(puppet.seen.client, KEEPER_QUIT);
	puppet_hear(&puppet);
	assert_int_equal(puppet.typed.len, TYPED_WINDOW);
	assert_int_equal(keeper_untyped(puppet.seen.client), 50000 - TYPED_WINDOW);
	assert_string_equal(puppet.commands.text, "quit ");
	assert_int_equal(puppet.seen.writable, 0);
	for (int i = 0; i < 3; i++)
		puppet_say(&puppet, FRAME_TAKEN, &(struct message){ .bytes = TYPED_WINDOW });
	until(&puppet.rig, keeper_untyped(puppet.seen.client) == 0);
	puppet_hear(&puppet);
	assert_int_equal(puppet.typed.len, 50000);
	assert_int_equal(puppet.seen.writable, 1);
	puppet_finish(&puppet);
}

static void a_keeper_that_breaks_off_or_talks_nonsense_is_lost_with_a_reason(void **state)
{
	(void)state;
	static const struct { const char *bytes; size_t len; bool hello; const char *why; } cases[] = {
		{ "", 0, true, "has exited" },
		{ "\x02\x01\x00\x00\x00x", 6, false, "not a keeper" },
		{ "HTTP/1.0 400 Bad Request\r\n", 26, false, "protocol" },
		{ "\x02\xff\xff\xff\xff", 5, true, "protocol" },
		{ "\x07\x02\x00\x00\x00no", 7, true, "protocol" },
		{ "\x11\x1a\x00\x00\x00{\"rows\":24,\"columns\":1001}", 31, true, "protocol" },
		{ "\x11\x19\x00\x00\x00{\"rows\":501,\"columns\":80}", 30, true, "protocol" },
		{ "\x11\x02\x00\x00\x00{}", 7, true, "protocol" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct puppet puppet;

		puppet_init(&puppet);
		if (cases[i].hello)
			puppet_hello(&puppet, PROTOCOL_VERSION);
		assert_int_equal(send(puppet.fd, cases[i].bytes, cases[i].len, 0), cases[i].len);
		if (cases[i].len == 0) {
			close(puppet.fd);
			puppet.fd = -1;
		}
		until(&puppet.rig, puppet.seen.lost);
		assert_non_null(strstr(puppet.seen.why, cases[i].why));
		/* All of these are fine on what is lost. */
		rig_type(&puppet.seen, "x");
		keeper_answer(puppet.seen.client, "x", 1);
		keeper_command(puppet.seen.client, KEEPER_KILL);
		puppet_finish(&puppet);
	}
}

static void unknown_frames_are_skipped(void **state)
{
	(void)state;
	struct puppet puppet;

	puppet_init(&puppet);
	puppet_hello(&puppet, PROTOCOL_VERSION);
	assert_int_equal(send(puppet.fd, "\xc8\x03\x00\x00\x00new", 8, 0), 8);
	puppet_say(&puppet, FRAME_NOTICE, &(struct message){ .text = "after it" });
	until(&puppet.rig, puppet.seen.notice.len > 0);
	assert_string_equal(puppet.seen.notice.text, "after it\n");
	puppet_finish(&puppet);
}

struct outcome {
	unsigned calls;
	char result[64], error[160];
};

static void on_result(void *data, const char *result, const char *error)
{
	struct outcome *outcome = data;

	outcome->calls++;
	snprintf(outcome->result, sizeof(outcome->result), "%s", result ? result : "");
	snprintf(outcome->error, sizeof(outcome->error), "%s", error ? error : "");
}

static void a_request_gets_what_qemu_returned(void **state)
{
	(void)state;
	struct puppet puppet;
	struct outcome first = { 0 }, second = { 0 }, long_one = { 0 }, third = { 0 }, open = { 0 };
	struct str out;
	char *large = mem_alloc(20001);

	memset(large, 'x', 20000);
	puppet_init(&puppet);
	keeper_qmp(puppet.seen.client, "query-a", NULL, on_result, &first);
	puppet_hello(&puppet, PROTOCOL_VERSION);
	keeper_setting(puppet.seen.client, "network.publish", SETTING_ADD, "1:1", on_result, &second);
	keeper_setting(puppet.seen.client, "disks.disk", SETTING_ADD, large, on_result, &long_one);
	keeper_agent(puppet.seen.client, "guest-ping", NULL, on_result, &third);
	keeper_qmp(puppet.seen.client, "query-b", "{\"x\":1}", on_result, &open);
	until(&puppet.rig, long_one.calls == 1);
	assert_string_equal(long_one.error, "the value is too long");
	puppet_hear(&puppet);
	assert_string_equal(puppet.commands.text, "query-a network.publish agent:guest-ping query-b ");
	str_init(&out);
	result_frames_write(&out, puppet.ids[0], "{\"a\":", 5);
	result_frames_write(&out, puppet.ids[0], "1}", 2);
	assert_int_equal(send(puppet.fd, out.text, out.len, 0), out.len);
	str_finish(&out);
	puppet_say(&puppet, FRAME_REPLY, &(struct message){ .id = puppet.ids[1], .error = "not so" });
	puppet_say(&puppet, FRAME_REPLY, &(struct message){ .id = puppet.ids[2], .error = "no agent" });
	puppet_say(&puppet, FRAME_REPLY, &(struct message){ .id = puppet.ids[0] });
	until(&puppet.rig, first.calls == 1);
	assert_string_equal(third.error, "no agent");
	assert_string_equal(first.result, "{\"a\":1}");
	assert_string_equal(first.error, "");
	assert_string_equal(second.error, "not so");
	assert_int_equal(puppet.seen.replies, 0);
	rig_close(&puppet.seen);
	assert_int_equal(open.calls, 1);
	assert_string_equal(open.error, "the connection was closed");
	puppet_finish(&puppet);
	free(large);
}

/* As with a QEMU that was stopped by a signal, or a keeper that was. What comes too late is not taken for anything else. */
static void a_request_without_an_answer_ends(void **state)
{
	(void)state;
	struct puppet puppet;
	struct outcome asked = { 0 }, set = { 0 }, later = { 0 };

	puppet_init(&puppet);
	puppet_hello(&puppet, PROTOCOL_VERSION);
	keeper_answer_within(puppet.seen.client, 1);
	keeper_qmp(puppet.seen.client, "query-a", NULL, on_result, &asked);
	keeper_setting(puppet.seen.client, "network.publish", SETTING_ADD, "1:1", on_result, &set);
	until(&puppet.rig, asked.calls == 1 && set.calls == 1);
	assert_string_equal(asked.error, keeper_unanswered);
	assert_string_equal(set.error, keeper_unanswered);
	keeper_answer_within(puppet.seen.client, KEEPER_ANSWER_MS);
	keeper_qmp(puppet.seen.client, "query-b", NULL, on_result, &later);
	puppet_hear(&puppet);
	puppet_say(&puppet, FRAME_REPLY, &(struct message){ .id = puppet.ids[0], .error = "too late" });
	puppet_say(&puppet, FRAME_REPLY, &(struct message){ .id = puppet.ids[2], .error = "in time" });
	until(&puppet.rig, later.calls == 1);
	assert_string_equal(later.error, "in time");
	assert_int_equal(asked.calls, 1);
	puppet_finish(&puppet);
}

/* Whether it is known before the request or afterwards. */
static void a_keeper_without_control_refuses_requests(void **state)
{
	(void)state;
	static const struct { int protocol; const char *why; } cases[] = {
		{ 1, "older" }, { 2, "older" }, { PROTOCOL_VERSION + 1, "newer" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct puppet puppet;
		struct outcome before = { 0 }, after = { 0 };

		puppet_init(&puppet);
		keeper_qmp(puppet.seen.client, "query-a", NULL, on_result, &before);
		puppet_hello(&puppet, cases[i].protocol);
		until(&puppet.rig, before.calls == 1);
		assert_non_null(strstr(before.error, cases[i].why));
		keeper_qmp(puppet.seen.client, "query-b", NULL, on_result, &after);
		assert_int_equal(after.calls, 0);
		until(&puppet.rig, after.calls == 1);
		puppet_hear(&puppet);
		assert_int_equal(puppet.commands.len, 0);
		puppet_finish(&puppet);
	}
}

static void close_from_console(void *data, const void *bytes, size_t len, bool history)
{
	struct keeper_client **client = data;

	(void)bytes;
	(void)len;
	(void)history;
	keeper_close(*client);
	*client = NULL;
}

static void must_not_come(void *data, const char *text)
{
	(void)data;
	fail_msg("told after it was closed: %s", text);
}

static void a_callback_may_close_the_client(void **state)
{
	(void)state;
	static const struct keeper_events events = { .console = close_from_console, .notice = must_not_come };
	struct puppet puppet;
	struct keeper_client *client;
	struct registry_entry entry = { .pid = 1 };
	struct error err;

	puppet_init(&puppet);
	memcpy(entry.uuid, puppet.rig.plan.uuid, sizeof(entry.uuid));
	client = keeper_connect(puppet.rig.loop, &entry, &(struct keeper_join){ .role = ROLE_CONSOLE }, &events, &client, &err);
	assert_non_null(client);
	close(puppet.fd);
	puppet.fd = accept(puppet.listener, NULL, NULL);
	puppet_hello(&puppet, PROTOCOL_VERSION);
	assert_int_equal(send(puppet.fd, "\x02\x01\x00\x00\x00x", 6, 0), 6);
	puppet_say(&puppet, FRAME_NOTICE, &(struct message){ .text = "too late" });
	until(&puppet.rig, !client && puppet.seen.lost);
	loop_turn(puppet.rig.loop, 0);
	puppet_finish(&puppet);
}

static void nothing_to_connect_to_is_an_error(void **state)
{
	static const struct keeper_events events = { .console = NULL };
	struct rig *rig = *state;
	struct registry_entry entry = { .uuid = "1b4e28ba-2fa1-41d2-883f-0016d3cca427" };
	struct error err;

	assert_null(keeper_connect(rig->loop, &entry, &keeper_watch, &events, NULL, &err));
	assert_non_null(strstr(err.text, "No such file or directory"));
	keeper_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_newer_keeper_is_for_looking_at_only),
		cmocka_unit_test(a_keeper_that_is_full_says_so),
		cmocka_unit_test(the_client_keeps_to_the_window_and_commands_pass_what_waits),
		cmocka_unit_test(a_keeper_that_breaks_off_or_talks_nonsense_is_lost_with_a_reason),
		cmocka_unit_test(unknown_frames_are_skipped),
		cmocka_unit_test(a_request_gets_what_qemu_returned),
		cmocka_unit_test(a_request_without_an_answer_ends),
		cmocka_unit_test(a_keeper_without_control_refuses_requests),
		cmocka_unit_test(a_callback_may_close_the_client),
		rig_test(nothing_to_connect_to_is_an_error),
	};

	return cmocka_run_group_tests_name("keeper's client", tests, NULL, NULL);
}
