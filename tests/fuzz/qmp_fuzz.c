/* SPDX-License-Identifier: MIT */
/*
 * What a QEMU may say: to our end of a real socket, in pieces, with
 * commands under way that must each be answered just once.
 */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/qemu/qmp/qmp.h"
#include "core/qemu/qmp/qmp_message.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define require(fine) ((fine) ? (void)0 : fail(#fine, __LINE__))

static void fail(const char *what, int line)
{
	fprintf(stderr, "line %d: %s does not hold\n", line, what);
	abort();
}

enum { COMMANDS = 4 };

struct session {
	unsigned replies, ready, closed;
};

static void on_ready(void *data)
{
	require(++((struct session *)data)->ready == 1);
}

static void on_event(void *data, const char *name, const char *detail)
{
	(void)data;
	require(name && detail);
	free(qmp_member(detail, "reason"));
}

static void on_closed(void *data, const char *why)
{
	require(++((struct session *)data)->closed == 1);
	require(!why || strlen(why) > 0);
}

static void on_reply(void *data, const char *result, const char *error)
{
	((struct session *)data)->replies++;
	require(!result != !error);
	if (result)
		free(qmp_member(result, "status"));
}

static void say(struct loop *loop, int fd, const uint8_t *bytes, size_t len, size_t step)
{
	char rest[4096];

	for (size_t at = 0; at < len; at += step) {
		if (send(fd, bytes + at, len - at < step ? len - at : step, MSG_NOSIGNAL) < 0)
			return;
		loop_turn(loop, 0);
		while (recv(fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
			;
	}
}

static void converse(const uint8_t *bytes, size_t len, size_t step)
{
	static const struct qmp_events events = { .ready = on_ready, .event = on_event, .closed = on_closed };
	static const char greeting[] = "{\"QMP\": {}}\n{\"return\": {}, \"id\": 0}\n";
	struct session session = { 0 };
	struct loop *loop = loop_new();
	int pair[2];

	require(loop && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);

	struct qmp *qmp = qmp_new(loop, pair[1], &events, &session);

	for (unsigned i = 0; i < COMMANDS; i++)
		qmp_execute(qmp, "query-status", NULL, on_reply, &session);
	/* Most inputs are spent behind the negotiation. */
	if (step % 4)
		say(loop, pair[0], (const uint8_t *)greeting, sizeof(greeting) - 1, sizeof(greeting));
	say(loop, pair[0], bytes, len, step);
	close(pair[0]);
	for (unsigned i = 0; i < 100 && !session.closed; i++)
		loop_turn(loop, 0);
	require(session.closed == 1 && session.replies == COMMANDS);
	qmp_free(qmp);
	loop_free(loop);
}

static void read_alone(const uint8_t *bytes, size_t len)
{
	struct qmp_message message;
	struct error err;

	if (qmp_message_read((const char *)bytes, len, &message, &err)) {
		require(message.kind != QMP_EVENT || (message.name && message.detail));
		require((message.kind != QMP_RETURN && message.kind != QMP_ERROR) || message.detail);
		qmp_message_finish(&message);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0 || len > 32768)
		return 0;
	read_alone(bytes + 1, len - 1);
	converse(bytes + 1, len - 1, 1u + bytes[0]);
	return 0;
}
