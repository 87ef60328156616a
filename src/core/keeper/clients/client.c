/* SPDX-License-Identifier: MIT */
#include "core/keeper/clients/client.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/pidfd.h"
#include "core/base/str.h"
#include "core/keeper/clients/protocol.h"
#include "core/keeper/clients/requests.h"
#include "core/keeper/run/process.h"
#include "core/keeper/run/registry.h"
#include "core/qemu/plan/plan_bytes.h"
#include "core/qemu/plan/plan_data.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE (4 * 1024)		/* most bytes of input in one frame */
#define AGENT_MS 200000		/* sixteen others may be asked before, each for ten seconds */

struct keeper_client {
	struct loop *loop;
	enum keeper_role role;
	const struct keeper_events *events;
	void *data;

	int fd;
	struct loop_watch *watch;
	struct frame_reader in;
	struct str out;
	struct str typed;		/* not sent because the window is full */
	size_t under_way;		/* number of bytes sent but not confirmed as accepted */

	int keeper;			/* pidfd of the keeper, if this process started it, or -1 */
	int plan_fd;			/* pipe for the plan, or -1 */
	struct loop_watch *plan_watch;
	struct str plan;

	bool greeted;			/* its hello has arrived */
	int64_t protocol;		/* of the keeper, once it has greeted */
	bool over;			/* `ended` or `lost` was called */
	bool link_down;			/* in its last state */
	bool busy, closed;		/* inside a callback; closed by it */
	unsigned commands;		/* number of ids used */
	unsigned refused;		/* of those, ids that were sent or answered here */
	struct loop_timer *refusal;
	struct loop_timer *deadline;	/* the first of those of all requests */
	uint64_t answer_ms;		/* how long an answer may take */
	struct requests requests;
	struct str control;		/* requests of protocol 3, until the keeper says that it knows them */
};

const char keeper_late[] = "it was not done in time";
const char keeper_unanswered[] = "QEMU does not answer, and may still do this when it can";
const struct keeper_join keeper_watch = { .role = ROLE_WATCH };

/* A request may close the client, which then ends the others. */
static void fail_requests(struct keeper_client *client, const char *why)
{
	str_clear(&client->control);
	while (client->requests.count > 0)
		requests_finish(&client->requests, client->requests.items[0].id, why);
}

static void client_free(struct keeper_client *client)
{
	client->closed = client->busy = client->over = true;
	fail_requests(client, "the connection was closed");
	loop_unwatch(client->watch);
	loop_unwatch(client->plan_watch);
	loop_timer_free(client->refusal);
	loop_timer_free(client->deadline);
	requests_drop(&client->requests);
	str_finish(&client->control);
	if (client->fd >= 0)
		close(client->fd);
	if (client->plan_fd >= 0)
		close(client->plan_fd);
	if (client->keeper >= 0)
		close(client->keeper);
	frame_reader_finish(&client->in);
	str_finish(&client->out);
	str_finish(&client->typed);
	str_finish(&client->plan);
	free(client);
}

void keeper_close(struct keeper_client *client)
{
	if (!client)
		return;
	if (client->busy)
		client->closed = true;
	else
		client_free(client);
}

static void disconnect(struct keeper_client *client)
{
	client->over = true;
	loop_unwatch(client->watch);
	client->watch = NULL;
	close(client->fd);
	client->fd = -1;
	str_clear(&client->out);
	str_clear(&client->typed);
}

static void lose(struct keeper_client *client, const char *why)
{
	if (client->over)
		return;
	disconnect(client);
	fail_requests(client, why);
	if (!client->closed && client->events->lost)
		client->events->lost(client->data, why);
}

/* Returns false if the connection is broken; reading reports that. */
static bool send_out(struct keeper_client *client)
{
	if (client->over)
		return true;
	if (client->out.len > 0) {
		ssize_t n = send(client->fd, client->out.text, client->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n > 0)
			str_drop(&client->out, (size_t)n);
	}
	loop_watch_events(client->watch, (short)(POLLIN | (client->out.len > 0 ? POLLOUT : 0)));
	return true;
}

static void send_message(struct keeper_client *client, enum frame_type type, const struct message *message)
{
	if (client->over)
		return;
	message_write(&client->out, type, message);
	send_out(client);
}

static void pump_typed(struct keeper_client *client)
{
	while (client->typed.len > 0 && client->under_way < TYPED_WINDOW) {
		size_t len = TYPED_WINDOW - client->under_way;

		if (len > PIECE)
			len = PIECE;
		if (len > client->typed.len)
			len = client->typed.len;
		frame_add(&client->out, FRAME_TYPED, client->typed.text, len);
		str_drop(&client->typed, len);
		client->under_way += len;
	}
	send_out(client);
}

void keeper_type(struct keeper_client *client, const void *bytes, size_t len)
{
	if (client->over || client->role != ROLE_CONSOLE || len == 0)
		return;
	str_add(&client->typed, bytes, len);
	pump_typed(client);
}

size_t keeper_untyped(const struct keeper_client *client)
{
	return client->typed.len;
}

void keeper_answer(struct keeper_client *client, const void *bytes, size_t len)
{
	if (client->over || client->role != ROLE_CONSOLE || len == 0 || len > PIECE)
		return;
	frame_add(&client->out, FRAME_ANSWER, bytes, len);
	send_out(client);
}

void keeper_resize(struct keeper_client *client, int rows, int columns)
{
	send_message(client, FRAME_SIZE, &(struct message){ .rows = rows, .columns = columns });
}

static bool knows_control(const struct keeper_client *client)
{
	return client->protocol >= PROTOCOL_CONTROL && client->protocol <= PROTOCOL_VERSION;
}

/* Requests that this keeper cannot understand, or whose connection is gone. */
static void refuse_requests(void *data)
{
	static const char newer[] = "this VM was started by a newer paddock; you can only attach to it";
	static const char older[] = "this VM was started by an older paddock; it can be changed only after a restart";
	struct keeper_client *client = data;

	client->busy = true;
	while (client->protocol > PROTOCOL_VERSION && client->refused < client->commands && !client->closed) {
		client->refused++;
		if (client->events->reply)
			client->events->reply(client->data, client->refused, newer);
	}
	if (client->over || (client->greeted && !knows_control(client)))
		fail_requests(client, client->over ? "the VM is not connected any more" : client->protocol > PROTOCOL_VERSION ? newer : older);
	client->busy = false;
	if (client->closed)
		client_free(client);
}

unsigned keeper_command(struct keeper_client *client, enum keeper_command command)
{
	unsigned id = ++client->commands;

	if (client->protocol > PROTOCOL_VERSION) {
		loop_timer_arm(client->refusal, 0);
	} else {
		client->refused = id;
		send_message(client, FRAME_COMMAND, &(struct message){ .id = id, .command = keeper_command_name(command) });
	}
	return id;
}

/* Sends what waits as soon as the keeper is known to understand it. */
static void send_control(struct keeper_client *client)
{
	if (client->over || (client->greeted && !knows_control(client))) {
		loop_timer_arm(client->refusal, 0);
	} else if (client->greeted) {
		str_add(&client->out, client->control.text, client->control.len);
		str_clear(&client->control);
		send_out(client);
	}
}

static struct request *add_request(struct keeper_client *client, uint64_t ms, const char *late, keeper_result_fn *done, void *data)
{
	struct request *request = requests_add(&client->requests, done, data);

	request->deadline = loop_now() + ms;
	request->late = late;
	loop_timer_arm(client->deadline, 0);	/* which finds the first deadline */
	return request;
}

/* By the timer, since nobody is called back at once. */
static void fail_later(struct request *request, const char *why)
{
	request->deadline = 1;
	request->late = why;
}

static void execute(struct keeper_client *client, enum frame_type type, const char *command, const char *arguments,
                    keeper_result_fn *done, void *data)
{
	struct request *request = add_request(client, type == FRAME_AGENT ? AGENT_MS : client->answer_ms, keeper_unanswered, done, data);

	if (!qmp_frame_write(&client->control, type, request->id, command, arguments, FRAME_MAX_TYPED))
		fail_later(request, "the request is too long");
	send_control(client);
}

void keeper_qmp(struct keeper_client *client, const char *command, const char *arguments, keeper_result_fn *done, void *data)
{
	execute(client, FRAME_QMP, command, arguments, done, data);
}

void keeper_agent(struct keeper_client *client, const char *command, const char *arguments, keeper_result_fn *done, void *data)
{
	execute(client, FRAME_AGENT, command, arguments, done, data);
}

static void expire_requests(void *data)
{
	struct keeper_client *client = data;
	uint64_t now = loop_now(), next;

	client->busy = true;
	next = requests_expire(&client->requests, now);
	if (next)
		loop_timer_arm(client->deadline, next > now ? next - now : 0);
	client->busy = false;
	if (client->closed)
		client_free(client);
}

unsigned keeper_await(struct keeper_client *client, uint64_t ms, keeper_accept_fn *accepts, keeper_result_fn *done, void *data)
{
	struct request *request = add_request(client, ms, keeper_late, done, data);

	request->accepts = accepts;
	send_control(client);
	return request->id;
}

void keeper_answer_within(struct keeper_client *client, uint64_t ms)
{
	client->answer_ms = ms;
}

void keeper_unawait(struct keeper_client *client, unsigned id)
{
	requests_forget(&client->requests, id);
}

bool keeper_link_down(const struct keeper_client *client)
{
	return client->link_down;
}

void keeper_setting(struct keeper_client *client, const char *key, enum setting_action action, const char *value,
                    keeper_result_fn *done, void *data)
{
	struct request *request = add_request(client, client->answer_ms, keeper_unanswered, done, data);

	if (!setting_frame_write(&client->control, request->id, key, action, value, FRAME_MAX_TYPED))
		fail_later(request, "the value is too long");
	send_control(client);
}

struct loop *keeper_loop(const struct keeper_client *client)
{
	return client->loop;
}

void keeper_kill_process(const struct keeper_client *client)
{
	struct error ignored;

	if (client->keeper >= 0 && !client->over)
		pidfd_signal(client->keeper, SIGKILL, &ignored);
}

static void got_state(struct keeper_client *client, const struct message *message)
{
	struct keeper_state state;

	keeper_state_of(message, &state);
	client->link_down = state.link_down;
	if (client->events->state)
		client->events->state(client->data, &state);
}

static void got_message(struct keeper_client *client, enum frame_type type, const struct message *message)
{
	const struct keeper_events *events = client->events;

	if (type == FRAME_HELLO) {
		client->greeted = true;
		client->protocol = message->protocol;
		if (message->error[0])
			lose(client, message->error);
		else if (client->requests.count)
			send_control(client);
	} else if (type == FRAME_STATE) {
		got_state(client, message);
	} else if (type == FRAME_EXIT) {
		struct keeper_end end = {
			.started = message->ran, .status = (int)message->status, .signal = (int)message->signal,
			.reason = message->reason, .error = message->error, .ended = (time_t)message->ended,
		};

		disconnect(client);
		fail_requests(client, "the VM has ended");
		if (events->ended && !client->closed)
			events->ended(client->data, &end);
	} else if (type == FRAME_REPLY && message->id >= REQUEST_IDS) {
		requests_finish(&client->requests, (unsigned)message->id, message->error[0] ? message->error : NULL);
	} else if (type == FRAME_REPLY && events->reply) {
		events->reply(client->data, (unsigned)message->id, message->error[0] ? message->error : NULL);
	} else if (type == FRAME_TAKEN) {
		size_t len = (size_t)message->bytes;
		bool waited = client->typed.len > 0;

		client->under_way -= len < client->under_way ? len : client->under_way;
		pump_typed(client);
		if (waited && client->typed.len == 0 && events->writable)
			events->writable(client->data);
	} else if (type == FRAME_SCREEN) {
		if (!message_has_size(message))
			lose(client, "the keeper does not follow the protocol");
		else if (events->screen)
			events->screen(client->data, (int)message->rows, (int)message->columns, message->log);
	} else if (type == FRAME_GAP && events->gap) {
		events->gap(client->data, (uint64_t)message->missed);
	} else if (type == FRAME_STEP && events->step) {
		events->step(client->data, message->text);
	} else if (type == FRAME_NOTICE && events->notice) {
		events->notice(client->data, message->text);
	} else if (type == FRAME_ANSWERER && events->answerer) {
		events->answerer(client->data, message->on);
	}
}

/* Returns false if the keeper does not follow the protocol. */
static bool got_control(struct keeper_client *client, const struct frame *frame)
{
	struct control_frame event;
	const char *piece;
	unsigned id;
	size_t len;

	if (frame->type == FRAME_RESULT)
		return result_frame_read(frame, &id, &piece, &len) && requests_piece(&client->requests, id, piece, len);
	if (!control_frame_read(frame, &event))
		return false;
	if (client->events->event)
		client->events->event(client->data, event.name, event.detail ? event.detail : "");
	if (!client->closed)
		requests_event(&client->requests, event.name, event.detail ? event.detail : "");
	control_frame_finish(&event);
	return true;
}

static void got_frame(struct keeper_client *client, const struct frame *frame)
{
	const struct keeper_events *events = client->events;
	struct message message;

	if (!client->greeted && frame->type != FRAME_HELLO) {
		lose(client, "the process at the socket is not a keeper");
	} else if (frame->type == FRAME_CONSOLE || frame->type == FRAME_HISTORY) {
		if (events->console)
			events->console(client->data, frame->bytes, frame->len, frame->type == FRAME_HISTORY);
	} else if (frame->type == FRAME_HISTORY_END) {
		if (events->history_end)
			events->history_end(client->data);
	} else if (frame->type == FRAME_RESULT || frame->type == FRAME_EVENT) {
		if (!got_control(client, frame))
			lose(client, "the keeper does not follow the protocol");
	} else if (frame->type < FRAME_TYPES) {
		if (message_read(frame, &message))
			got_message(client, (enum frame_type)frame->type, &message);
		else
			lose(client, "the keeper does not follow the protocol");
		message_finish(&message);
	}
}

static void read_in(struct keeper_client *client)
{
	size_t room;
	void *at = frame_reader_room(&client->in, &room);
	ssize_t n = recv(client->fd, at, room, MSG_DONTWAIT);
	enum frame_outcome outcome = FRAME_MORE;
	struct frame frame;

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		lose(client, "the keeper of this VM has exited");
		return;
	}
	frame_reader_added(&client->in, n > 0 ? (size_t)n : 0);
	while (!client->over && !client->closed && (outcome = frame_next(&client->in, &frame)) == FRAME_READY)
		got_frame(client, &frame);
	if (outcome == FRAME_BROKEN)
		lose(client, "the keeper does not follow the protocol");
}

static void on_socket(void *data, int fd, short revents)
{
	struct keeper_client *client = data;

	(void)fd;
	client->busy = true;
	/* Input must be read first, so a broken pipe is handled by the reader. */
	if (revents & POLLOUT && !send_out(client))
		str_clear(&client->out);
	if (revents & (POLLIN | POLLHUP | POLLERR))
		read_in(client);
	client->busy = false;
	if (client->closed)
		client_free(client);
}

static struct keeper_client *client_new(struct loop *loop, int fd, const struct keeper_join *join,
                                        const struct keeper_events *events, void *data)
{
	static const char *const roles[] = {
		[ROLE_CONSOLE] = "console", [ROLE_READ_ONLY] = "read-only", [ROLE_WATCH] = "watch",
	};
	struct keeper_client *client = mem_alloc(sizeof(*client));

	client->loop = loop;
	client->role = join->role;
	client->events = events;
	client->data = data;
	client->fd = fd;
	client->plan_fd = -1;
	client->keeper = -1;
	frame_reader_init(&client->in, FRAME_MAX);
	str_init(&client->out);
	str_init(&client->typed);
	str_init(&client->control);
	str_init_secret(&client->plan);
	client->watch = loop_watch(loop, fd, POLLIN, on_socket, client);
	client->refusal = loop_timer(loop, refuse_requests, client);
	client->deadline = loop_timer(loop, expire_requests, client);
	client->answer_ms = KEEPER_ANSWER_MS;
	send_message(client, FRAME_HELLO, &(struct message){ .protocol = PROTOCOL_VERSION, .program = "paddock",
	                                            .role = roles[join->role], .rows = join->rows,
	                                            .columns = join->columns, .raw = join->raw });
	return client;
}

struct keeper_client *keeper_connect(struct loop *loop, const struct registry_entry *entry, const struct keeper_join *join,
                                     const struct keeper_events *events, void *data, struct error *err)
{
	int fd = registry_connect(entry->uuid, err);

	return fd < 0 ? NULL : client_new(loop, fd, join, events, data);
}

static void send_plan(void *data, int fd, short revents)
{
	struct keeper_client *client = data;
	ssize_t n = send(fd, client->plan.text, client->plan.len, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		str_drop(&client->plan, (size_t)n);
	if (n >= 0 && client->plan.len > 0)
		return;
	/* Everything is sent, or the keeper is gone, which the socket reports too. */
	loop_unwatch(client->plan_watch);
	client->plan_watch = NULL;
	close(client->plan_fd);
	client->plan_fd = -1;
	str_finish(&client->plan);
}

/* The keeper usually outlives this process; if not, it must be reaped. */
static void reaped(void *data, pid_t pid, int status)
{
	(void)data;
	(void)pid;
	(void)status;
}

/* Sets *keeper to a pidfd, or to -1 if the kernel has none. */
static bool spawn_keeper(struct loop *loop, int plan, int socket, int *keeper, struct error *err)
{
	char name[] = "paddock", word[] = KEEPER_WORD;
	char *argv[] = { name, word, NULL };
	const struct child_fd extra[] = { { plan, KEEPER_PLAN_FD }, { socket, KEEPER_CLIENT_FD } };
	struct child_spec spec = {
		.path = "/proc/self/exe", .argv = argv, .in = -1, .out = -1, .err = -1,
		.extra = extra, .extra_count = 2, .new_session = true,
	};
	pid_t pid = child_spawn(&spec, err);

	if (pid < 0)
		return error_prefix(err, "cannot start a keeper");
	/* Before anything can reap it: the pid is still its own. */
	*keeper = pidfd_open_process(pid);
	if (loop_child(loop, pid, reaped, NULL, err))
		return true;
	if (*keeper >= 0)
		close(*keeper);
	return false;
}

struct keeper_client *keeper_launch(struct loop *loop, const struct plan *plan, const struct keeper_join *join,
                                    const struct keeper_events *events, void *data, struct error *err)
{
	int pair[2], feed[2];
	struct keeper_client *client = NULL;
	int keeper = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		error_errno(err, "cannot start a keeper");
		return NULL;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, feed) < 0) {
		error_errno(err, "cannot start a keeper");
		close(pair[0]);
	} else if (!spawn_keeper(loop, feed[1], pair[1], &keeper, err)) {
		close(pair[0]);
		close(feed[0]);
		close(feed[1]);
	} else {
		close(feed[1]);
		client = client_new(loop, pair[0], join, events, data);
		client->keeper = keeper;
		client->plan_fd = feed[0];
		plan_write(plan, &client->plan);
		client->plan_watch = loop_watch(loop, feed[0], POLLOUT, send_plan, client);
		send_plan(client, feed[0], POLLOUT);
	}
	close(pair[1]);
	return client;
}
