/* SPDX-License-Identifier: MIT */
/*
 * paddock's console against dtach and tmux: the first rows of the numbers to
 * hold (doc/performance.md), in one run, peers taking turns. Figures of
 * different machines, or of different runs, say little; ratios do.
 */
#include "kinds.h"
#include "peer.h"
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#define ROUNDS 3
#define ECHO_KEYS 300
#define SERIAL_RATE 300000
#define SERIAL_SECONDS 5
#define IDLE_SECONDS 10

/* On the console's command line: "throughput echo key flood cpu idle memory", any of them. */
static bool wanted(int argc, char **argv, const char *what)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], what) == 0)
			return true;
	return argc == 1;
}

/* ---- the guest's side of the console ---- */

struct rate {
	double guest, seen;	/* MB/s; seen: until the end of it was on the screen */
};

static struct rate burst(enum peer_kind kind, const struct kind *bytes, size_t amount)
{
	struct peer peer;
	char order[64];
	struct rate rate = { 0, 0 };

	snprintf(order, sizeof(order), "burst %s %zu", bytes->name, amount);
	peer_start(&peer, kind, order);

	double begin = now();

	peer_type(&peer, 'g');
	if (peer_wait(&peer, "END-OF-BURST", 120)) {
		rate.seen = (double)amount / 1e6 / (now() - begin);
		rate.guest = (double)amount / 1e6 / peer_note(&peer, "seconds");
	}
	peer_stop(&peer);
	return rate;
}

static void print_rates(const struct kind *kind, double guest[PEERS][ROUNDS], double seen[ROUNDS])
{
	printf("  %-8s", kind->name);
	for (int peer = 0; peer < PEERS; peer++)
		printf(" %9.1f", peer_available((enum peer_kind)peer) ? median(guest[peer], ROUNDS) : 0.0);
	printf(" %9.1f %9.2f %9.2f\n", median(seen, ROUNDS), guest[PEER_PANE][ROUNDS / 2] / guest[PEER_DTACH][ROUNDS / 2],
	       guest[PEER_ATTACH][ROUNDS / 2] / guest[PEER_DTACH][ROUNDS / 2]);
	fflush(stdout);
}

static void throughput(void)
{
	puts("throughput of the guest's side, MB/s (at least 0.95 of dtach)");
	printf("  %-8s", "");
	for (int peer = 0; peer < PEERS; peer++)
		printf(" %9.9s", strrchr(peer_name((enum peer_kind)peer), ' ') ? strrchr(peer_name((enum peer_kind)peer), ' ') + 1
		                                                              : peer_name((enum peer_kind)peer));
	puts("  (seen)  pane/dtach attach/dtach");
	for (size_t kind = 0; kind < KINDS; kind++) {
		double guest[PEERS][ROUNDS] = { { 0 } }, seen[ROUNDS] = { 0 };
		size_t amount = kind == 0 ? 4000000 : 16000000;

		for (int round = 0; round < ROUNDS; round++) {
			for (int peer = 0; peer < PEERS; peer++) {
				if (!peer_available((enum peer_kind)peer))
					continue;

				struct rate rate = burst((enum peer_kind)peer, &kinds[kind], amount);

				guest[peer][round] = rate.guest;
				if (peer == PEER_PANE)
					seen[round] = rate.seen;
			}
		}
		print_rates(&kinds[kind], guest, seen);
	}
}

/* ---- key to echo ---- */

/* In no escape sequence and no frame of anybody; ~ would begin an escape of attach. */
static const char echo_keys[] = "`{}&^";

/* One key to its echo, in ms; 5000: it did not come back. */
static double echo(struct peer *peer, size_t number)
{
	char key[2] = { echo_keys[number % (sizeof(echo_keys) - 1)], '\0' };
	double begin = now();

	peer_type(peer, key[0]);
	return peer_wait(peer, key, 5) ? (now() - begin) * 1000 : 5000;
}

static void print_echo(const char *name, double ms[PEERS][ECHO_KEYS], double p, double target)
{
	double value[PEERS] = { 0 };

	printf("key to echo, %s, ms:", name);
	for (int kind = 0; kind < PEERS; kind++) {
		if (!peer_available((enum peer_kind)kind))
			continue;
		value[kind] = percentile(ms[kind], ECHO_KEYS, p);
		printf("   %s %.2f", peer_name((enum peer_kind)kind), value[kind]);
	}
	if (value[PEER_TMUX] > 0)
		printf("   pane/tmux %.2f (at most %.1f)", value[PEER_PANE] / value[PEER_TMUX], target);
	puts("");
}

/* All of them stand there and are asked in turns, so that the machine is as busy for each. */
static void quiet_echo(void)
{
	static double ms[PEERS][ECHO_KEYS];
	struct peer peers[PEERS];

	for (int kind = 0; kind < PEERS; kind++) {
		if (!peer_available((enum peer_kind)kind))
			continue;
		peer_start(&peers[kind], (enum peer_kind)kind, "echo");
		peer_type(&peers[kind], 'g');
		peer_drain(&peers[kind], 0.3);
	}
	for (size_t key = 0; key < ECHO_KEYS; key++) {
		for (int kind = 0; kind < PEERS; kind++) {
			if (!peer_available((enum peer_kind)kind))
				continue;
			ms[kind][key] = echo(&peers[kind], key);
			peer_drain(&peers[kind], 0.003 + 0.0003 * (double)(key % 20));
		}
	}
	for (int kind = 0; kind < PEERS; kind++)
		if (peer_available((enum peer_kind)kind))
			peer_stop(&peers[kind]);
	print_echo("quiet, median", ms, 0.5, 1);
}

/*
 * What a key costs until its echo is seen, of all processes but the guest. In turns, so that caches are as cold for
 * each as they are when a person types.
 */
static void key_cost(void)
{
	struct { struct peer peer; pid_t pids[16]; size_t count; double cpu; unsigned long wakeups; } at[PEERS];
	double tmux = 0;

	for (int kind = 0; kind < PEERS; kind++) {
		if (!peer_available((enum peer_kind)kind))
			continue;
		peer_start(&at[kind].peer, (enum peer_kind)kind, "echo");
		peer_type(&at[kind].peer, 'g');
		peer_drain(&at[kind].peer, 3);
		at[kind].count = peer_processes(&at[kind].peer, at[kind].pids, 16);
		at[kind].cpu = -usage_cpu(at[kind].pids, at[kind].count);
		at[kind].wakeups = usage_wakeups(at[kind].pids, at[kind].count);
	}
	for (size_t key = 0; key < ECHO_KEYS; key++) {
		for (int kind = 0; kind < PEERS; kind++) {
			if (!peer_available((enum peer_kind)kind))
				continue;
			echo(&at[kind].peer, key);
			peer_drain(&at[kind].peer, 0.002);
		}
	}
	puts("a key and its echo: CPU in microseconds, wake-ups");
	for (int kind = PEER_DTACH; kind < PEERS; kind++) {
		if (!peer_available((enum peer_kind)kind))
			continue;

		double cpu = (at[kind].cpu + usage_cpu(at[kind].pids, at[kind].count)) * 1e6 / ECHO_KEYS;
		unsigned long wakeups = usage_wakeups(at[kind].pids, at[kind].count) - at[kind].wakeups;

		tmux = kind == PEER_TMUX ? cpu : tmux;
		printf("  %-14s %6.0f %6.1f", peer_name((enum peer_kind)kind), cpu, (double)wakeups / ECHO_KEYS);
		if (tmux > 0 && kind != PEER_TMUX)
			printf("  (CPU %.2f of tmux)", cpu / tmux);
		puts("");
	}
	for (int kind = 0; kind < PEERS; kind++)
		if (peer_available((enum peer_kind)kind))
			peer_stop(&at[kind].peer);
}

static void flood_echo(void)
{
	static double ms[PEERS][ECHO_KEYS];

	for (size_t round = 0; round < ROUNDS; round++) {
		for (int kind = 0; kind < PEERS; kind++) {
			struct peer peer;

			if (!peer_available((enum peer_kind)kind))
				continue;
			peer_start(&peer, (enum peer_kind)kind, "flood");
			peer_type(&peer, 'g');
			peer_drain(&peer, 0.5);
			for (size_t key = round; key < ECHO_KEYS; key += ROUNDS) {
				ms[kind][key] = echo(&peer, key / ROUNDS);
				peer_drain(&peer, 0.003 + 0.0003 * (double)(key % 20));
			}
			peer_stop(&peer);
		}
	}
	print_echo("in a flood, p99", ms, 0.99, 0.1);
}

/* ---- CPU, wake-ups, memory ---- */

static void cpu(void)
{
	static const enum peer_kind compared[] = { PEER_DTACH, PEER_TMUX, PEER_ATTACH, PEER_PANE };
	double tmux = 0;
	char order[64];

	snprintf(order, sizeof(order), "serial %d %d", SERIAL_RATE, SERIAL_SECONDS);
	puts("CPU seconds a second at 0.3 MB/s, byte by byte (at most a tenth of tmux)");
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		struct peer peer;
		pid_t pids[16];

		if (!peer_available(compared[i]))
			continue;
		peer_start(&peer, compared[i], order);

		size_t count = peer_processes(&peer, pids, 16);
		double begin = usage_cpu(pids, count);

		peer_type(&peer, 'g');
		peer_wait(&peer, "END-OF-BURST", 4 * SERIAL_SECONDS);

		double used = (usage_cpu(pids, count) - begin) / peer_note(&peer, "seconds");

		if (compared[i] == PEER_TMUX)
			tmux = used;
		printf("  %-14s %.3f at %.2f MB/s", peer_name(compared[i]), used, peer_note(&peer, "rate") / 1e6);
		if (tmux > 0 && compared[i] != PEER_TMUX)
			printf("  (%.2f of tmux)", used / tmux);
		puts("");
		peer_stop(&peer);
	}
}

static void idle(void)
{
	static const enum peer_kind compared[] = { PEER_DTACH, PEER_TMUX, PEER_ATTACH, PEER_PANE };

	printf("wake-ups in %d s with a silent guest (keeper: none)\n", IDLE_SECONDS);
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++) {
		struct peer peer;
		pid_t pids[16], keeper;

		if (!peer_available(compared[i]))
			continue;
		peer_start(&peer, compared[i], "idle");
		/* The log's flush and the like are over then. */
		peer_drain(&peer, 3);

		size_t count = peer_processes(&peer, pids, 16);
		unsigned long all = usage_wakeups(pids, count);
		unsigned long of_keeper = (keeper = peer_keeper(&peer)) > 0 ? usage_wakeups(&keeper, 1) : 0;

		peer_drain(&peer, IDLE_SECONDS);
		printf("  %-14s %lu", peer_name(compared[i]), usage_wakeups(pids, count) - all);
		if (keeper > 0)
			printf(", %lu of them in the keeper", usage_wakeups(&keeper, 1) - of_keeper);
		puts("");
		peer_stop(&peer);
	}
}

static unsigned long empty_main(void)
{
	char path[4096];
	unsigned long kib;
	pid_t pid = fork();

	snprintf(path, sizeof(path), "%s/bench_empty", getenv("PADDOCK_PROGRAMS"));
	if (pid == 0) {
		execl(path, path, (char *)NULL);
		_exit(127);
	}
	usleep(200000);
	kib = usage_private_kib(pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return kib;
}

static void memory(void)
{
	struct peer peer;
	unsigned long empty = empty_main(), fresh, full;

	peer_start(&peer, PEER_ATTACH, "burst log 4000000");
	fresh = usage_private_kib(peer_keeper(&peer));
	peer_type(&peer, 'g');
	peer_wait(&peer, "END-OF-BURST", 60);
	peer_drain(&peer, 1);
	full = usage_private_kib(peer_keeper(&peer));
	peer_stop(&peer);
	printf("the keeper's private memory (at most 256 KiB above an empty main, the ring included)\n"
	       "  empty main with the same libraries %lu KiB   keeper, young %lu KiB (+%ld)   "
	       "with a full ring %lu KiB (+%ld)\n",
	       empty, fresh, (long)(fresh - empty), full, (long)(full - empty));
}

int main(int argc, char **argv)
{
	if (!getenv("PADDOCK") || !getenv("PADDOCK_PROGRAMS")) {
		fputs("run it by make bench\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (wanted(argc, argv, "throughput"))
		throughput();
	if (wanted(argc, argv, "echo"))
		quiet_echo();
	if (wanted(argc, argv, "key"))
		key_cost();
	if (wanted(argc, argv, "flood"))
		flood_echo();
	if (wanted(argc, argv, "cpu"))
		cpu();
	if (wanted(argc, argv, "idle"))
		idle();
	if (wanted(argc, argv, "memory"))
		memory();
	return 0;
}
