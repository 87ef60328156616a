/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include "home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const names[PEERS] = { "raw pty", "dtach", "tmux", "paddock attach", "paddock pane" };

const char *peer_name(enum peer_kind kind)
{
	return names[kind];
}

double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void die(struct peer *peer, const char *what)
{
	size_t len = peer->tail_len < 400 ? peer->tail_len : 400;

	fprintf(stderr, "%s: %s; the last it said:\n", names[peer->kind], what);
	fwrite(peer->tail + peer->tail_len - len, 1, len, stderr);
	fputc('\n', stderr);
	peer_stop(peer);
	exit(1);
}

static bool in_path(const char *program)
{
	char command[64];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	return system(command) == 0;
}

bool peer_available(enum peer_kind kind)
{
	return kind == PEER_DTACH ? in_path("dtach") : kind == PEER_TMUX ? in_path("tmux") : true;
}

static void run_peer(const struct peer *peer)
{
	const char *paddock = getenv("PADDOCK");
	char socket[4096], command[8192];

	snprintf(socket, sizeof(socket), "%s/socket", peer->dir);
	snprintf(command, sizeof(command), "%s start bench && exec %s attach bench", paddock, paddock);
	switch (peer->kind) {
	case PEER_RAW:
		execl(home_guest(), "bench_guest", (char *)NULL);
		break;
	case PEER_DTACH:
		execlp("dtach", "dtach", "-A", socket, "-r", "none", "-z", home_guest(), (char *)NULL);
		break;
	case PEER_TMUX:
		execlp("tmux", "tmux", "-S", socket, "-f", "/dev/null", "new-session", home_guest(), (char *)NULL);
		break;
	case PEER_ATTACH:
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		break;
	case PEER_PANE:
		execl(paddock, "paddock", "library", (char *)NULL);
		break;
	case PEERS:
		break;
	}
	_exit(127);
}

static ssize_t take(struct peer *peer, double seconds)
{
	static char chunk[65536];
	struct pollfd polled = { .fd = peer->terminal, .events = POLLIN };
	ssize_t n;

	if (poll(&polled, 1, seconds > 0 ? (int)(seconds * 1000) + 1 : 0) <= 0)
		return 0;
	n = read(peer->terminal, chunk, sizeof(chunk));
	if (n <= 0)
		return -1;
	peer->bytes += (unsigned long long)n;

	/* Keep the newest half of the tail and what came. */
	size_t keep = peer->tail_len, add = (size_t)n;

	if (add > sizeof(peer->tail) / 2)
		add = sizeof(peer->tail) / 2;
	if (keep + add > sizeof(peer->tail)) {
		keep = sizeof(peer->tail) - add;
		memmove(peer->tail, peer->tail + peer->tail_len - keep, keep);
	}
	memcpy(peer->tail + keep, chunk + n - add, add);
	peer->tail_len = keep + add;
	return n;
}

bool peer_wait(struct peer *peer, const char *text, double seconds)
{
	double until = now() + seconds;
	size_t len = strlen(text);

	peer->tail_len = 0;
	while (now() < until) {
		if (take(peer, until - now()) < 0)
			return false;
		if (memmem(peer->tail, peer->tail_len, text, len))
			return true;
	}
	return false;
}

void peer_drain(struct peer *peer, double seconds)
{
	double until = now() + seconds;

	while (now() < until && take(peer, until - now()) >= 0)
		;
}

void peer_type(struct peer *peer, char key)
{
	if (write(peer->terminal, &key, 1) != 1)
		die(peer, "takes no key");
}

/* In the list: to the profile, and Enter. */
static void open_pane(struct peer *peer)
{
	if (!peer_wait(peer, "bench", 20))
		die(peer, "shows no list");
	peer_drain(peer, 0.3);
	peer_type(peer, '\r');
}

void peer_start(struct peer *peer, enum peer_kind kind, const char *order)
{
	const struct winsize size = { .ws_row = 30, .ws_col = 100 };

	memset(peer, 0, sizeof(*peer));
	peer->kind = kind;
	home_make(peer->dir);
	home_profile(peer->dir, "bench");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	peer->pid = forkpty(&peer->terminal, NULL, NULL, &size);
	if (peer->pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (peer->pid == 0) {
		home_enter(peer->dir, order, getppid());
		run_peer(peer);
	}
	fcntl(peer->terminal, F_SETFD, FD_CLOEXEC);
	if (kind == PEER_PANE)
		open_pane(peer);
	if (!peer_wait(peer, "GUEST-READY", 20))
		die(peer, "shows no guest");
	peer_drain(peer, 0.3);
}

double peer_note(const struct peer *peer, const char *name)
{
	return home_note(peer->dir, name);
}

/* Whether a process has our BENCH_DIR in its environment. */
static bool belongs(const struct peer *peer, const char *pid)
{
	char path[4096], want[128];
	static char environment[65536];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/environ", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	len = fread(environment, 1, sizeof(environment), file);
	fclose(file);
	snprintf(want, sizeof(want), "BENCH_DIR=%s", peer->dir);
	return memmem(environment, len, want, strlen(want) + 1);
}

size_t peer_processes(const struct peer *peer, pid_t *out, size_t size)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t guest = (pid_t)peer_note(peer, "guest.pid");
	size_t count = 0;

	while ((entry = readdir(proc))) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		if (pid > 0 && pid != guest && count < size && belongs(peer, entry->d_name))
			out[count++] = pid;
	}
	closedir(proc);
	return count;
}

pid_t peer_keeper(const struct peer *peer)
{
	pid_t pids[16];
	size_t count = peer_processes(peer, pids, 16);

	for (size_t i = 0; i < count; i++) {
		char path[64], line[256];
		FILE *file;
		size_t len;

		snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pids[i]);
		file = fopen(path, "r");
		len = file ? fread(line, 1, sizeof(line), file) : 0;
		if (file)
			fclose(file);
		if (memmem(line, len, "--keeper", 8))
			return pids[i];
	}
	return -1;
}

void peer_stop(struct peer *peer)
{
	pid_t pids[16];
	pid_t guest = (pid_t)peer_note(peer, "guest.pid");
	double until = now() + 10;

	if (guest > 0)
		kill(guest, SIGKILL);
	/* The rest goes by itself when the guest has ended; the screen with its terminal. */
	close(peer->terminal);
	while (now() < until && peer_processes(peer, pids, 16) > 0) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		poll(NULL, 0, 10);
	}
	for (size_t i = 0, count = peer_processes(peer, pids, 16); i < count; i++)
		kill(pids[i], SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	home_remove(peer->dir);
}
