/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/peer.h"

#include "core/base/alloc.h"
#include "core/terminal/terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Remembers the size of its terminal. Returns false if that is unknown or absurd. */
static bool set_size(struct serve_peer *peer, const struct message *message)
{
	if (!message_has_size(message))
		return false;
	peer->rows = (int)message->rows;
	peer->columns = (int)message->columns;
	return true;
}

void peer_follow_size(struct serve *serve)
{
	const struct serve_peer *only = NULL;
	unsigned count = 0;

	for (const struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->may_type && !peer->dead) {
			only = peer;
			count++;
		}
	}
	if (serve->typist)
		only = serve->typist;
	else if (count != 1)
		return;
	if (only->rows)
		terminal_resize(serve->screen, only->rows, only->columns);
}

/* Each report is a message, so it is sent only for every half window. */
void peer_took(struct serve_peer *peer, size_t len)
{
	peer->taken += len;
	if (peer->taken < TYPED_WINDOW / 2)
		return;
	peer_queue(peer, FRAME_TAKEN, &(struct message){ .bytes = (int64_t)peer->taken });
	peer->taken = 0;
}

bool peer_anybody_waits(const struct serve *serve)
{
	if (serve->answer.len > 0)
		return true;
	for (const struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->typed_len > 0)
			return true;
	}
	return false;
}

/* Returns false if the peer exceeds its window. */
static bool peer_typed(struct serve_peer *peer, const struct frame *frame)
{
	struct serve *serve = peer->serve;
	size_t took = 0;

	if (!peer_anybody_waits(serve))
		took = serve->events->type(serve->data, frame->bytes, frame->len);
	peer_took(peer, took);

	size_t left = frame->len - took;

	if (left == 0)
		return true;
	if (left > TYPED_WINDOW - peer->typed_len)
		return false;
	if (!peer->typed)
		peer->typed = mem_alloc(TYPED_WINDOW);
	memcpy(peer->typed + peer->typed_len, frame->bytes + took, left);
	peer->typed_len += left;
	return true;
}

/* The keeper does these itself, so that it knows who asked for the end; a second negotiation would fail. */
static bool qmp_is_ours(const char *command)
{
	return text_equal(command, "quit") || text_equal(command, "system_powerdown") ||
	       text_equal(command, "qmp_capabilities");
}

static void peer_command(struct serve_peer *peer, const struct message *message)
{
	struct serve *serve = peer->serve;

	for (int i = KEEPER_POWERDOWN; i <= KEEPER_RESUME; i++) {
		if (text_equal(keeper_command_name((enum keeper_command)i), message->command)) {
			serve->events->command(serve->data, peer->number, (unsigned)message->id,
			                       (enum keeper_command)i);
			return;
		}
	}
	peer_queue(peer, FRAME_REPLY,
	           &(struct message){ .id = message->id, .error = "unknown command" });
}

/* Returns false on a protocol error. */
static bool peer_control(struct serve_peer *peer, const struct frame *frame)
{
	struct serve *serve = peer->serve;
	struct control_frame request;
	enum setting_action action;
	const char *error = NULL;

	if (!control_frame_read(frame, &request))
		return false;
	action = setting_action_find(request.action);
	if (peer->console && !peer->may_type)
		error = "a read-only client cannot change the VM";
	else if (frame->type == FRAME_QMP && qmp_is_ours(request.name))
		error = "this command of QMP is the keeper's";
	else if (frame->type == FRAME_SETTING && action == SETTING_ACTIONS)
		error = "unknown action";
	if (error) {
		peer_queue(peer, FRAME_REPLY, &(struct message){ .id = request.id, .error = error });
	} else if (frame->type == FRAME_QMP || frame->type == FRAME_AGENT) {
		peer->wants_events |= frame->type == FRAME_QMP;
		serve->events->qmp(serve->data, peer->number, request.id, frame->type == FRAME_AGENT, request.name, request.detail);
	} else {
		serve->events->setting(serve->data, peer->number, request.id, request.name, action, request.detail);
	}
	control_frame_finish(&request);
	return true;
}

static void peer_greeted(struct serve_peer *peer, const struct message *hello)
{
	struct serve *serve = peer->serve;
	bool console = !text_equal(hello->role, "watch");
	/* Writing the log may send notices to all clients, so it comes before this one is one. */
	int64_t log = console && !hello->raw ? serve->events->log_size(serve->data) : -1;

	peer->greeted = true;
	peer->console = console;
	peer->may_type = text_equal(hello->role, "console");
	str_add(&peer->out, serve->state.text, serve->state.len);
	str_add(&peer->out, serve->step.text, serve->step.len);
	if (!peer->console)
		return;
	peer->knows_screens = hello->protocol >= 2;
	peer->raw = hello->raw;
	set_size(peer, hello);
	peer_follow_size(serve);
	peer_begin(peer, log);
	serve->consoles_changed = true;
}

/* Returns false on a protocol error. */
static bool peer_frame(struct serve_peer *peer, const struct frame *frame)
{
	struct message message;
	bool good;

	if (!peer->greeted && frame->type != FRAME_HELLO)
		return false;
	switch (frame->type) {
	case FRAME_TYPED:
		if (!peer->may_type)
			return true;
		if (peer->serve->typist != peer) {
			peer->serve->typist = peer;
			peer_follow_size(peer->serve);
		}
		return peer_typed(peer, frame);
	case FRAME_QMP:
	case FRAME_AGENT:
	case FRAME_SETTING:
		return peer_control(peer, frame);
	case FRAME_HELLO:
	case FRAME_SIZE:
	case FRAME_COMMAND:
		good = message_read(frame, &message);
		if (good && frame->type == FRAME_HELLO && !peer->greeted)
			peer_greeted(peer, &message);
		else if (good && frame->type == FRAME_SIZE && set_size(peer, &message)) {
			peer_follow_size(peer->serve);
			peer->serve->consoles_changed |= peer->console;
		}
		else if (good && frame->type == FRAME_COMMAND)
			peer_command(peer, &message);
		message_finish(&message);
		return good;
	default:
		return true;	/* of a newer client, or an answer of one of protocol 1: the keeper has answered */
	}
}

bool peer_listen(struct serve_peer *peer)
{
	struct frame frame;
	enum frame_outcome outcome;
	size_t room;
	void *at = frame_reader_room(&peer->in, &room);
	ssize_t n = recv(peer->fd, at, room, MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return false;
	frame_reader_added(&peer->in, n > 0 ? (size_t)n : 0);
	while ((outcome = frame_next(&peer->in, &frame)) == FRAME_READY) {
		if (!peer_frame(peer, &frame) || peer->dead)
			return false;
	}
	return outcome != FRAME_BROKEN;
}
