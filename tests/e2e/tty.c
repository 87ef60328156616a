/* SPDX-License-Identifier: MIT */
#include "e2e/tty.h"
#include "e2e/home.h"
#include "core/terminal/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

struct tty {
	pid_t pid;
	int fd;			/* -1: the program closed its end */
	bool piped;		/* no terminal, so nobody who answers queries */
	int rows, columns;
	struct terminal *screen;
	char row[4096];
	char *bytes;		/* all that came */
	size_t len, size;
	size_t seen;		/* tty_wait_bytes looks from here */
};

/* What the terminal itself answers to queries goes back as a real one would send it. */
static void send_answer(void *data, const void *answer, size_t len)
{
	struct tty *tty = data;

	if (tty->fd >= 0 && !tty->piped && write(tty->fd, answer, len) < 0)
		assert_int_equal(errno, EIO);
}

static struct tty *tty_new(int rows, int columns)
{
	static const struct terminal_events events = { .answer = send_answer };
	struct tty *tty = calloc(1, sizeof(*tty));

	assert_non_null(tty);
	tty->rows = rows;
	tty->columns = columns;
	tty->screen = terminal_new(rows, columns, 0, &events, tty);
	assert_non_null(tty->screen);
	terminal_answers(tty->screen, true);
	return tty;
}

struct tty *tty_start(struct home *home, int rows, int columns, const char *const argv[])
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	struct tty *tty = tty_new(rows, columns);

	tty->pid = forkpty(&tty->fd, NULL, NULL, &size);
	assert_true(tty->pid >= 0);
	if (tty->pid == 0)
		home_exec(home, argv);
	fcntl(tty->fd, F_SETFD, FD_CLOEXEC);
	return tty;
}

struct tty *tty_start_piped(struct home *home, const char *const argv[])
{
	struct tty *tty = tty_new(50, 200);
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	tty->fd = ends[0];
	tty->piped = true;
	tty->pid = fork();
	assert_true(tty->pid >= 0);
	if (tty->pid == 0) {
		setsid();
		for (int fd = 0; fd < 3; fd++)
			dup2(ends[1], fd);
		home_exec(home, argv);
	}
	close(ends[1]);
	return tty;
}

void tty_end_input(struct tty *tty)
{
	shutdown(tty->fd, SHUT_WR);
}

pid_t tty_pid(const struct tty *tty)
{
	return tty->pid;
}

void tty_cook(struct tty *tty)
{
	struct termios mode;

	assert_int_equal(tcgetattr(tty->fd, &mode), 0);
	mode.c_lflag |= ICANON | ECHO | ISIG;
	assert_int_equal(tcsetattr(tty->fd, TCSANOW, &mode), 0);
}

bool tty_is_raw(struct tty *tty, const void *unused)
{
	struct termios mode;

	(void)unused;
	return tcgetattr(tty->fd, &mode) == 0 && !(mode.c_lflag & (ICANON | ECHO));
}

void tty_close(struct tty *tty)
{
	if (!tty)
		return;
	if (tty->fd >= 0)
		close(tty->fd);
	if (tty->pid > 0) {
		kill(tty->pid, SIGHUP);
		kill(tty->pid, SIGCONT);
		long end = now_ms() + 5000;
		while (waitpid(tty->pid, NULL, WNOHANG) == 0) {
			if (now_ms() > end)
				kill(tty->pid, SIGKILL);
			poll(NULL, 0, 1);
		}
	}
	terminal_free(tty->screen);
	free(tty->bytes);
	free(tty);
}

static void keep(struct tty *tty, const char *bytes, size_t len)
{
	if (tty->len + len + 1 > tty->size) {
		tty->size = (tty->size + len + 4096) * 2;
		tty->bytes = realloc(tty->bytes, tty->size);
		assert_non_null(tty->bytes);
	}
	memcpy(tty->bytes + tty->len, bytes, len);
	tty->len += len;
	tty->bytes[tty->len] = '\0';
}

/* One read, waiting for it at most ms; false when nothing came. */
static bool take(struct tty *tty, int ms)
{
	struct pollfd ready = { .fd = tty->fd, .events = POLLIN };
	char buffer[16384];
	ssize_t len;

	if (tty->fd < 0 || poll(&ready, 1, ms) <= 0)
		return false;
	len = read(tty->fd, buffer, sizeof(buffer));
	if (len <= 0) {
		/* EIO: the last process that had the terminal has gone. */
		close(tty->fd);
		tty->fd = -1;
		return false;
	}
	keep(tty, buffer, (size_t)len);
	terminal_write(tty->screen, buffer, (size_t)len);
	return true;
}

bool tty_drain(struct tty *tty)
{
	while (take(tty, 0))
		;
	return tty->fd >= 0;
}

void tty_type(struct tty *tty, const char *keys)
{
	size_t len = strlen(keys);

	while (len > 0) {
		ssize_t put = write(tty->fd, keys, len);

		assert_true(put > 0);
		keys += put;
		len -= (size_t)put;
	}
}

void tty_resize(struct tty *tty, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	tty->rows = rows;
	tty->columns = columns;
	terminal_resize(tty->screen, rows, columns);
	assert_int_equal(ioctl(tty->fd, TIOCSWINSZ, &size), 0);
}

const char *tty_row(struct tty *tty, int row)
{
	size_t len = terminal_row_text(tty->screen, row, tty->row, sizeof(tty->row));

	tty->row[len] = '\0';
	return tty->row;
}

static void print_screen(struct tty *tty)
{
	print_error("+%.*s\n", tty->columns, "----------------------------------------"
	            "----------------------------------------------------------------------------");
	for (int row = 0; row < tty->rows; row++)
		print_error("|%s\n", tty_row(tty, row));
	print_error("+-- %s\n", tty->fd < 0 ? "the program has closed the terminal" : "still open");
}

void tty_wait_for(struct tty *tty, tty_predicate *holds, const void *data, const char *what)
{
	long end = now_ms() + E2E_DEADLINE;

	for (;;) {
		tty_drain(tty);
		if (holds(tty, data))
			return;
		if (tty->fd < 0 || now_ms() >= end)
			break;
		take(tty, (int)(end - now_ms()));
	}
	print_screen(tty);
	fail_msg("waited for %s", what);
}

static bool row_holds(struct tty *tty, const void *data)
{
	for (int row = 0; row < tty->rows; row++) {
		if (strstr(tty_row(tty, row), data))
			return true;
	}
	return false;
}

static bool no_row_holds(struct tty *tty, const void *data)
{
	return !row_holds(tty, data);
}

bool tty_shows(struct tty *tty, const char *text)
{
	tty_drain(tty);
	return row_holds(tty, text);
}

void tty_wait(struct tty *tty, const char *text)
{
	tty_wait_for(tty, row_holds, text, text);
}

void tty_wait_gone(struct tty *tty, const char *text)
{
	char what[256];

	snprintf(what, sizeof(what), "\"%s\" to go", text);
	tty_wait_for(tty, no_row_holds, text, what);
}

static bool was_written(struct tty *tty, const void *data)
{
	const char *text = data;
	const char *found = tty->len > tty->seen ?
		memmem(tty->bytes + tty->seen, tty->len - tty->seen, text, strlen(text)) : NULL;

	if (found)
		tty->seen = (size_t)(found - tty->bytes) + strlen(text);
	return found != NULL;
}

void tty_wait_bytes(struct tty *tty, const char *text)
{
	tty_wait_for(tty, was_written, text, text);
}

int tty_wait_end(struct tty *tty)
{
	long end = now_ms() + E2E_DEADLINE;
	int status;

	/* The terminal may stay open in another process; so look at both. */
	for (;;) {
		pid_t got = waitpid(tty->pid, &status, WNOHANG);

		tty_drain(tty);
		if (got == tty->pid)
			break;
		if (now_ms() >= end) {
			print_screen(tty);
			fail_msg("the program did not end");
		}
		if (!take(tty, 10) && tty->fd < 0)
			poll(NULL, 0, 1);
	}
	tty->pid = -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void tty_cursor(struct tty *tty, int *row, int *column)
{
	int shape;

	terminal_cursor(tty->screen, row, column, &shape);
}

const char *tty_bytes(struct tty *tty, size_t *len)
{
	tty_drain(tty);
	*len = tty->len;
	return tty->bytes ? tty->bytes : "";
}
