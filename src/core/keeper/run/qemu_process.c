/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qemu_process.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/run/guest_agent.h"
#include "core/keeper/stream/autowrap.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/qmp/qmp_message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define MARK "[QEMU] "
#define LINE_MAX_LEN 1000
#define WORDS_MAX 2000		/* bytes kept of the last lines of QEMU */
#define TURN_MAX (64 * 1024)
#define TURN_MS 10		/* some output takes much longer than its length tells, and clients wait */
#define READ_SIZE (16 * 1024)
/*
 * A shorter read means that there is no more input: SMALL in general, and FULL, the most that a pty returns at once, if
 * the output had time to accumulate.
 */
#define SMALL 512
#define FULL 4095
/* After QEMU exits: time for its own child processes that still hold the pty. */
#define LINGER_MS 300
/* After QEMU closes its monitor: time for it to exit, which usually follows. */
#define HANG_UP_MS 1000
/*
 * A serial port delivers one byte at a time. In a stream of such bytes, if no
 * user waits for an echo, the keeper naps after each read so that the next
 * read returns more. As the pty holds only 12 KiB before it stops the guest,
 * it naps only for a guest that is known to be slow; small reads alone may
 * also mean that the keeper keeps up with a fast guest.
 */
#define NAP_MS 8
#define SLOW_RATE 1024		/* bytes per ms, over a span */
#define SPAN_MS 16
#define STREAM_MS 16		/* two reads this close are a stream */
#define ECHO_MS 100		/* no naps this long after a key */

struct qemu_process {
	struct loop *loop;
	const struct qemu_process_events *events;
	void *data;

	pid_t pid;
	struct loop_child *child;
	bool exited, told;
	int status;
	struct loop_timer *linger;

	int pty;			/* -1 after it has hung up */
	struct loop_watch *pty_watch;
	bool starved;			/* a write was short, so wait for POLLOUT */
	bool line_open;			/* the last byte of the console was not a newline */
	struct firmware_wrap wrap;
	struct loop_timer *nap;
	uint64_t last_read, last_typed;
	uint64_t span_begin;
	size_t span_bytes;
	bool slow;			/* in the previous span, and so far in this one */

	int err;			/* stderr of QEMU; -1 after its end */
	struct loop_watch *err_watch;
	char line[LINE_MAX_LEN];
	size_t line_len;
	char words[WORDS_MAX + 1];
	size_t words_len;

	struct guest_agent *agent;	/* NULL: QEMU has no port for it */
	struct qmp *qmp;
	bool qmp_ready, qmp_open;
	struct loop_timer *hang_up;	/* armed when QEMU has closed its monitor but not exited */
};

static void to_console(struct qemu_process *qemu, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	qemu->line_open = bytes[len - 1] != '\n';
	qemu->events->console(qemu->data, bytes, len);
}

static void check_end(struct qemu_process *qemu)
{
	if (!qemu->exited || qemu->told || qemu->pty >= 0 || qemu->err >= 0 || qemu->qmp_open)
		return;
	qemu->told = true;
	loop_timer_disarm(qemu->linger);
	qemu->events->ended(qemu->data, qemu->status);
}

static void pty_interest(struct qemu_process *qemu)
{
	short events = (short)((loop_timer_armed(qemu->nap) ? 0 : POLLIN) | (qemu->starved ? POLLOUT : 0));

	/* Without any events, poll would still report a hang-up, again and again. */
	if (qemu->pty >= 0)
		loop_watch_events(qemu->pty_watch, events ? events : -1);
}

static void pty_close(struct qemu_process *qemu)
{
	if (qemu->pty < 0)
		return;
	loop_unwatch(qemu->pty_watch);
	close(qemu->pty);
	qemu->pty = -1;
	loop_timer_disarm(qemu->nap);
	check_end(qemu);
}

/* A span without bytes does not predict anything. */
static void measure(struct qemu_process *qemu, size_t got, uint64_t now)
{
	uint64_t took = now - qemu->span_begin;

	qemu->span_bytes += got;
	if (qemu->span_bytes > SLOW_RATE * SPAN_MS)
		qemu->slow = false;
	if (took < SPAN_MS)
		return;
	qemu->slow = took < 2 * SPAN_MS && qemu->span_bytes <= SLOW_RATE * took;
	qemu->span_begin = now;
	qemu->span_bytes = 0;
}

/* Returns false at the end of the output. */
static bool pty_read(struct qemu_process *qemu)
{
	char buf[READ_SIZE];
	uint64_t begin = loop_now();
	size_t got = 0;
	ssize_t n;

	do {
		n = read(qemu->pty, buf, sizeof(buf));
		if (n > 0) {
			firmware_keep_wrap(&qemu->wrap, buf, (size_t)n);
			to_console(qemu, buf, (size_t)n);
			got += (size_t)n;
		}
	} while (n >= (qemu->slow ? FULL : SMALL) && got < TURN_MAX && loop_now() - begin < TURN_MS);

	/* EIO: every other end is closed, and all output has been read. Checked before any callback, which may change
	 * errno (a client that disconnects). */
	bool more = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));

	if (got > 0) {
		unsigned hold = qemu->events->output_idle(qemu->data);
		uint64_t now = loop_now();

		measure(qemu, got, now);
		if (hold > 0)
			loop_timer_arm(qemu->nap, hold);
		else if (qemu->slow && now - qemu->last_read <= STREAM_MS && now - qemu->last_typed > ECHO_MS)
			loop_timer_arm(qemu->nap, NAP_MS);
		qemu->last_read = now;
	}
	return more;
}

static void pty_drain(struct qemu_process *qemu)
{
	if (pty_read(qemu))
		pty_interest(qemu);
	else
		pty_close(qemu);
}

static void awake(void *data)
{
	pty_drain(data);
}

static void pty_ready(void *data, int fd, short revents)
{
	struct qemu_process *qemu = data;

	(void)fd;
	if (revents & POLLOUT) {
		qemu->starved = false;
		qemu->events->writable(qemu->data);
	}
	if (revents & (POLLIN | POLLHUP | POLLERR))
		pty_drain(qemu);
	else
		pty_interest(qemu);
}

size_t qemu_process_type(struct qemu_process *qemu, const void *bytes, size_t len)
{
	if (qemu->pty < 0)
		return len;		/* no process will ever read it */

	ssize_t n = write(qemu->pty, bytes, len);

	qemu->last_typed = loop_now();
	loop_timer_disarm(qemu->nap);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return len;
	if (n < 0)
		n = 0;
	qemu->starved = (size_t)n < len;
	pty_interest(qemu);
	return (size_t)n;
}

static void keep_words(struct qemu_process *qemu, const char *line, size_t len)
{
	while (qemu->words_len + 1 + len > WORDS_MAX) {
		const char *newline = memchr(qemu->words, '\n', qemu->words_len);
		size_t drop = newline ? (size_t)(newline - qemu->words) + 1 : qemu->words_len;

		qemu->words_len -= drop;
		memmove(qemu->words, qemu->words + drop, qemu->words_len);
	}
	if (qemu->words_len > 0)
		qemu->words[qemu->words_len++] = '\n';
	memcpy(qemu->words + qemu->words_len, line, len);
	qemu->words_len += len;
	qemu->words[qemu->words_len] = '\0';
}

static void say_line(struct qemu_process *qemu)
{
	size_t len = qemu->line_len;

	qemu->line_len = 0;
	if (len > 0 && qemu->line[len - 1] == '\r')
		len--;
	if (len == 0)
		return;
	keep_words(qemu, qemu->line, len);
	if (qemu->line_open)
		to_console(qemu, "\r\n", 2);
	to_console(qemu, MARK, sizeof(MARK) - 1);
	to_console(qemu, qemu->line, len);
	to_console(qemu, "\r\n", 2);
}

static void err_close(struct qemu_process *qemu)
{
	if (qemu->err < 0)
		return;
	loop_unwatch(qemu->err_watch);
	close(qemu->err);
	qemu->err = -1;
	if (qemu->line_len > 0) {
		say_line(qemu);
		qemu->events->output_idle(qemu->data);
	}
	check_end(qemu);
}

static void err_ready(void *data, int fd, short revents)
{
	struct qemu_process *qemu = data;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)revents;
	for (ssize_t i = 0; i < n; i++) {
		if (buf[i] != '\n' && buf[i] != '\0')
			qemu->line[qemu->line_len++] = buf[i];
		if (buf[i] == '\n' || qemu->line_len == sizeof(qemu->line))
			say_line(qemu);
	}
	if (n > 0)
		qemu->events->output_idle(qemu->data);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		err_close(qemu);
}

const char *qemu_process_stderr(const struct qemu_process *qemu)
{
	return qemu->words;
}

static void qmp_is_ready(void *data)
{
	struct qemu_process *qemu = data;

	qemu->qmp_ready = true;
	qemu->events->ready(qemu->data);
}

static void check_agent(struct qemu_process *qemu, const char *detail)
{
	char *id = qmp_member(detail, "id"), *open = qmp_member(detail, "open");

	if (qemu->agent && text_equal(id, PLAN_AGENT_ID))
		guest_agent_opened(qemu->agent, text_equal(open, "true"));
	free(id);
	free(open);
}

static void qmp_says(void *data, const char *name, const char *detail)
{
	struct qemu_process *qemu = data;

	if (text_equal(name, "VSERPORT_CHANGE"))
		check_agent(qemu, detail);
	qemu->events->event(qemu->data, name, detail);
}

static void hang_up_over(void *data)
{
	struct qemu_process *qemu = data;

	if (!qemu->exited)
		qemu->events->deaf(qemu->data, "QEMU has closed its monitor");
}

/* QEMU closes its monitor when it exits, so this is reported only if the process keeps running. */
static void qmp_is_closed(void *data, const char *why)
{
	struct qemu_process *qemu = data;

	qemu->qmp_ready = false;
	qemu->qmp_open = false;
	if (why && !qemu->told)
		qemu->events->deaf(qemu->data, why);
	else if (!qemu->exited)
		loop_timer_arm(qemu->hang_up, HANG_UP_MS);
	check_end(qemu);
}

static const struct qmp_events qmp_events = { .ready = qmp_is_ready, .event = qmp_says, .closed = qmp_is_closed };

bool qemu_process_answers(const struct qemu_process *qemu)
{
	return qemu->qmp_ready;
}

void qemu_process_execute(struct qemu_process *qemu, const char *command, const char *arguments, qmp_reply_fn *reply,
                          void *data)
{
	qmp_execute(qemu->qmp, command, arguments, reply, data);
}

struct guest_agent *qemu_process_agent(const struct qemu_process *qemu)
{
	return qemu->agent;
}

pid_t qemu_process_pid(const struct qemu_process *qemu)
{
	return qemu->pid;
}

void qemu_process_signal(struct qemu_process *qemu, int signo)
{
	if (!qemu->exited)
		loop_child_signal(qemu->child, signo);
}

/* Another process still holds an end of a pipe; stop waiting for more output. */
static void linger_over(void *data)
{
	struct qemu_process *qemu = data;

	qemu->qmp_open = false;
	err_close(qemu);
	pty_close(qemu);
	check_end(qemu);
}

static void on_child_ended(void *data, pid_t pid, int status)
{
	struct qemu_process *qemu = data;

	(void)pid;
	qemu->child = NULL;
	qemu->exited = true;
	qemu->status = status;
	loop_timer_disarm(qemu->nap);
	loop_timer_disarm(qemu->hang_up);
	pty_interest(qemu);
	loop_timer_arm(qemu->linger, LINGER_MS);
	check_end(qemu);
}

/* Turns off all processing, so that bytes pass unchanged in both directions. */
static bool make_pty_raw(int tty)
{
	struct termios settings;
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	if (tcgetattr(tty, &settings) < 0)
		return false;
	settings.c_iflag = 0;
	settings.c_oflag = 0;		/* QEMU turns OPOST on, which has no effect without ONLCR */
	settings.c_lflag = 0;
	settings.c_cflag = (settings.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8 | CREAD;
	settings.c_cc[VMIN] = 1;
	settings.c_cc[VTIME] = 0;
	ioctl(tty, TIOCSWINSZ, &size);
	return tcsetattr(tty, TCSANOW, &settings) == 0;
}

/* O_NOCTTY on both ends, so that no terminal can send signals to QEMU or the keeper. */
static bool open_pty(int *master, int *slave, struct error *err)
{
	char name[64];

	*slave = -1;
	*master = posix_openpt(O_RDWR | O_NOCTTY);
	if (*master < 0)
		return error_errno(err, "cannot open a pty");
	fcntl(*master, F_SETFD, FD_CLOEXEC);
	fcntl(*master, F_SETFL, O_NONBLOCK);
	if (grantpt(*master) == 0 && unlockpt(*master) == 0 && ptsname_r(*master, name, sizeof(name)) == 0)
		*slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave >= 0 && make_pty_raw(*slave))
		return true;
	error_errno(err, "cannot open a pty");
	if (*slave >= 0)
		close(*slave);
	close(*master);
	return false;
}

/* Both ends of the pty, the pipe and the sockets; -1 if not open. */
struct ends {
	int pty, tty, err, err_theirs, qmp, qmp_theirs, agent, agent_theirs;
};

static void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

/* Our end does not block. */
static bool open_pair(int *ours, int *theirs, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, "cannot create a socket");
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	*ours = pair[0];
	*theirs = pair[1];
	return true;
}

static bool open_ends(struct ends *ends, bool agent, struct error *err)
{
	int words[2] = { -1, -1 };

	*ends = (struct ends){ -1, -1, -1, -1, -1, -1, -1, -1 };
	if (!open_pty(&ends->pty, &ends->tty, err))
		return false;
	if (pipe2(words, O_CLOEXEC) < 0) {
		error_errno(err, "cannot create a pipe");
		close_all((const int[]){ ends->pty, ends->tty }, 2);
		return false;
	}
	if (!open_pair(&ends->qmp, &ends->qmp_theirs, err) ||
	    (agent && !open_pair(&ends->agent, &ends->agent_theirs, err))) {
		close_all((const int[]){ ends->pty, ends->tty, words[0], words[1], ends->qmp, ends->qmp_theirs }, 6);
		return false;
	}
	fcntl(words[0], F_SETFL, O_NONBLOCK);
	ends->err = words[0];
	ends->err_theirs = words[1];
	return true;
}

static pid_t spawn_qemu(const struct plan *plan, const struct ends *ends, int lock_fd, struct error *err)
{
	char **argv = mem_array(plan->arg_count + 1, sizeof(*argv));
	const struct child_fd extra[] = {
		{ ends->qmp_theirs, PLAN_QMP_FD }, { lock_fd, PLAN_LOCK_FD }, { ends->agent_theirs, PLAN_AGENT_FD },
	};
	struct child_spec spec = {
		.path = plan->qemu, .argv = argv, .cwd = plan->cwd,
		.in = ends->tty, .out = ends->tty, .err = ends->err_theirs,
		.extra = extra, .extra_count = ends->agent_theirs < 0 ? 2 : 3, .new_session = true,
		/* Without the keeper its console has no reader; on SIGTERM it flushes its disks and exits. */
		.death_signal = SIGTERM,
	};

	for (size_t i = 0; i < plan->arg_count; i++)
		argv[i] = plan->args[i].text;

	pid_t pid = child_spawn(&spec, err);

	free(argv);
	return pid;
}

struct qemu_process *qemu_process_start(struct loop *loop, const struct plan *plan, int lock_fd,
                                        const struct qemu_process_events *events, void *data, struct error *err)
{
	struct ends ends;

	if (!open_ends(&ends, plan_has_agent(plan), err))
		return NULL;

	pid_t pid = spawn_qemu(plan, &ends, lock_fd, err);

	close_all((const int[]){ ends.tty, ends.err_theirs, ends.qmp_theirs, ends.agent_theirs }, 4);
	if (pid < 0) {
		close_all((const int[]){ ends.pty, ends.err, ends.qmp, ends.agent }, 4);
		return NULL;
	}

	struct qemu_process *qemu = mem_alloc(sizeof(*qemu));

	*qemu = (struct qemu_process){ .loop = loop, .events = events, .data = data, .pid = pid,
	                             .pty = ends.pty, .err = ends.err, .qmp_open = true };
	qemu->linger = loop_timer(loop, linger_over, qemu);
	qemu->nap = loop_timer(loop, awake, qemu);
	qemu->hang_up = loop_timer(loop, hang_up_over, qemu);
	qemu->pty_watch = loop_watch(loop, ends.pty, POLLIN, pty_ready, qemu);
	qemu->err_watch = loop_watch(loop, ends.err, POLLIN, err_ready, qemu);
	qemu->qmp = qmp_new(loop, ends.qmp, &qmp_events, qemu);
	if (ends.agent >= 0)
		qemu->agent = guest_agent_new(loop, ends.agent);
	qemu->child = loop_child(loop, pid, on_child_ended, qemu, err);
	if (!qemu->child) {
		/* Nothing can reap it, so the pid is still its own. */
		kill(pid, SIGKILL);
		qemu_process_free(qemu);
		return NULL;
	}
	return qemu;
}

void qemu_process_free(struct qemu_process *qemu)
{
	if (!qemu)
		return;
	qemu->told = true;
	loop_child_forget(qemu->child);
	qmp_free(qemu->qmp);
	guest_agent_free(qemu->agent);
	if (qemu->pty >= 0) {
		loop_unwatch(qemu->pty_watch);
		close(qemu->pty);
	}
	if (qemu->err >= 0) {
		loop_unwatch(qemu->err_watch);
		close(qemu->err);
	}
	loop_timer_free(qemu->linger);
	loop_timer_free(qemu->nap);
	loop_timer_free(qemu->hang_up);
	free(qemu);
}
