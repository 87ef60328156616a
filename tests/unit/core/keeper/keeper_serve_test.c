/* SPDX-License-Identifier: MIT */
#include "core/base/loop.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"
#include "core/base/alloc.h"
#include "core/keeper/clients/peer.h"
#include "fake/serve_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void history_is_marked_off_from_what_is_live(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	output(&stage, "before\r\n");
	join_as(&stage, &peer, &(struct message){ .role = "console", .raw = true });
	settle(&stage, &peer, NULL);
	output(&stage, "after\r\n");
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hHEC");
	assert_string_equal(peer.history.text, "before\r\n");
	assert_string_equal(peer.console.text, "after\r\n");
	assert_int_equal(serve_consoles(stage.serve), 1);
	assert_int_equal(stage.changes, 1);
	peer_finish(&peer);
	settle(&stage, NULL, NULL);
	assert_int_equal(serve_consoles(stage.serve), 0);
	assert_int_equal(stage.changes, 2);
	stage_finish(&stage);
}

static void assert_shows(const struct str *bytes, int rows, int columns, int row, const char *text)
{
	static const struct terminal_events nobody = { .bell = NULL };
	struct terminal *term = terminal_new(rows, columns, 0, &nobody, NULL);
	char shown[200];

	terminal_write(term, bytes->text, bytes->len);
	terminal_row_text(term, row, shown, sizeof(shown));
	assert_string_equal(shown, text);
	terminal_free(term);
}

/* However much the guest has written, a client begins with one screen. */
static void a_client_begins_with_the_screen(void **state)
{
	(void)state;
	struct stage stage;
	struct peer old, now;

	stage_init(&stage);
	output(&stage, "\033[?1049h\033[2J\033[HHEADER");
	for (int i = 0; i < 3 * RING_SIZE / 16; i++)
		output(&stage, "\033[s\033[20;70H.\033[u");
	join(&stage, &old, "read-only");
	join_as(&stage, &now, &(struct message){ .role = "console", .rows = 30, .columns = 90 });
	settle(&stage, &old, &now);
	assert_string_equal(old.order.text, "hHE");
	assert_string_equal(now.order.text, "hSHE");
	assert_true(old.history.len < 2000);
	assert_shows(&old.history, 24, 80, 0, "HEADER");
	assert_int_equal(now.rows, 30);
	assert_int_equal(now.columns, 90);
	assert_shows(&now.history, 30, 90, 0, "HEADER");
	peer_finish(&old);
	peer_finish(&now);
	stage_finish(&stage);
}

/* The log is written for a new client; all the others learn first that this fails. */
static void a_notice_meanwhile_does_not_send_the_ring(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	output(&stage, "before\r\n");
	stage.log_notice = "the disk is full";
	join_as(&stage, &peer, &(struct message){ .role = "console" });
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hSHE");
	assert_int_equal(peer.console.len, 0);
	peer_finish(&peer);
	stage_finish(&stage);
}

/* Before the guest has written anything, nothing is to be drawn over. */
static void a_first_client_gets_no_screen(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	join_as(&stage, &peer, &(struct message){ .role = "console", .rows = 24, .columns = 80 });
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hE");
	peer_finish(&peer);
	stage_finish(&stage);
}

static struct message state_of(const struct stage *stage)
{
	const struct str *text = &stage->serve->state;
	struct frame frame = { .type = FRAME_STATE };
	struct message message;

	serve_state(stage->serve, &(struct keeper_state){ .phase = VM_RUNNING, .name = "web" });
	frame.bytes = (const unsigned char *)text->text + FRAME_HEADER;
	frame.len = text->len - FRAME_HEADER;
	assert_true(message_read(&frame, &message));
	return message;
}

static void the_state_lists_the_consoles(void **state)
{
	(void)state;
	struct stage stage;
	struct peer typing, reading, watching;
	struct message message;

	stage_init(&stage);
	join_as(&stage, &typing, &(struct message){ .role = "console", .rows = 24, .columns = 80 });
	join_as(&stage, &reading, &(struct message){ .role = "read-only" });
	join(&stage, &watching, "watch");
	settle(&stage, &typing, &reading);
	message = state_of(&stage);
	assert_int_equal(message.screen_count, 2);
	assert_int_equal(message.screens[0].pid, getpid());
	assert_int_equal(message.screens[0].rows, 24);
	assert_int_equal(message.screens[0].columns, 80);
	assert_false(message.screens[0].read_only);
	assert_true(message.screens[1].read_only);
	assert_int_equal(message.screens[1].rows, 0);
	message_finish(&message);

	/* Another size is a change that is reported. */
	unsigned changes = stage.changes;
	say_message(&typing, FRAME_SIZE, &(struct message){ .rows = 30, .columns = 100 });
	settle(&stage, &typing, &reading);
	assert_int_equal(stage.changes, changes + 1);
	message = state_of(&stage);
	assert_int_equal(message.screens[0].columns, 100);
	message_finish(&message);

	peer_finish(&typing);
	settle(&stage, &reading, NULL);
	message = state_of(&stage);
	assert_int_equal(message.screen_count, 1);
	message_finish(&message);
	peer_finish(&reading);
	peer_finish(&watching);
	stage_finish(&stage);
}

static void a_pipe_gets_the_bytes_of_the_ring(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	for (int i = 0; i < 3 * RING_SIZE / 16; i++)
		output(&stage, "sixteen bytes..\n");
	join_as(&stage, &peer, &(struct message){ .role = "console", .raw = true });
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hHE");
	assert_int_equal(peer.history.len, RING_SIZE);
	assert_memory_equal(peer.history.text + peer.history.len - 16, "sixteen bytes..\n", 16);
	peer_finish(&peer);
	stage_finish(&stage);
}

static void a_watcher_gets_the_state_and_no_console(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	output(&stage, "before");
	serve_state(stage.serve, &(struct keeper_state){ .phase = VM_STARTING, .name = "web" });
	serve_step(stage.serve, "making a disk");
	join(&stage, &peer, "watch");
	settle(&stage, &peer, NULL);
	output(&stage, "after");
	serve_notice(stage.serve, "; the disk is full");
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hstn");
	assert_string_equal(peer.text.text, "making a disk; the disk is full");
	assert_int_equal(serve_consoles(stage.serve), 0);
	peer_finish(&peer);
	stage_finish(&stage);
}

/*
 * One who never reads, one who always does: the guest's stream goes on, the
 * second gets every byte, the first is told exactly how much it missed.
 */
static void a_client_that_does_not_read_slows_nobody_and_is_told_what_it_missed(void **state)
{
	(void)state;
	struct stage stage;
	struct peer slow, fast;
	uint64_t total = 0;
	char line[80];

	stage_init(&stage);
	join_as(&stage, &slow, &(struct message){ .role = "console" });
	join(&stage, &fast, "console");
	settle(&stage, &slow, &fast);
	for (int i = 0; total < 8 * RING_SIZE; i++) {
		snprintf(line, sizeof(line), "line %09d of a long story that the guest tells\r\n", i);
		output(&stage, line);
		total += strlen(line);
		if (i % 64 == 0)
			settle(&stage, &fast, NULL);
	}
	settle(&stage, &fast, NULL);
	assert_int_equal(fast.console.len, total);
	assert_int_equal(fast.gaps, 0);

	settle(&stage, &slow, NULL);
	assert_int_equal(slow.gaps, 1);
	assert_true(slow.missed > (int64_t)(total / 2));
	/* The screen where it goes on comes as history: it is not of the stream. */
	assert_int_equal(slow.console.len + (size_t)slow.missed, total);
	assert_string_equal(slow.order.text, "hECGSHE");
	line[strlen(line) - 2] = '\0';
	assert_shows(&slow.history, 24, 80, 22, line);
	peer_finish(&slow);
	peer_finish(&fast);
	stage_finish(&stage);
}

/* The keeper may wait for one that is late, but a twentieth of the time and no more. */
static void courtesy_to_a_late_client_is_bounded(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;
	unsigned waited = 0, now = 1000;

	stage_init(&stage);
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	assert_int_equal(serve_throttle_ms(stage.serve, now), 0);
	for (; now < 21000; now++) {
		for (int i = 0; i < 4; i++)
			output(&stage, "sixteen bytes..\n");
		waited += serve_throttle_ms(stage.serve, now);
	}
	assert_in_range(waited, 900, 1000);
	assert_int_equal(peer.gaps, 0);
	settle(&stage, &peer, NULL);	/* it has caught up: nothing to wait for */
	assert_int_equal(serve_throttle_ms(stage.serve, now + 1000), 0);
	peer_finish(&peer);
	stage_finish(&stage);
}

/* The rest of the frame under way is sent first: a reader that was late is never cut off in one. */
static void a_late_client_still_gets_whole_frames(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;
	size_t total = 0;
	char text[4096];

	stage_init(&stage);
	join(&stage, &peer, "console");
	settle(&stage, &peer, NULL);
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < 3000; i++) {
		ring_add(stage.ring, text, (size_t)(i * 7 % 4096));
		total += (size_t)(i * 7 % 4096);
		serve_console(stage.serve);
		if (i % 400 == 399)	/* reads a little, then is late again */
			hear(&peer);
		loop_turn(stage.loop, 0);
	}
	settle(&stage, &peer, NULL);
	assert_true(peer.gaps > 0);
	assert_false(peer.gone);
	assert_int_equal(peer.console.len + (size_t)peer.missed, total);
	peer_finish(&peer);
	stage_finish(&stage);
}

/* Everything the guest ever said comes before the end, even to one who reads late. */
static void the_end_comes_after_the_last_byte(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer, watcher;
	const size_t total = SERVE_BEHIND;

	stage_init(&stage);
	join(&stage, &peer, "console");
	join(&stage, &watcher, "watch");
	settle(&stage, &peer, &watcher);
	for (size_t i = 0; i < total / 16; i++)
		output(&stage, "sixteen bytes..\n");
	serve_end(stage.serve, &(struct keeper_end){ .started = true, .reason = "failed", .error = "words" });
	assert_false(serve_done(stage.serve));
	settle(&stage, &peer, &watcher);
	assert_string_equal(peer.order.text, "hECX");
	assert_int_equal(peer.console.len, total);
	assert_string_equal(watcher.order.text, "hX");
	assert_string_equal(watcher.text.text, "words");
	assert_true(peer.gone && watcher.gone);
	assert_true(serve_done(stage.serve));
	peer_finish(&peer);
	peer_finish(&watcher);
	stage_finish(&stage);
}

static void who_reads_no_messages_is_dropped_before_they_pile_up(void **state)
{
	(void)state;
	struct stage stage;
	struct peer peer;
	char text[1500];

	stage_init(&stage);
	join(&stage, &peer, "watch");
	settle(&stage, &peer, NULL);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 8000 && !serve_done(stage.serve); i++)
		serve_notice(stage.serve, text);
	assert_true(serve_done(stage.serve));
	peer_finish(&peer);
	stage_finish(&stage);
}

/* A guest cannot make its screen so large that nobody can attach. */
static void a_screen_of_any_size_arrives(void **state)
{
	(void)state;
	struct stage stage;
	struct peer typist, peer;

	stage_init(&stage);
	join_as(&stage, &typist, &(struct message){ .role = "console", .rows = 300, .columns = 600 });
	settle(&stage, &typist, NULL);
	for (int i = 0; i < 300 * 300; i++)
		output(&stage, "\033[38;2;100;110;120;48;2;130;140;150;1;3;53ma\033[38;2;101;111;121;48;2;131;141;151;9;21mb");
	settle(&stage, &typist, NULL);
	join_as(&stage, &peer, &(struct message){ .role = "read-only", .rows = 300, .columns = 600 });
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hSHE");
	assert_true(peer.history.len > 5 * 1024 * 1024);
	assert_false(peer.gone);
	peer_finish(&typist);
	peer_finish(&peer);
	stage_finish(&stage);
}

static void say_qmp(struct peer *peer, const char *json)
{
	say(peer, FRAME_QMP, json, strlen(json));
}

static void a_request_for_qemu_gets_its_result_in_pieces_and_events_follow(void **state)
{
	(void)state;
	struct stage stage;
	struct peer asking, other;
	char *large = mem_alloc(100001);

	stage_init(&stage);
	join(&stage, &asking, "watch");
	join(&stage, &other, "watch");
	serve_event(stage.serve, "RESET", "{}");
	say_qmp(&asking, "{\"id\":7,\"execute\":\"query-block\",\"arguments\":{\"a\":18446744073709551615}}");
	settle(&stage, &asking, &other);
	assert_string_equal(stage.requests.text, "query-block {\"a\":1.8446744073709552e19}\n");
	memset(large, 'x', 100000);
	serve_result(stage.serve, stage.command_peer, stage.command_id, large);
	serve_reply(stage.serve, stage.command_peer, stage.command_id, NULL);
	serve_event(stage.serve, "RESET", "{\"guest\":true}");
	settle(&stage, &asking, &other);
	assert_string_equal(asking.order.text, "hRRrv");
	assert_string_equal(asking.text.text, large);
	assert_string_equal(other.order.text, "h");
	peer_finish(&asking);
	peer_finish(&other);
	stage_finish(&stage);
	free(large);
}

static void a_request_for_the_guest_agent_brings_no_events(void **state)
{
	(void)state;
	static const char json[] = "{\"id\":7,\"execute\":\"quit\"}";
	struct stage stage;
	struct peer peer;

	stage_init(&stage);
	join(&stage, &peer, "watch");
	say(&peer, FRAME_AGENT, json, strlen(json));
	settle(&stage, &peer, NULL);
	assert_string_equal(stage.requests.text, "agent: quit -\n");
	serve_event(stage.serve, "RESET", "{}");
	serve_result(stage.serve, stage.command_peer, stage.command_id, "{}");
	serve_reply(stage.serve, stage.command_peer, stage.command_id, NULL);
	settle(&stage, &peer, NULL);
	assert_string_equal(peer.order.text, "hRr");
	peer_finish(&peer);
	stage_finish(&stage);
}

static void what_must_not_reach_qemu_is_refused(void **state)
{
	(void)state;
	static const struct { const char *role, *json; enum frame_type type; const char *why; } cases[] = {
		{ "read-only", "{\"id\":1,\"execute\":\"query-block\"}", FRAME_QMP, "read-only" },
		{ "read-only", "{\"id\":1,\"execute\":\"guest-ping\"}", FRAME_AGENT, "read-only" },
		{ "watch", "{\"id\":1,\"arguments\":{}}", FRAME_AGENT, NULL },
		{ "watch", "{\"id\":1,\"execute\":\"quit\"}", FRAME_QMP, "keeper's" },
		{ "watch", "{\"id\":1,\"execute\":\"qmp_capabilities\"}", FRAME_QMP, "keeper's" },
		{ "watch", "{\"id\":1,\"setting\":\"a.b\",\"action\":\"shout\",\"value\":\"c\"}", FRAME_SETTING, "unknown action" },
		{ "watch", "{\"id\":1}", FRAME_QMP, NULL },
		{ "watch", "{\"id\":1,\"execute\":\"x\",\"arguments\":[]}", FRAME_QMP, NULL },
		{ "watch", "{\"id\":1,\"setting\":\"a.b\",\"action\":\"set\"}", FRAME_SETTING, NULL },
		{ "watch", "{\"id\":1,\"execute\":\"x\"", FRAME_QMP, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage stage;
		struct peer peer;

		stage_init(&stage);
		join(&stage, &peer, cases[i].role);
		say(&peer, cases[i].type, cases[i].json, strlen(cases[i].json));
		settle(&stage, &peer, NULL);
		assert_int_equal(stage.requests.len, 0);
		assert_int_equal(peer.gone, cases[i].why == NULL);
		if (cases[i].why)
			assert_non_null(strstr(peer.text.text, cases[i].why));
		peer_finish(&peer);
		stage_finish(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_is_marked_off_from_what_is_live),
		cmocka_unit_test(a_client_begins_with_the_screen),
		cmocka_unit_test(a_notice_meanwhile_does_not_send_the_ring),
		cmocka_unit_test(a_first_client_gets_no_screen),
		cmocka_unit_test(the_state_lists_the_consoles),
		cmocka_unit_test(a_pipe_gets_the_bytes_of_the_ring),
		cmocka_unit_test(a_watcher_gets_the_state_and_no_console),
		cmocka_unit_test(a_client_that_does_not_read_slows_nobody_and_is_told_what_it_missed),
		cmocka_unit_test(courtesy_to_a_late_client_is_bounded),
		cmocka_unit_test(a_late_client_still_gets_whole_frames),
		cmocka_unit_test(the_end_comes_after_the_last_byte),
		cmocka_unit_test(who_reads_no_messages_is_dropped_before_they_pile_up),
		cmocka_unit_test(a_screen_of_any_size_arrives),
		cmocka_unit_test(a_request_for_qemu_gets_its_result_in_pieces_and_events_follow),
		cmocka_unit_test(a_request_for_the_guest_agent_brings_no_events),
		cmocka_unit_test(what_must_not_reach_qemu_is_refused),
	};

	return cmocka_run_group_tests_name("what a keeper's clients get", tests, NULL, NULL);
}
