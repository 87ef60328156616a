/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/serve.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/keeper/clients/peer.h"
#include "core/keeper/stream/ring.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_MAX SCREENS_MAX
#define FIRST_NUMBER 1			/* number of the first client */
#define QUEUE_MAX (4 * 1024 * 1024)	/* most bytes of messages, besides a screen, for a client that does not read */
#define THROTTLE_SHARE 20		/* throttles at most one ms in this many */
#define THROTTLE_MAX (16 * THROTTLE_SHARE)
#define SHORT_MS 500			/* without descriptors: delay until the listener is watched again */

static void listen_again(void *data)
{
	struct serve *serve = data;

	if (serve->listen_watch)
		loop_watch_events(serve->listen_watch, POLLIN);
}

struct serve *serve_new(struct loop *loop, struct ring *ring, struct terminal *screen, const struct serve_events *events,
                        void *data)
{
	struct serve *serve = mem_alloc(sizeof(*serve));

	serve->loop = loop;
	serve->ring = ring;
	serve->screen = screen;
	serve->events = events;
	serve->data = data;
	serve->listener = -1;
	serve->shortage = loop_timer(loop, listen_again, serve);
	str_init(&serve->state);
	str_init(&serve->step);
	str_init(&serve->end);
	str_init(&serve->answer);
	return serve;
}

static void close_listener(struct serve *serve)
{
	loop_unwatch(serve->listen_watch);
	serve->listen_watch = NULL;
	if (serve->listener >= 0)
		close(serve->listener);
	serve->listener = -1;
}

void serve_free(struct serve *serve)
{
	if (!serve)
		return;
	serve_drop_all(serve);
	close_listener(serve);
	loop_timer_free(serve->shortage);
	str_finish(&serve->state);
	str_finish(&serve->step);
	str_finish(&serve->end);
	str_finish(&serve->answer);
	free(serve);
}

unsigned serve_consoles(const struct serve *serve)
{
	unsigned count = 0;

	for (const struct serve_peer *peer = serve->peers; peer; peer = peer->next)
		count += peer->console;
	return count;
}

static void free_dead_peers(struct serve *serve)
{
	if (serve->walking > 0)
		return;

	bool first_gone = false;

	for (struct serve_peer **at = &serve->peers; *at;) {
		struct serve_peer *peer = *at;

		if (peer->dead) {
			first_gone |= peer->number == FIRST_NUMBER;
			*at = peer->next;
			frame_reader_finish(&peer->in);
			str_finish(&peer->out);
			free(peer->typed);
			free(peer);
			listen_again(serve);
		} else {
			at = &peer->next;
		}
	}
	if (serve->consoles_changed) {
		serve->consoles_changed = false;
		serve->events->consoles(serve->data);
	}
	if (first_gone && serve->events->first_gone)
		serve->events->first_gone(serve->data);
}

void serve_drop_all(struct serve *serve)
{
	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next)
		peer_drop(peer);
	serve->consoles_changed = false;
	free_dead_peers(serve);
}

uint64_t serve_sent(const struct serve *serve)
{
	return serve->sent;
}

static void flush_all(struct serve *serve)
{
	serve->walking++;
	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->out.len > QUEUE_MAX + peer->screen_len)
			peer_drop(peer);
		else
			peer_flush(peer);
	}
	serve->walking--;
	free_dead_peers(serve);
}

static void broadcast(struct serve *serve, const struct str *frame)
{
	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->greeted)
			str_add(&peer->out, frame->text, frame->len);
	}
	flush_all(serve);
}

void serve_input_accepted(struct serve *serve)
{
	if (serve->answer.len > 0)
		str_drop(&serve->answer, serve->events->type(serve->data, serve->answer.text, serve->answer.len));
	for (struct serve_peer *peer = serve->peers; peer && serve->answer.len == 0; peer = peer->next) {
		if (peer->typed_len == 0)
			continue;

		size_t took = serve->events->type(serve->data, peer->typed, peer->typed_len);

		peer->typed_len -= took;
		memmove(peer->typed, peer->typed + took, peer->typed_len);
		peer_took(peer, took);
		if (peer->typed_len > 0)
			break;
	}
	flush_all(serve);
}

static void peer_ready(void *data, int fd, short revents)
{
	struct serve_peer *peer = data;
	struct serve *serve = peer->serve;

	(void)fd;
	serve->walking++;
	if (revents & POLLOUT) {
		peer->stuck = false;
		peer_interest(peer);
	}
	if ((revents & (POLLIN | POLLHUP | POLLERR)) && !peer_listen(peer))
		peer_drop(peer);
	serve->walking--;
	flush_all(serve);
}

static bool peer_cred(int fd, struct ucred *cred)
{
	socklen_t len = sizeof(*cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, cred, &len) == 0;
}

static bool peer_is_ours(int fd)
{
	struct ucred cred;

	return peer_cred(fd, &cred) && (cred.uid == geteuid() || cred.uid == 0);
}

void serve_add(struct serve *serve, int fd)
{
	struct serve_peer *peer = mem_alloc(sizeof(*peer));
	struct serve_peer **at = &serve->peers;
	struct message hello = { .protocol = PROTOCOL_VERSION, .program = "paddock" };
	struct ucred cred;

	peer->serve = serve;
	peer->number = ++serve->last_number;
	peer->fd = fd;
	peer->pid = peer_cred(fd, &cred) ? cred.pid : 0;
	frame_reader_init(&peer->in, FRAME_MAX_TYPED);
	str_init(&peer->out);
	peer->watch = loop_watch(serve->loop, fd, POLLIN, peer_ready, peer);
	while (*at)
		at = &(*at)->next;
	*at = peer;
	peer_queue(peer, FRAME_HELLO, &hello);
	if (!peer_send_queue(peer))
		peer_drop(peer);
	free_dead_peers(serve);
}

/* Sends the reason before closing the connection. Takes ownership of fd. */
static void turn_away(int fd)
{
	struct message hello = { .protocol = PROTOCOL_VERSION, .program = "paddock",
	                         .error = "this VM has too many clients" };
	struct str frame;

	str_init(&frame);
	message_write(&frame, FRAME_HELLO, &hello);
	send(fd, frame.text, frame.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	str_finish(&frame);
	close(fd);
}

static void someone_connects(void *data, int fd, short revents)
{
	struct serve *serve = data;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	unsigned count = 0;

	(void)revents;
	/* Pending clients would wake the loop again and again. The shortage may be system-wide and not end when a client
	 * disconnects, so a timer retries too. */
	if (peer < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
		loop_watch_events(serve->listen_watch, -1);
		loop_timer_arm(serve->shortage, SHORT_MS);
	}
	if (peer < 0)
		return;
	for (const struct serve_peer *other = serve->peers; other; other = other->next)
		count++;
	if (!peer_is_ours(peer))
		close(peer);
	else if (count >= PEERS_MAX)
		turn_away(peer);
	else
		serve_add(serve, peer);
}

void serve_listen(struct serve *serve, int fd)
{
	serve->listener = fd;
	serve->listen_watch = loop_watch(serve->loop, fd, POLLIN, someone_connects, serve);
}

static bool peer_is_late(const struct serve_peer *peer)
{
	return peer->console && !peer->in_history && peer->stuck &&
	       ring_end(peer->serve->ring) - peer->position > SERVE_BEHIND / 2;
}

unsigned serve_throttle_ms(struct serve *serve, uint64_t now)
{
	const struct serve_peer *peer = serve->peers;

	while (peer && !peer_is_late(peer))
		peer = peer->next;
	if (!peer)
		return 0;
	serve->credit += now - serve->credit_at;
	serve->credit_at = now;
	if (serve->credit > THROTTLE_MAX)
		serve->credit = THROTTLE_MAX;
	if (serve->credit < THROTTLE_SHARE)
		return 0;
	serve->credit -= THROTTLE_SHARE;
	return 1;
}

void serve_console(struct serve *serve)
{
	flush_all(serve);
}

void serve_answer(struct serve *serve, const void *bytes, size_t len)
{
	size_t took = peer_anybody_waits(serve) ? 0 : serve->events->type(serve->data, bytes, len);

	/* Half of one would make what is typed next a part of it. */
	if (took > 0)
		str_add(&serve->answer, (const char *)bytes + took, len - took);
}

void serve_step(struct serve *serve, const char *text)
{
	str_clear(&serve->step);
	if (text[0] == '\0')
		return;
	message_write(&serve->step, FRAME_STEP, &(struct message){ .text = text });
	broadcast(serve, &serve->step);
}

void serve_notice(struct serve *serve, const char *text)
{
	struct str frame;

	str_init(&frame);
	message_write(&frame, FRAME_NOTICE, &(struct message){ .text = text });
	broadcast(serve, &frame);
	str_finish(&frame);
}

static size_t list_screens(const struct serve *serve, struct attached_screen out[SCREENS_MAX])
{
	size_t count = 0;

	for (const struct serve_peer *peer = serve->peers; peer && count < SCREENS_MAX; peer = peer->next) {
		if (peer->console && !peer->dead)
			out[count++] = (struct attached_screen){ peer->pid, !peer->may_type, peer->rows, peer->columns };
	}
	return count;
}

void serve_state(struct serve *serve, const struct keeper_state *state)
{
	struct attached_screen screens[SCREENS_MAX];
	struct message message = {
		.phase = lifecycle_phase_name(state->phase), .uuid = state->uuid, .name = state->name,
		.pid = state->pid, .started = state->started, .clients = state->clients, .changes = state->changes,
		.unresponsive = state->unresponsive, .paused = state->paused,
		.reason = state->paused_why ? state->paused_why : "", .resets = state->resets, .resetting = state->resetting,
		.panicked = state->panicked,
		.link_down = state->link_down, .screens = screens, .screen_count = list_screens(serve, screens),
	};

	str_clear(&serve->state);
	message_write(&serve->state, FRAME_STATE, &message);
	broadcast(serve, &serve->state);
}

void serve_reply(struct serve *serve, unsigned number, unsigned id, const char *error)
{
	struct message message = { .id = id, .error = error ? error : "" };

	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->number == number)
			peer_queue(peer, FRAME_REPLY, &message);
	}
	flush_all(serve);
}

void serve_result(struct serve *serve, unsigned number, unsigned id, const char *json)
{
	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (peer->number == number)
			result_frames_write(&peer->out, id, json, strlen(json));
	}
	flush_all(serve);
}

void serve_event(struct serve *serve, const char *name, const char *data)
{
	struct str frame;

	str_init(&frame);
	for (struct serve_peer *peer = serve->peers; peer; peer = peer->next) {
		if (!peer->wants_events)
			continue;
		if (!frame.len)
			event_frame_write(&frame, name, data);
		str_add(&peer->out, frame.text, frame.len);
	}
	if (frame.len)
		flush_all(serve);
	str_finish(&frame);
}

void serve_end(struct serve *serve, const struct keeper_end *end)
{
	struct message message = {
		.ran = end->started, .status = end->status, .signal = end->signal,
		.reason = end->reason, .error = end->error, .ended = end->ended,
	};

	close_listener(serve);
	message_write(&serve->end, FRAME_EXIT, &message);
	flush_all(serve);
}

bool serve_done(const struct serve *serve)
{
	return !serve->peers;
}
