/* SPDX-License-Identifier: MIT */
#include "core/qemu/qmp/qmp.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/qemu/qmp/qmp_message.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The longest reply, the QMP schema, is 0.3 MiB. */
#ifndef QMP_LINE_MAX
#define QMP_LINE_MAX (8 * 1024 * 1024)
#endif
#define READ_CHUNK 4096
#define TURN_MAX (64 * 1024)
/* After an unusually long line, a buffer above this size is freed. */
#define KEEP_MAX (64 * 1024)

enum qmp_phase { QMP_GREETED_NOT_YET, QMP_NEGOTIATING, QMP_READY, QMP_CLOSED };

struct pending_reply {
	uint64_t id;
	qmp_reply_fn *reply;	/* may be NULL */
	void *data;
};

struct qmp {
	struct loop_watch *watch;
	int fd;
	enum qmp_phase phase;
	const struct qmp_events *events;
	void *data;
	struct str in;		/* an unfinished line */
	size_t scanned;		/* number of bytes at its start without a newline */
	struct str out;		/* not yet sent */
	struct str queue;	/* commands to send after negotiation */
	struct pending_reply *pending;
	size_t count, size;
	uint64_t last_id;
	unsigned busy;		/* number of running callbacks; a free waits for them */
	bool freed;
};

/* Called before anything that may run callbacks. */
static void enter(struct qmp *qmp)
{
	qmp->busy++;
}

static void leave(struct qmp *qmp)
{
	if (--qmp->busy > 0 || !qmp->freed)
		return;
	str_finish(&qmp->in);
	str_finish(&qmp->out);
	str_finish(&qmp->queue);
	free(qmp->pending);
	free(qmp);
}

static void hang_up(struct qmp *qmp)
{
	qmp->phase = QMP_CLOSED;
	loop_unwatch(qmp->watch);
	qmp->watch = NULL;
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
}

/* why: NULL if QEMU closed it. */
static void closed(struct qmp *qmp, const char *why)
{
	hang_up(qmp);
	while (qmp->count && !qmp->freed) {
		struct pending_reply first = qmp->pending[0];

		memmove(qmp->pending, qmp->pending + 1, --qmp->count * sizeof(*qmp->pending));
		if (first.reply)
			first.reply(first.data, NULL, why ? why : "QEMU closed its monitor");
	}
	if (!qmp->freed)
		qmp->events->closed(qmp->data, why);
}

static void close_for(struct qmp *qmp, const struct error *err)
{
	struct error why = *err;

	error_prefix(&why, "QEMU's monitor");
	closed(qmp, why.text);
}

/* A failure to send is handled by the reader, which must first read what QEMU sent before it exited. */
static void push(struct qmp *qmp)
{
	while (qmp->out.len) {
		ssize_t n = send(qmp->fd, qmp->out.text, qmp->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			str_drop(&qmp->out, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			break;
		else
			str_clear(&qmp->out);
	}
	loop_watch_events(qmp->watch, qmp->out.len ? POLLIN | POLLOUT : POLLIN);
}

static void become_ready(struct qmp *qmp)
{
	qmp->phase = QMP_READY;
	str_add(&qmp->out, qmp->queue.text, qmp->queue.len);
	str_finish(&qmp->queue);
	push(qmp);
	if (qmp->events->ready)
		qmp->events->ready(qmp->data);
}

static void reply(struct qmp *qmp, const struct qmp_message *message)
{
	bool fine = message->kind == QMP_RETURN;

	for (size_t i = 0; i < qmp->count; i++) {
		struct pending_reply found = qmp->pending[i];

		if (found.id != message->id)
			continue;
		qmp->count--;
		memmove(qmp->pending + i, qmp->pending + i + 1, (qmp->count - i) * sizeof(found));
		if (found.reply)
			found.reply(found.data, fine ? message->detail : NULL, fine ? NULL : message->detail);
		return;
	}
}

static bool take_message(struct qmp *qmp, const struct qmp_message *message, struct error *err)
{
	if (qmp->phase == QMP_GREETED_NOT_YET) {
		if (message->kind != QMP_GREETING)
			return error_set(err, "sent no greeting");
		qmp->phase = QMP_NEGOTIATING;
		str_adds(&qmp->out, "{\"execute\":\"qmp_capabilities\",\"id\":0}\n");
		push(qmp);
		return true;
	}
	if (message->kind == QMP_EVENT) {
		if (qmp->events->event)
			qmp->events->event(qmp->data, message->name, message->detail);
		return true;
	}
	if (!message->has_id || (message->kind != QMP_RETURN && message->kind != QMP_ERROR))
		return true;
	if (qmp->phase == QMP_READY)
		reply(qmp, message);
	else if (message->id == 0 && message->kind == QMP_RETURN)
		become_ready(qmp);
	else if (message->id == 0)
		return error_set(err, "refused the connection: %s", message->detail);
	return true;
}

static bool take_line(struct qmp *qmp, const char *line, size_t len, struct error *err)
{
	struct qmp_message message;

	/* QEMU ends its lines with CR LF. */
	if (len && line[len - 1] == '\r')
		len--;
	if (!len)
		return true;
	if (!qmp_message_read(line, len, &message, err))
		return error_prefix(err, "sent an unexpected message");

	bool fine = take_message(qmp, &message, err);

	qmp_message_finish(&message);
	return fine;
}

static bool is_open(const struct qmp *qmp)
{
	return !qmp->freed && qmp->phase != QMP_CLOSED;
}

static void take_lines(struct qmp *qmp)
{
	struct error err;
	size_t done = 0;

	while (is_open(qmp)) {
		const char *from = qmp->in.text + qmp->scanned;
		const char *newline = memchr(from, '\n', qmp->in.len - qmp->scanned);

		if (!newline)
			break;

		size_t next = (size_t)(newline + 1 - qmp->in.text);

		if (!take_line(qmp, qmp->in.text + done, next - 1 - done, &err)) {
			close_for(qmp, &err);
			return;
		}
		done = qmp->scanned = next;
	}
	if (!is_open(qmp))
		return;
	str_drop(&qmp->in, done);
	qmp->scanned = qmp->in.len;
	if (!qmp->in.len && qmp->in.size > KEEP_MAX)
		str_finish(&qmp->in);
	if (qmp->in.len > QMP_LINE_MAX) {
		error_set(&err, "sent a line of more than %d bytes", QMP_LINE_MAX);
		close_for(qmp, &err);
	}
}

/* Returns false if there is nothing more to read now. */
static bool pull(struct qmp *qmp)
{
	char chunk[READ_CHUNK];
	struct error err;
	ssize_t n = recv(qmp->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n > 0) {
		str_add(&qmp->in, chunk, (size_t)n);
		take_lines(qmp);
		return n == sizeof(chunk);
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n == 0 || errno == ECONNRESET) {
		closed(qmp, NULL);
		return false;
	}
	error_errno(&err, "cannot be read");
	close_for(qmp, &err);
	return false;
}

static void on_socket(void *data, int fd, short revents)
{
	struct qmp *qmp = data;

	(void)fd;
	enter(qmp);
	if (revents & POLLOUT)
		push(qmp);
	if (revents & ~POLLOUT)
		for (size_t got = 0; got < TURN_MAX && is_open(qmp) && pull(qmp); got += READ_CHUNK)
			;
	leave(qmp);
}

struct qmp *qmp_new(struct loop *loop, int fd, const struct qmp_events *events, void *data)
{
	struct qmp *qmp = mem_alloc(sizeof(*qmp));

	qmp->fd = fd;
	qmp->events = events;
	qmp->data = data;
	str_init(&qmp->in);
	str_init(&qmp->out);
	str_init(&qmp->queue);
	qmp->watch = loop_watch(loop, fd, POLLIN, on_socket, qmp);
	return qmp;
}

void qmp_free(struct qmp *qmp)
{
	if (!qmp)
		return;
	hang_up(qmp);
	qmp->freed = true;
	enter(qmp);
	leave(qmp);
}

void qmp_execute(struct qmp *qmp, const char *command, const char *arguments, qmp_reply_fn *reply_fn, void *data)
{
	if (qmp->phase == QMP_CLOSED) {
		if (reply_fn)
			reply_fn(data, NULL, "QEMU's monitor is closed");
		return;
	}

	struct str *to = qmp->phase == QMP_READY ? &qmp->out : &qmp->queue;

	str_addf(to, "{\"execute\":\"%s\"", command);
	if (arguments)
		str_addf(to, ",\"arguments\":%s", arguments);
	str_addf(to, ",\"id\":%" PRIu64 "}\n", ++qmp->last_id);
	qmp->pending = mem_grow(qmp->pending, &qmp->size, qmp->count + 1, sizeof(*qmp->pending));
	qmp->pending[qmp->count++] = (struct pending_reply){ .id = qmp->last_id, .reply = reply_fn, .data = data };
	if (qmp->phase == QMP_READY)
		push(qmp);
}
