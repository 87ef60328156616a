/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/guest_agent.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/qemu/qmp/qmp_message.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE_LIMIT (64 * 1024)
#define ANSWER_LIMIT (1024 * 1024)	/* of all bytes that are read for one command */
#define READ_CHUNK 4096
#define TURN_MAX (64 * 1024)
#define ANSWER_MS 10000
#define SILENT_MS 2000		/* for a failure of a command that does not answer when it succeeds */
#define WAITING_MAX 16
#define ID_MASK 0xffffffffffffULL	/* JSON numbers are exact up to 2^53 */
/* No byte of UTF-8. It ends whatever the parser of the agent was in, and stands before the answer to guest-sync-delimited. */
#define MARK '\xff'

enum agent_phase { AGENT_IDLE, AGENT_SYNCING, AGENT_ASKED };

struct request {
	char *line;		/* the command as sent */
	bool silent;		/* answers only if it fails */
	qmp_reply_fn *reply;	/* may be NULL */
	void *data;
};

struct guest_agent {
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	unsigned answer_ms, silent_ms;
	bool open;
	enum agent_phase phase;
	uint64_t id;		/* of the guest-sync-delimited */
	struct str in;		/* an unfinished line */
	bool overlong;		/* it is longer than LINE_LIMIT, and was dropped */
	size_t received;	/* bytes, since the command began */
	struct str out;		/* not yet sent */
	struct request *requests;	/* the first is the current one, unless idle */
	size_t count, size;
	unsigned busy;		/* number of running callbacks; a free waits for them */
	bool freed;
};

/* Called before anything that may run callbacks. */
static void enter(struct guest_agent *agent)
{
	agent->busy++;
}

static void leave(struct guest_agent *agent)
{
	if (--agent->busy > 0 || !agent->freed)
		return;
	str_finish(&agent->in);
	str_finish(&agent->out);
	for (size_t i = 0; i < agent->count; i++)
		free(agent->requests[i].line);
	free(agent->requests);
	free(agent);
}

static void push(struct guest_agent *agent)
{
	while (agent->out.len) {
		ssize_t n = send(agent->fd, agent->out.text, agent->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			str_clear(&agent->out);		/* the reader sees the end too */
		if (n < 0)
			break;
		str_drop(&agent->out, (size_t)n);
	}
	loop_watch_events(agent->watch, agent->out.len ? POLLIN | POLLOUT : POLLIN);
}

static void begin(struct guest_agent *agent)
{
	if (getrandom(&agent->id, sizeof(agent->id), GRND_NONBLOCK) != (ssize_t)sizeof(agent->id))
		agent->id = loop_now();
	agent->id &= ID_MASK;
	agent->phase = AGENT_SYNCING;
	agent->received = 0;
	agent->overlong = false;
	str_clear(&agent->in);
	str_clear(&agent->out);
	str_addc(&agent->out, MARK);
	str_addf(&agent->out, "{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":%" PRIu64 "}}\n", agent->id);
	loop_timer_arm(agent->timer, agent->answer_ms);
	push(agent);
}

/* Ends the current command. One of result and error is NULL. */
static void answer(struct guest_agent *agent, const char *result, const char *error)
{
	struct request done = agent->requests[0];

	memmove(agent->requests, agent->requests + 1, --agent->count * sizeof(*agent->requests));
	agent->phase = AGENT_IDLE;
	loop_timer_disarm(agent->timer);
	if (agent->watch)
		loop_watch_events(agent->watch, -1);
	if (done.reply)
		done.reply(done.data, result, error);
	free(done.line);
}

/* Ends the current command and begins the next. */
static void finish(struct guest_agent *agent, const char *result, const char *error)
{
	answer(agent, result, error);
	/* The reply may have begun one, or have ended all. */
	if (!agent->freed && agent->phase == AGENT_IDLE && agent->count)
		begin(agent);
}

static bool succeeds_silently(const struct guest_agent *agent)
{
	return agent->phase == AGENT_ASKED && agent->requests[0].silent && !agent->out.len;
}

/* Ends all commands; one that a reply adds is refused. */
static void finish_all(struct guest_agent *agent, const char *why)
{
	agent->open = false;
	while (!agent->freed && agent->count) {
		bool fine = succeeds_silently(agent);

		answer(agent, fine ? "{}" : NULL, fine ? NULL : why);
	}
}

static void hang_up(struct guest_agent *agent)
{
	loop_unwatch(agent->watch);
	agent->watch = NULL;
	close(agent->fd);
	agent->fd = -1;
}

static void time_over(void *data)
{
	struct guest_agent *agent = data;

	enter(agent);
	if (succeeds_silently(agent))
		finish(agent, "{}", NULL);
	else
		finish(agent, NULL, "the guest agent does not answer");
	leave(agent);
}

static void ask(struct guest_agent *agent)
{
	agent->phase = AGENT_ASKED;
	str_adds(&agent->out, agent->requests[0].line);
	if (agent->requests[0].silent)
		loop_timer_arm(agent->timer, agent->silent_ms);
	push(agent);
}

static void take_sync(struct guest_agent *agent, const char *line, size_t len)
{
	struct qmp_message message;
	const char *mark = memrchr(line, MARK, len);
	char wanted[32];
	struct error ignored;

	snprintf(wanted, sizeof(wanted), "%" PRIu64, agent->id);
	/* Anything else is garbage, or the answer to a command that was given up. */
	if (!mark || !qmp_message_read(mark + 1, (size_t)(line + len - mark - 1), &message, &ignored))
		return;
	if (message.kind == QMP_RETURN && !strcmp(message.detail, wanted))
		ask(agent);
	qmp_message_finish(&message);
}

static void take_answer(struct guest_agent *agent, const char *line, size_t len)
{
	struct qmp_message message;
	struct error err;

	if (!qmp_message_read(line, len, &message, &err)) {
		error_prefix(&err, "the guest agent sent an unexpected message");
		finish(agent, NULL, err.text);
		return;
	}
	if (message.kind == QMP_RETURN) {
		finish(agent, message.detail, NULL);
	} else if (message.kind == QMP_ERROR) {
		char *plain = format_plain(message.detail);

		error_set(&err, GUEST_AGENT_REPORTS "%s", plain);
		finish(agent, NULL, err.text);
		free(plain);
	} else {
		finish(agent, NULL, "the guest agent sent an unexpected message");
	}
	qmp_message_finish(&message);
}

static void take_line(struct guest_agent *agent)
{
	struct str line = agent->in;
	bool overlong = agent->overlong;

	str_init(&agent->in);
	agent->overlong = false;
	if (line.len && line.text[line.len - 1] == '\r')
		str_cut(&line, line.len - 1);
	if (overlong && agent->phase == AGENT_ASKED)
		finish(agent, NULL, "the guest agent sent a line that is too long");
	else if (!overlong && line.len && agent->phase == AGENT_SYNCING)
		take_sync(agent, line.text, line.len);
	else if (!overlong && line.len && agent->phase == AGENT_ASKED)
		take_answer(agent, line.text, line.len);
	str_finish(&line);
}

/* Takes bytes of the guest; those that follow the answer are dropped. */
static void take(struct guest_agent *agent, const char *bytes, size_t len)
{
	agent->received += len;
	while (len && !agent->freed && agent->phase != AGENT_IDLE) {
		const char *newline = memchr(bytes, '\n', len);
		size_t part = newline ? (size_t)(newline - bytes) : len;

		if (agent->in.len + part > LINE_LIMIT) {
			agent->overlong = true;
			str_clear(&agent->in);
		} else if (!agent->overlong) {
			str_add(&agent->in, bytes, part);
		}
		if (newline)
			take_line(agent);
		part += newline != NULL;
		bytes += part;
		len -= part;
	}
	if (!agent->freed && agent->phase != AGENT_IDLE && agent->received > ANSWER_LIMIT)
		finish(agent, NULL, "the guest agent sent too much without an answer");
}

/* Returns false if there is nothing more to read now. */
static bool pull(struct guest_agent *agent)
{
	char chunk[READ_CHUNK];
	ssize_t n = recv(agent->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n > 0)
		take(agent, chunk, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		hang_up(agent);
		finish_all(agent, "QEMU has closed the port of the guest agent");
	}
	return n == sizeof(chunk);
}

static void on_socket(void *data, int fd, short revents)
{
	struct guest_agent *agent = data;

	(void)fd;
	enter(agent);
	if (revents & POLLOUT)
		push(agent);
	if (revents & ~POLLOUT)
		for (size_t got = 0; got < TURN_MAX && !agent->freed && agent->phase != AGENT_IDLE && pull(agent); got += READ_CHUNK)
			;
	leave(agent);
}

struct guest_agent *guest_agent_new(struct loop *loop, int fd)
{
	struct guest_agent *agent = mem_alloc(sizeof(*agent));

	agent->fd = fd;
	agent->answer_ms = ANSWER_MS;
	agent->silent_ms = SILENT_MS;
	str_init(&agent->in);
	str_init(&agent->out);
	agent->watch = loop_watch(loop, fd, -1, on_socket, agent);
	agent->timer = loop_timer(loop, time_over, agent);
	return agent;
}

void guest_agent_free(struct guest_agent *agent)
{
	if (!agent)
		return;
	if (agent->watch)
		hang_up(agent);
	loop_timer_free(agent->timer);
	agent->freed = true;
	enter(agent);
	leave(agent);
}

void guest_agent_timeouts(struct guest_agent *agent, unsigned answer_ms, unsigned silent_ms)
{
	agent->answer_ms = answer_ms;
	agent->silent_ms = silent_ms;
}

void guest_agent_opened(struct guest_agent *agent, bool open)
{
	enter(agent);
	if (open && agent->watch)
		agent->open = true;
	else
		finish_all(agent, "the guest agent has stopped");
	leave(agent);
}

bool guest_agent_is_open(const struct guest_agent *agent)
{
	return agent->open;
}

static bool is_name(const char *text)
{
	return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(text);
}

void guest_agent_execute(struct guest_agent *agent, const char *command, const char *arguments, qmp_reply_fn *reply, void *data)
{
	struct request request = {
		.silent = !strcmp(command, "guest-shutdown") || text_starts(command, "guest-suspend-"), .reply = reply, .data = data,
	};
	const char *trouble = !is_name(command) ? "not a command of a guest agent"
	                      : !agent->open ? "no guest agent runs in the guest"
	                      : agent->count == WAITING_MAX ? "too many commands wait for the guest agent" : NULL;
	struct str line;

	if (trouble) {
		if (reply)
			reply(data, NULL, trouble);
		return;
	}
	str_init(&line);
	str_addf(&line, "{\"execute\":\"%s\"", command);
	if (arguments)
		str_addf(&line, ",\"arguments\":%s", arguments);
	str_adds(&line, "}\n");
	request.line = str_detach(&line);
	agent->requests = mem_grow(agent->requests, &agent->size, agent->count + 1, sizeof(*agent->requests));
	agent->requests[agent->count++] = request;
	if (agent->count == 1 && agent->phase == AGENT_IDLE)
		begin(agent);
}
