/* SPDX-License-Identifier: MIT */
#include "fake/serve_stage.h"

#include "core/base/loop.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

static size_t type(void *data, const void *bytes, size_t len)
{
	struct stage *stage = data;
	size_t took = len < stage->appetite ? len : stage->appetite;

	stage->appetite -= took;
	str_add(&stage->guest, bytes, took);
	return took;
}

static void command(void *data, unsigned peer, unsigned id, enum keeper_command what)
{
	struct stage *stage = data;

	stage->commands++;
	stage->command_peer = peer;
	stage->command_id = id;
	stage->command = what;
}

static void consoles(void *data)
{
	struct stage *stage = data;

	stage->changes++;
}

static int64_t log_size_now(void *data)
{
	struct stage *stage = data;

	if (stage->log_notice)
		serve_notice(stage->serve, stage->log_notice);
	return (int64_t)ring_end(stage->ring);
}

static void qmp(void *data, unsigned peer, unsigned id, bool to_agent, const char *name, const char *arguments)
{
	struct stage *stage = data;

	stage->command_peer = peer;
	stage->command_id = id;
	str_addf(&stage->requests, "%s%s %s\n", to_agent ? "agent: " : "", name, arguments ? arguments : "-");
}

static void setting(void *data, unsigned peer, unsigned id, const char *key, enum setting_action action, const char *value)
{
	struct stage *stage = data;

	stage->command_peer = peer;
	stage->command_id = id;
	str_addf(&stage->requests, "%s %d %s\n", key, (int)action, value);
}

const struct serve_events stage_events = {
	.type = type, .command = command, .qmp = qmp, .setting = setting, .log_size = log_size_now, .consoles = consoles,
};

static void on_answer(void *data, const void *bytes, size_t len)
{
	serve_answer(((struct stage *)data)->serve, bytes, len);
}

static const struct terminal_events screen_events = { .answer = on_answer };

void stage_init(struct stage *stage)
{
	*stage = (struct stage){ .appetite = SIZE_MAX };
	str_init(&stage->guest);
	str_init(&stage->requests);
	stage->loop = loop_new();
	stage->ring = ring_new();
	stage->screen = terminal_new(24, 80, 0, &screen_events, stage);
	terminal_answers(stage->screen, true);
	stage->serve = serve_new(stage->loop, stage->ring, stage->screen, &stage_events, stage);
}

void stage_finish(struct stage *stage)
{
	serve_free(stage->serve);
	ring_free(stage->ring);
	terminal_free(stage->screen);
	loop_free(stage->loop);
	str_finish(&stage->guest);
	str_finish(&stage->requests);
}

static void peer_init(struct peer *peer, int fd)
{
	*peer = (struct peer){ .fd = fd };
	fcntl(fd, F_SETFL, O_NONBLOCK);
	frame_reader_init(&peer->in, FRAME_MAX);
	str_init(&peer->order);
	str_init(&peer->history);
	str_init(&peer->console);
	str_init(&peer->text);
}

void peer_finish(struct peer *peer)
{
	close(peer->fd);
	frame_reader_finish(&peer->in);
	str_finish(&peer->order);
	str_finish(&peer->history);
	str_finish(&peer->console);
	str_finish(&peer->text);
}

void say_bytes(struct peer *peer, const void *bytes, size_t len)
{
	assert_int_equal(send(peer->fd, bytes, len, MSG_NOSIGNAL), len);
}

void say(struct peer *peer, enum frame_type what, const void *bytes, size_t len)
{
	struct str out;

	str_init(&out);
	frame_add(&out, what, bytes, len);
	say_bytes(peer, out.text, out.len);
	str_finish(&out);
}

void say_message(struct peer *peer, enum frame_type what, const struct message *message)
{
	struct str out;

	str_init(&out);
	message_write(&out, what, message);
	say_bytes(peer, out.text, out.len);
	str_finish(&out);
}

static void note(struct peer *peer, char letter, bool run)
{
	if (!run || peer->order.len == 0 || peer->order.text[peer->order.len - 1] != letter)
		str_addc(&peer->order, letter);
}

static void take(struct peer *peer, const struct frame *frame)
{
	static const char letters[FRAME_TYPES] = {
		[FRAME_HELLO] = 'h', [FRAME_CONSOLE] = 'C', [FRAME_HISTORY] = 'H', [FRAME_HISTORY_END] = 'E',
		[FRAME_GAP] = 'G', [FRAME_STEP] = 't', [FRAME_STATE] = 's', [FRAME_SCREEN] = 'S',
		[FRAME_NOTICE] = 'n', [FRAME_REPLY] = 'r', [FRAME_TAKEN] = 'k', [FRAME_EXIT] = 'X',
		[FRAME_RESULT] = 'R', [FRAME_EVENT] = 'v',
	};
	struct message message;

	note(peer, letters[frame->type], frame->type == FRAME_CONSOLE || frame->type == FRAME_HISTORY);
	if (frame->type == FRAME_CONSOLE) {
		str_add(&peer->console, frame->bytes, frame->len);
	} else if (frame->type == FRAME_HISTORY) {
		str_add(&peer->history, frame->bytes, frame->len);
	} else if (frame->type == FRAME_RESULT) {
		str_add(&peer->text, frame->bytes + 4, frame->len - 4);
	} else if (frame->type != FRAME_HISTORY_END) {
		assert_true(message_read(frame, &message));
		if (frame->type == FRAME_GAP) {
			peer->missed += message.missed;
			peer->gaps++;
		}
		if (frame->type == FRAME_TAKEN)
			peer->taken += message.bytes;
		if (frame->type == FRAME_SCREEN) {
			peer->rows = message.rows;
			peer->columns = message.columns;
		}
		str_adds(&peer->text, message.text);
		str_adds(&peer->text, message.error);
		message_finish(&message);
	}
}

bool hear(struct peer *peer)
{
	struct frame frame;
	size_t room;
	void *at = frame_reader_room(&peer->in, &room);
	ssize_t n = recv(peer->fd, at, room, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		bool news = !peer->gone;

		peer->gone = true;
		return news;
	}
	frame_reader_added(&peer->in, (size_t)n);
	while (frame_next(&peer->in, &frame) == FRAME_READY)
		take(peer, &frame);
	return true;
}

void settle(struct stage *stage, struct peer *a, struct peer *b)
{
	bool busy = true;

	while (busy) {
		/* Enough for a whole window of typed bytes, which a peer reads in pieces that grow from 1 KiB. */
		for (int i = 0; i < 12; i++)
			loop_turn(stage->loop, 0);
		busy = a && hear(a);
		busy |= b && hear(b);
	}
}

void join(struct stage *stage, struct peer *peer, const char *role)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	peer_init(peer, pair[1]);
	serve_add(stage->serve, pair[0]);
	if (role)
		say_message(peer, FRAME_HELLO, &(struct message){ .protocol = 1, .role = role });
}

void join_as(struct stage *stage, struct peer *peer, const struct message *hello)
{
	struct message full = *hello;

	full.protocol = 2;
	join(stage, peer, NULL);
	say_message(peer, FRAME_HELLO, &full);
}

void output(struct stage *stage, const char *text)
{
	ring_add(stage->ring, text, strlen(text));
	terminal_write(stage->screen, text, strlen(text));
	serve_console(stage->serve);
}
