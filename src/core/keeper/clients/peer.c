/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/peer.h"

#include "core/base/loop.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define CHUNK_MAX (32 * 1024)		/* most console bytes in one frame */
#define TURN_MAX (256 * 1024)		/* most bytes to one peer per turn */

void peer_drop(struct serve_peer *peer)
{
	struct serve *serve = peer->serve;

	if (peer->dead)
		return;
	peer->dead = true;
	if (serve->typist == peer)
		serve->typist = NULL;
	loop_unwatch(peer->watch);
	close(peer->fd);
	serve->consoles_changed |= peer->console;
	peer->console = peer->may_type = false;
	peer_follow_size(serve);
}

void peer_interest(struct serve_peer *peer)
{
	loop_watch_events(peer->watch, (short)(POLLIN | (peer->stuck ? POLLOUT : 0)));
}

/* Returns the number of bytes sent, or -1 if the connection is broken. Sets `stuck` if it could not send everything. */
static ssize_t peer_send(struct serve_peer *peer, const struct iovec *parts, size_t count, size_t total)
{
	struct msghdr msg = { 0 };

	memcpy(&msg.msg_iov, &parts, sizeof(parts));
	msg.msg_iovlen = count;

	ssize_t n = sendmsg(peer->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -1;
	if (n < 0)
		n = 0;
	peer->serve->sent += (uint64_t)n;
	if ((size_t)n < total && !peer->stuck) {
		peer->stuck = peer->late = true;
		peer_interest(peer);
	}
	return n;
}

bool peer_send_queue(struct serve_peer *peer)
{
	if (peer->out.len == 0)
		return true;

	struct iovec part = { .iov_base = peer->out.text, .iov_len = peer->out.len };
	ssize_t n = peer_send(peer, &part, 1, part.iov_len);

	if (n < 0)
		return false;
	str_drop(&peer->out, (size_t)n);
	return true;
}

/* Sends a frame of console bytes directly from the ring, and queues what the socket does not accept. */
static bool peer_send_chunk(struct serve_peer *peer)
{
	uint64_t until = peer->in_history ? peer->history_until : ring_end(peer->serve->ring);
	unsigned char head[FRAME_HEADER];
	size_t len;
	const void *bytes = ring_at(peer->serve->ring, peer->position, &len);

	if (len > until - peer->position)
		len = (size_t)(until - peer->position);
	if (len > CHUNK_MAX)
		len = CHUNK_MAX;
	frame_header(head, peer->in_history ? FRAME_HISTORY : FRAME_CONSOLE, len);

	struct iovec parts[2] = { { .iov_base = head, .iov_len = sizeof(head) }, { .iov_len = len } };

	memcpy(&parts[1].iov_base, &bytes, sizeof(bytes));	/* iovec is not const */

	ssize_t n = peer_send(peer, parts, 2, sizeof(head) + len);

	if (n < 0)
		return false;
	if (n == 0)
		return true;
	peer->position += len;

	size_t of_head = (size_t)n < sizeof(head) ? (size_t)n : sizeof(head);
	size_t of_bytes = (size_t)n - of_head;

	str_add(&peer->out, head + of_head, sizeof(head) - of_head);
	str_add(&peer->out, (const char *)bytes + of_bytes, len - of_bytes);
	return true;
}

/* Appends the screen as a terminal of the peer's size would show it. */
static void add_screen(const struct serve_peer *peer, struct str *out, struct message *size)
{
	static const struct terminal_events nobody = { .bell = NULL };
	const struct terminal *screen = peer->serve->screen;
	struct terminal *resized;

	size->rows = terminal_rows(screen);
	size->columns = terminal_columns(screen);
	terminal_snapshot(screen, out);
	if (!peer->rows || (peer->rows == size->rows && peer->columns == size->columns))
		return;
	resized = terminal_new((int)size->rows, (int)size->columns, 0, &nobody, NULL);
	terminal_write(resized, out->text, out->len);
	terminal_resize(resized, peer->rows, peer->columns);
	str_clear(out);
	terminal_snapshot(resized, out);
	terminal_free(resized);
	size->rows = peer->rows;
	size->columns = peer->columns;
}

/* Moves the peer to the present, and sends the screen there. Before the first byte, it has nothing to show. */
static void send_screen(struct serve_peer *peer, int64_t log)
{
	struct message message = { .log = log };
	size_t before = peer->out.len;
	struct str screen;

	peer->position = ring_end(peer->serve->ring);
	if (peer->position == 0)
		return;
	str_init(&screen);
	add_screen(peer, &screen, &message);
	if (peer->knows_screens)
		message_write(&peer->out, FRAME_SCREEN, &message);
	for (size_t at = 0; at < screen.len; at += CHUNK_MAX)
		frame_add(&peer->out, FRAME_HISTORY, screen.text + at, screen.len - at < CHUNK_MAX ? screen.len - at : CHUNK_MAX);
	str_finish(&screen);
	peer->screen_len = peer->out.len - before;
}

/* Moves it on if it is too far behind: to the present, or a raw one to bytes that the ring will keep for a while. */
static void catch_up(struct serve_peer *peer)
{
	struct ring *ring = peer->serve->ring;
	uint64_t end = ring_end(ring), to = peer->raw ? ring_begin(ring) + (end - ring_begin(ring)) / 4 : end;
	bool lost = peer->position < ring_begin(ring);

	if (!lost && (peer->raw || end - peer->position <= SERVE_BEHIND))
		return;
	message_write(&peer->out, FRAME_GAP, &(struct message){ .missed = (int64_t)(to - peer->position) });
	if (peer->raw) {
		peer->position = to;
		return;
	}
	send_screen(peer, -1);
	if (peer->knows_screens)
		frame_add(&peer->out, FRAME_HISTORY_END, NULL, 0);
}

/* Prepares the next output. Returns false if there is nothing to send now. */
static bool peer_prepare(struct serve_peer *peer)
{
	struct serve *serve = peer->serve;

	if (peer->out.len > 0)
		return true;
	if (peer->console) {
		if (peer->late || peer->position < ring_begin(serve->ring))
			catch_up(peer);
		peer->late = false;
		if (peer->in_history && peer->position >= peer->history_until) {
			peer->in_history = false;
			frame_add(&peer->out, FRAME_HISTORY_END, NULL, 0);
		}
		if (peer->out.len > 0 || peer->position < ring_end(serve->ring))
			return true;
	}
	if (serve->end.len > 0 && !peer->told_end) {
		str_add(&peer->out, serve->end.text, serve->end.len);
		peer->told_end = true;
		return true;
	}
	return false;
}

void peer_flush(struct serve_peer *peer)
{
	uint64_t begin = peer->serve->sent;

	while (!peer->dead && !peer->stuck && peer->greeted && peer_prepare(peer)) {
		bool ok = peer->out.len > 0 ? peer_send_queue(peer) : peer_send_chunk(peer);

		if (!ok) {
			peer_drop(peer);
			return;
		}
		if (!peer->stuck && peer->serve->sent - begin > TURN_MAX) {
			peer->stuck = true;
			peer_interest(peer);
		}
	}
	if (peer->told_end && peer->out.len == 0)
		peer_drop(peer);
}

void peer_begin(struct serve_peer *peer, int64_t log)
{
	struct serve *serve = peer->serve;

	if (peer->raw) {
		peer->in_history = true;
		peer->history_until = ring_end(serve->ring);
		peer->position = ring_begin(serve->ring);
		return;
	}
	send_screen(peer, log);
	frame_add(&peer->out, FRAME_HISTORY_END, NULL, 0);
}

void peer_queue(struct serve_peer *peer, enum frame_type type, const struct message *message)
{
	message_write(&peer->out, type, message);
}
