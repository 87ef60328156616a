/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/qemu_process.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/stream/autowrap.h"
#include "core/qemu/plan/plan_data.h"

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

struct machine {
	struct loop *loop;
	const struct machine_events *events;
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

	struct qmp *qmp;
	bool qmp_ready, qmp_open;
	struct loop_timer *hang_up;	/* armed when QEMU has closed its monitor but not exited */
};

static void to_console(struct machine *machine, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	machine->line_open = bytes[len - 1] != '\n';
	machine->events->console(machine->data, bytes, len);
}

static void check_end(struct machine *machine)
{
	if (!machine->exited || machine->told || machine->pty >= 0 || machine->err >= 0 || machine->qmp_open)
		return;
	machine->told = true;
	loop_timer_disarm(machine->linger);
	machine->events->ended(machine->data, machine->status);
}

static void pty_interest(struct machine *machine)
{
	short events = (short)((loop_timer_armed(machine->nap) ? 0 : POLLIN) | (machine->starved ? POLLOUT : 0));

	/* Without any events, poll would still report a hang-up, again and again. */
	if (machine->pty >= 0)
		loop_watch_events(machine->pty_watch, events ? events : -1);
}

static void pty_close(struct machine *machine)
{
	if (machine->pty < 0)
		return;
	loop_unwatch(machine->pty_watch);
	close(machine->pty);
	machine->pty = -1;
	loop_timer_disarm(machine->nap);
	check_end(machine);
}

/* A span without bytes does not predict anything. */
static void measure(struct machine *machine, size_t got, uint64_t now)
{
	uint64_t took = now - machine->span_begin;

	machine->span_bytes += got;
	if (machine->span_bytes > SLOW_RATE * SPAN_MS)
		machine->slow = false;
	if (took < SPAN_MS)
		return;
	machine->slow = took < 2 * SPAN_MS && machine->span_bytes <= SLOW_RATE * took;
	machine->span_begin = now;
	machine->span_bytes = 0;
}

static void maybe_nap(struct machine *machine, size_t got, unsigned hold)
{
	uint64_t now = loop_now();

	measure(machine, got, now);
	if (hold > 0)
		loop_timer_arm(machine->nap, hold);
	else if (machine->slow && now - machine->last_read <= STREAM_MS && now - machine->last_typed > ECHO_MS)
		loop_timer_arm(machine->nap, NAP_MS);
	machine->last_read = now;
}

/* Returns false at the end of the output. */
static bool pty_read(struct machine *machine)
{
	char buf[READ_SIZE];
	size_t got = 0;
	ssize_t n;

	do {
		n = read(machine->pty, buf, sizeof(buf));
		if (n > 0) {
			firmware_keep_wrap(&machine->wrap, buf, (size_t)n);
			to_console(machine, buf, (size_t)n);
			got += (size_t)n;
		}
	} while (n >= (machine->slow ? FULL : SMALL) && got < TURN_MAX);

	/* EIO: every other end is closed, and all output has been read. Checked before any callback, which may change
	 * errno (a client that disconnects). */
	bool more = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));

	if (got > 0) {
		unsigned hold = machine->events->drained(machine->data);

		maybe_nap(machine, got, hold);
	}
	return more;
}

static void pty_drain(struct machine *machine)
{
	if (pty_read(machine))
		pty_interest(machine);
	else
		pty_close(machine);
}

static void awake(void *data)
{
	pty_drain(data);
}

static void pty_ready(void *data, int fd, short revents)
{
	struct machine *machine = data;

	(void)fd;
	if (revents & POLLOUT) {
		machine->starved = false;
		machine->events->hungry(machine->data);
	}
	if (revents & (POLLIN | POLLHUP | POLLERR))
		pty_drain(machine);
	else
		pty_interest(machine);
}

size_t machine_type(struct machine *machine, const void *bytes, size_t len)
{
	if (machine->pty < 0)
		return len;		/* no process will ever read it */

	ssize_t n = write(machine->pty, bytes, len);

	machine->last_typed = loop_now();
	loop_timer_disarm(machine->nap);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return len;
	if (n < 0)
		n = 0;
	machine->starved = (size_t)n < len;
	pty_interest(machine);
	return (size_t)n;
}

static void keep_words(struct machine *machine, const char *line, size_t len)
{
	while (machine->words_len + 1 + len > WORDS_MAX) {
		const char *newline = memchr(machine->words, '\n', machine->words_len);
		size_t drop = newline ? (size_t)(newline - machine->words) + 1 : machine->words_len;

		machine->words_len -= drop;
		memmove(machine->words, machine->words + drop, machine->words_len);
	}
	if (machine->words_len > 0)
		machine->words[machine->words_len++] = '\n';
	memcpy(machine->words + machine->words_len, line, len);
	machine->words_len += len;
	machine->words[machine->words_len] = '\0';
}

static void say_line(struct machine *machine)
{
	size_t len = machine->line_len;

	machine->line_len = 0;
	if (len > 0 && machine->line[len - 1] == '\r')
		len--;
	if (len == 0)
		return;
	keep_words(machine, machine->line, len);
	if (machine->line_open)
		to_console(machine, "\r\n", 2);
	to_console(machine, MARK, sizeof(MARK) - 1);
	to_console(machine, machine->line, len);
	to_console(machine, "\r\n", 2);
}

static void hear(struct machine *machine, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\n' && bytes[i] != '\0')
			machine->line[machine->line_len++] = bytes[i];
		if (bytes[i] == '\n' || machine->line_len == sizeof(machine->line))
			say_line(machine);
	}
	machine->events->drained(machine->data);
}

static void err_close(struct machine *machine)
{
	if (machine->err < 0)
		return;
	loop_unwatch(machine->err_watch);
	close(machine->err);
	machine->err = -1;
	if (machine->line_len > 0) {
		say_line(machine);
		machine->events->drained(machine->data);
	}
	check_end(machine);
}

static void err_ready(void *data, int fd, short revents)
{
	struct machine *machine = data;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)revents;
	if (n > 0)
		hear(machine, buf, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		err_close(machine);
}

const char *machine_words(const struct machine *machine)
{
	return machine->words;
}

static void qmp_is_ready(void *data)
{
	struct machine *machine = data;

	machine->qmp_ready = true;
	machine->events->ready(machine->data);
}

static void qmp_says(void *data, const char *name, const char *detail)
{
	struct machine *machine = data;

	machine->events->event(machine->data, name, detail);
}

static void hang_up_over(void *data)
{
	struct machine *machine = data;

	if (!machine->exited)
		machine->events->deaf(machine->data, "QEMU has closed its monitor");
}

/* QEMU closes its monitor when it exits, so this is reported only if the process keeps running. */
static void qmp_is_closed(void *data, const char *why)
{
	struct machine *machine = data;

	machine->qmp_ready = false;
	machine->qmp_open = false;
	if (why && !machine->told)
		machine->events->deaf(machine->data, why);
	else if (!machine->exited)
		loop_timer_arm(machine->hang_up, HANG_UP_MS);
	check_end(machine);
}

static const struct qmp_events qmp_events = { .ready = qmp_is_ready, .event = qmp_says, .closed = qmp_is_closed };

bool machine_answers(const struct machine *machine)
{
	return machine->qmp_ready;
}

void machine_execute(struct machine *machine, const char *command, qmp_reply_fn *reply, void *data)
{
	qmp_execute(machine->qmp, command, NULL, reply, data);
}

pid_t machine_pid(const struct machine *machine)
{
	return machine->pid;
}

void machine_signal(struct machine *machine, int signo)
{
	if (!machine->exited)
		kill(machine->pid, signo);
}

/* Another process still holds an end of a pipe; stop waiting for more output. */
static void linger_over(void *data)
{
	struct machine *machine = data;

	machine->qmp_open = false;
	err_close(machine);
	pty_close(machine);
	check_end(machine);
}

static void child_ended(void *data, pid_t pid, int status)
{
	struct machine *machine = data;

	(void)pid;
	machine->child = NULL;
	machine->exited = true;
	machine->status = status;
	loop_timer_disarm(machine->nap);
	loop_timer_disarm(machine->hang_up);
	pty_interest(machine);
	loop_timer_arm(machine->linger, LINGER_MS);
	check_end(machine);
}

/* Turns off all processing, so that bytes pass unchanged in both directions. */
static bool make_raw(int tty)
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
	if (*slave >= 0 && make_raw(*slave))
		return true;
	error_errno(err, "cannot open a pty");
	if (*slave >= 0)
		close(*slave);
	close(*master);
	return false;
}

/* Both ends of the pty, the pipe and the socket; -1 if not open. */
struct ends {
	int pty, tty, err, err_theirs, qmp, qmp_theirs;
};

static void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

static bool open_ends(struct ends *ends, struct error *err)
{
	int pair[2], words[2];

	if (!open_pty(&ends->pty, &ends->tty, err))
		return false;
	if (pipe2(words, O_CLOEXEC) < 0) {
		error_errno(err, "cannot create a pipe");
		close_all((const int[]){ ends->pty, ends->tty }, 2);
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		error_errno(err, "cannot create a socket");
		close_all((const int[]){ ends->pty, ends->tty, words[0], words[1] }, 4);
		return false;
	}
	fcntl(words[0], F_SETFL, O_NONBLOCK);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	ends->err = words[0];
	ends->err_theirs = words[1];
	ends->qmp = pair[0];
	ends->qmp_theirs = pair[1];
	return true;
}

static pid_t spawn(const struct plan *plan, const struct ends *ends, int lock_fd, struct error *err)
{
	char **argv = mem_array(plan->arg_count + 1, sizeof(*argv));
	const struct child_fd extra[] = { { ends->qmp_theirs, PLAN_QMP_FD }, { lock_fd, PLAN_LOCK_FD } };
	struct child_spec spec = {
		.path = plan->qemu, .argv = argv, .cwd = plan->cwd,
		.in = ends->tty, .out = ends->tty, .err = ends->err_theirs,
		.extra = extra, .extra_count = 2, .new_session = true,
		/* Without the keeper its console has no reader; on SIGTERM it flushes its disks and exits. */
		.death_signal = SIGTERM,
	};

	for (size_t i = 0; i < plan->arg_count; i++)
		argv[i] = plan->args[i].text;

	pid_t pid = child_spawn(&spec, err);

	free(argv);
	return pid;
}

struct machine *machine_start(struct loop *loop, const struct plan *plan, int lock_fd,
                              const struct machine_events *events, void *data, struct error *err)
{
	struct ends ends;

	if (!open_ends(&ends, err))
		return NULL;

	pid_t pid = spawn(plan, &ends, lock_fd, err);

	close_all((const int[]){ ends.tty, ends.err_theirs, ends.qmp_theirs }, 3);
	if (pid < 0) {
		close_all((const int[]){ ends.pty, ends.err, ends.qmp }, 3);
		return NULL;
	}

	struct machine *machine = mem_alloc(sizeof(*machine));

	*machine = (struct machine){ .loop = loop, .events = events, .data = data, .pid = pid,
	                             .pty = ends.pty, .err = ends.err, .qmp_open = true };
	machine->linger = loop_timer(loop, linger_over, machine);
	machine->nap = loop_timer(loop, awake, machine);
	machine->hang_up = loop_timer(loop, hang_up_over, machine);
	machine->pty_watch = loop_watch(loop, ends.pty, POLLIN, pty_ready, machine);
	machine->err_watch = loop_watch(loop, ends.err, POLLIN, err_ready, machine);
	machine->qmp = qmp_new(loop, ends.qmp, &qmp_events, machine);
	machine->child = loop_child(loop, pid, child_ended, machine, err);
	if (!machine->child) {
		kill(pid, SIGKILL);
		machine_free(machine);
		return NULL;
	}
	return machine;
}

void machine_free(struct machine *machine)
{
	if (!machine)
		return;
	machine->told = true;
	loop_child_forget(machine->child);
	qmp_free(machine->qmp);
	if (machine->pty >= 0) {
		loop_unwatch(machine->pty_watch);
		close(machine->pty);
	}
	if (machine->err >= 0) {
		loop_unwatch(machine->err_watch);
		close(machine->err);
	}
	loop_timer_free(machine->linger);
	loop_timer_free(machine->nap);
	loop_timer_free(machine->hang_up);
	free(machine);
}
