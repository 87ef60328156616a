/* SPDX-License-Identifier: MIT */
/*
 * A guest for tests/bench: runs under a keeper in QEMU's place (then it
 * speaks as much QMP as that needs) and under dtach and tmux as itself.
 * What it does is in BENCH_GUEST:
 *
 *	burst KIND BYTES	write so many bytes of that kind, one unit a write
 *	echo			each key again at the left edge
 *	flood			log lines without end, the last key at their left edge
 *	serial RATE SECONDS	byte by byte, as QEMU's serial port does
 *	idle			nothing
 *
 * It ends with the process BENCH_PID, as floods that nobody watches would go on. It says GUEST-READY, begins at the key 'g' where there is a beginning, and
 * ends with END-OF-BURST; seconds are in the file BENCH_DIR/seconds, its
 * process in BENCH_DIR/guest.pid, when it began in BENCH_DIR/began.
 */
#include "bench/kinds.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void put(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(1, bytes, len);

		if (n <= 0) {
			perror("bench guest");
			exit(1);
		}
		bytes += n;
		len -= (size_t)n;
	}
}

static void end_with_bench(void)
{
	if (kill((pid_t)atol(getenv("BENCH_PID")), 0) < 0)
		exit(0);
}

static void puts_raw(const char *text)
{
	put(text, strlen(text));
}

static void note(const char *name, double number)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", getenv("BENCH_DIR"), name);
	file = fopen(path, "w");
	if (!file)
		exit(1);
	fprintf(file, "%.6f\n", number);
	fclose(file);
}

/* ---- QMP, when there is one ---- */

static int find_qmp(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *fd = strncmp(argv[i], "socket,id=qmp,fd=", 17) == 0 ? argv[i] + 17 : NULL;

		if (fd)
			return atoi(fd);
	}
	return -1;
}

static void serve_qmp(int fd)
{
	char request[4096], answer[64];
	ssize_t n = read(fd, request, sizeof(request) - 1);
	const char *id = request;

	if (n <= 0)
		exit(0);
	request[n] = '\0';
	while ((id = strstr(id, "\"id\":"))) {
		id += 5;
		snprintf(answer, sizeof(answer), "{\"return\": {}, \"id\": %ld}\r\n", strtol(id, NULL, 10));
		if (write(fd, answer, strlen(answer)) < 0)
			exit(1);
	}
}

/* A key, or 0 when none came in that time (ms, -1: wait). */
static char key(int qmp, int timeout)
{
	struct pollfd polled[2] = { { .fd = 0, .events = POLLIN }, { .fd = qmp, .events = POLLIN } };
	char c;

	for (;;) {
		int ready = poll(polled, 2, timeout < 0 ? 1000 : timeout);

		if (ready <= 0 && timeout >= 0)
			return 0;
		if (ready <= 0) {
			end_with_bench();
			continue;
		}
		if (polled[1].revents)
			serve_qmp(qmp);
		if (polled[0].revents)
			return read(0, &c, 1) == 1 ? c : (exit(0), 0);
	}
}

static void wait_start(int qmp)
{
	while (key(qmp, -1) != 'g')
		;
}

static void burst(const struct kind *kind, size_t bytes)
{
	char unit[KIND_UNIT_MAX];
	double begin = now();

	for (size_t done = 0, i = 0; done < bytes; i++) {
		size_t len = kind->unit(unit, (int)i);

		if (i % 256 == 0)
			end_with_bench();
		put(unit, len);
		done += len;
	}
	note("seconds", now() - begin);
	puts_raw("\033[m\r\nEND-OF-BURST\r\n");
}

static void serial(double rate, double seconds)
{
	char unit[KIND_UNIT_MAX];
	double begin = now();
	size_t done = 0;

	for (int i = 0; now() - begin < seconds; i++) {
		size_t len = kinds[1].unit(unit, i);

		/* Spinning, since nothing sleeps for 3 microseconds. */
		for (size_t at = 0; at < len; at++, done++) {
			while (now() - begin < (double)done / rate)
				;
			put(unit + at, 1);
		}
	}
	note("seconds", now() - begin);
	note("rate", (double)done / (now() - begin));
	puts_raw("\r\nEND-OF-BURST\r\n");
}

static void echo(int qmp)
{
	for (;;) {
		char text[2] = { '\r', key(qmp, -1) };

		put(text, 2);
	}
}

static void flood(int qmp)
{
	char unit[KIND_UNIT_MAX];
	char mark = ' ';

	for (int i = 0;; i++) {
		char c = key(qmp, 0);
		size_t len = kinds[1].unit(unit, i);

		mark = c ? c : mark;
		if (i % 256 == 0)
			end_with_bench();
		put(&mark, 1);
		put(unit, len);
	}
}

int main(int argc, char **argv)
{
	char mode[32] = "idle", kind[32] = "";
	double first = 0, second = 0, began = now();
	struct termios raw;
	int qmp = find_qmp(argc, argv);
	const char *order = getenv("BENCH_GUEST");

	if (!order || !getenv("BENCH_DIR") || !getenv("BENCH_PID"))
		return 2;
	if (sscanf(order, "%31s %31[a-zA-Z8-]", mode, kind) == 2)
		sscanf(order, "%*s %*s %lf", &first);
	else
		sscanf(order, "%*s %lf %lf", &first, &second);
	if (tcgetattr(0, &raw) == 0) {
		cfmakeraw(&raw);
		tcsetattr(0, TCSANOW, &raw);
	}
	note("guest.pid", getpid());
	note("began", began);
	if (qmp >= 0 && write(qmp, "{\"QMP\": {}}\r\n", 13) < 0)
		return 1;
	puts_raw("\r\nGUEST-READY\r\n");
	if (strcmp(mode, "idle") != 0)
		wait_start(qmp);
	if (strcmp(mode, "echo") == 0)
		echo(qmp);
	if (strcmp(mode, "flood") == 0)
		flood(qmp);
	if (strcmp(mode, "burst") == 0)
		burst(kind_find(kind), (size_t)first);
	if (strcmp(mode, "serial") == 0)
		serial(first, second);
	for (;;)
		key(qmp, -1);
}
