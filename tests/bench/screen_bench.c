/* SPDX-License-Identifier: MIT */
/*
 * The list with ten and with ten thousand profiles, the way from the start key
 * to QEMU, and many running VMs (doc/performance.md). Named on the command line: "list start many", any of them.
 */
#include "home.h"
#include "peer.h"
#include "usage.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define STARTS 15
#define KEYS 200
#define MANY 200
#define SHOWN_SECONDS 8

/* ---- the screen ---- */

struct screen {
	pid_t pid;
	int terminal;
	char seen[65536];
	size_t len;
};

/* What came within the time; false: nothing. */
static bool take(struct screen *screen, double seconds)
{
	struct pollfd polled = { .fd = screen->terminal, .events = POLLIN };
	ssize_t n;

	if (poll(&polled, 1, (int)(seconds * 1000) + 1) <= 0)
		return false;
	if (screen->len > sizeof(screen->seen) / 2)
		screen->len = 0;
	n = read(screen->terminal, screen->seen + screen->len, sizeof(screen->seen) - screen->len);
	if (n <= 0)
		return false;
	screen->len += (size_t)n;
	return true;
}

static void settle(struct screen *screen, double seconds)
{
	while (take(screen, seconds))
		;
	screen->len = 0;
}

/* Until it does nothing any more, seen or unseen. */
static void rest(struct screen *screen)
{
	double used = -1, before;

	do {
		before = used;
		settle(screen, 0.2);
		used = usage_cpu(&screen->pid, 1);
	} while (used > before);
}

/* The bottom line, which names the key for leaving, comes last. */
static void screen_start(struct screen *screen, const char *home)
{
	const struct winsize size = { .ws_row = 30, .ws_col = 100 };
	pid_t bench = getpid();
	double until = now() + 60;

	screen->len = 0;
	screen->pid = forkpty(&screen->terminal, NULL, NULL, &size);
	if (screen->pid == 0) {
		home_enter(home, "idle", bench);
		execl(getenv("PADDOCK"), "paddock", "library", (char *)NULL);
		_exit(127);
	}
	fcntl(screen->terminal, F_SETFD, FD_CLOEXEC);
	while (!memmem(screen->seen, screen->len, "quit", 4)) {
		take(screen, 1);
		if (now() > until) {
			fputs("the screen does not come\n", stderr);
			exit(1);
		}
	}
}

static void screen_stop(struct screen *screen)
{
	kill(screen->pid, SIGTERM);
	while (take(screen, 5))
		;
	close(screen->terminal);
	waitpid(screen->pid, NULL, 0);
}

/* ---- the list ---- */

struct costs {
	double start_ms[STARTS], start_cpu[STARTS];	/* to the first whole screen */
	double all_cpu[STARTS];				/* until nothing comes any more */
	double key_ms[KEYS], key_cpu;			/* Down, to what it changes */
};

static void one_start(const char *home, struct costs *costs, int round)
{
	static struct screen screen;
	double begin = now();

	screen_start(&screen, home);
	costs->start_ms[round] = (now() - begin) * 1000;
	costs->start_cpu[round] = usage_cpu(&screen.pid, 1) * 1000;
	rest(&screen);
	costs->all_cpu[round] = usage_cpu(&screen.pid, 1) * 1000;
	screen_stop(&screen);
}

static void keys(struct screen screens[2], struct costs costs[2])
{
	for (int i = 0; i < 2; i++)
		costs[i].key_cpu = -usage_cpu(&screens[i].pid, 1);
	for (int key = 0; key < KEYS; key++) {
		for (int i = 0; i < 2; i++) {
			/* To and fro, so that with ten it is never at the end. */
			const char *down = key % 10 < 5 ? "j" : "k";
			double begin = now();

			if (write(screens[i].terminal, down, 1) == 1 && take(&screens[i], 5))
				costs[i].key_ms[key] = (now() - begin) * 1000;
			settle(&screens[i], 0.02);
		}
	}
	for (int i = 0; i < 2; i++)
		costs[i].key_cpu += usage_cpu(&screens[i].pid, 1);
}

/* Types a filter that all names match and one that few do, and takes each back; in ms of CPU for a key. */
static double filter_keys(struct screen *screen)
{
	static const char typed[] = "/vm0\177\177\177m42\177\177\177 1 !9\177\177\177\177\177\033";
	double used = -usage_cpu(&screen->pid, 1);

	for (size_t i = 0; typed[i] != '\0'; i++) {
		if (write(screen->terminal, &typed[i], 1) != 1)
			perror("write");
		settle(screen, 0.05);
	}
	used += usage_cpu(&screen->pid, 1);
	return used / (double)strlen(typed) * 1e3;
}

static void print_costs(int profiles, struct costs *costs)
{
	printf("  %5d %9.1f %9.1f %9.1f %9.2f %9.0f\n", profiles, median(costs->start_ms, STARTS),
	       median(costs->start_cpu, STARTS), median(costs->all_cpu, STARTS), median(costs->key_ms, KEYS),
	       costs->key_cpu / KEYS * 1e6);
}

static void list(void)
{
	static struct costs costs[2];
	static struct screen screens[2];
	static const int profiles[2] = { 10, 10000 };
	char homes[2][64], name[32];
	double filter;

	for (int i = 0; i < 2; i++) {
		home_make(homes[i]);
		for (int number = 0; number < profiles[i]; number++) {
			snprintf(name, sizeof(name), "vm%05d", number);
			home_profile(homes[i], name);
		}
	}
	for (int round = 0; round < STARTS; round++)
		for (int i = 0; i < 2; i++)
			one_start(homes[i], &costs[i], round);
	for (int i = 0; i < 2; i++) {
		screen_start(&screens[i], homes[i]);
		rest(&screens[i]);
	}
	keys(screens, costs);
	filter = filter_keys(&screens[1]);
	puts("the list, medians: first whole screen in ms, its CPU in ms, CPU until all is read;\n"
	     "a key to its redraw in ms, its CPU in microseconds");
	for (int i = 0; i < 2; i++) {
		print_costs(profiles[i], &costs[i]);
		screen_stop(&screens[i]);
		home_remove(homes[i]);
	}
	printf("  a key of the filter, 10000, CPU in ms: %.2f (at most 2)\n", filter);
	printf("  key, 10000 / 10 %.2f (CPU %.2f; at most 1)\n", costs[1].key_ms[KEYS / 2] / costs[0].key_ms[KEYS / 2],
	       costs[1].key_cpu / costs[0].key_cpu);
}

/* ---- the start key ---- */

/* In ms, from begin to the guest's first instruction; its pid is noted before that time is. */
static double until_guest(const char *home, struct screen *screen, double begin)
{
	char path[256];
	double at;

	while ((at = home_note(home, "began")) < 0 && now() < begin + 20) {
		if (screen)
			take(screen, 0.001);
	}
	snprintf(path, sizeof(path), "%s/began", home);
	remove(path);
	return at < 0 ? -1 : (at - begin) * 1000;
}

static double bare(const char *home)
{
	double begin = now(), took;
	pid_t bench = getpid(), pid = fork();

	if (pid == 0) {
		home_enter(home, "idle", bench);
		close(STDOUT_FILENO);
		open("/dev/null", O_WRONLY);
		execl(home_guest(), "bench_guest", (char *)NULL);
		_exit(127);
	}
	took = until_guest(home, NULL, begin);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return took;
}

static double by_key(const char *home, struct screen *screen)
{
	double begin = now(), took;

	if (write(screen->terminal, "s", 1) != 1)
		return -1;
	took = until_guest(home, screen, begin);
	settle(screen, 0.3);
	kill((pid_t)home_note(home, "guest.pid"), SIGKILL);
	settle(screen, 0.5);
	return took;
}

static void start(void)
{
	static struct screen screen;
	double key[STARTS], alone[STARTS];
	char home[64];

	home_make(home);
	home_profile(home, "bench");
	screen_start(&screen, home);
	rest(&screen);
	by_key(home, &screen);		/* what has to be created is there from now on */
	for (int round = 0; round < STARTS; round++) {
		alone[round] = bare(home);
		key[round] = by_key(home, &screen);
	}
	printf("start key to QEMU's main, ms: %.2f   bare fork and exec %.2f   over that %.2f (at most 5)\n",
	       median(key, STARTS), median(alone, STARTS), median(key, STARTS) - median(alone, STARTS));
	screen_stop(&screen);
	home_remove(home);
}

/* ---- many running VMs ---- */

/* Runs paddock with one or two words, says nothing of it, and returns the CPU time of that process in ms. */
static double run(const char *home, const char *command, const char *name)
{
	pid_t bench = getpid(), pid = fork();
	struct rusage used;
	int status;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		home_enter(home, "idle", bench);
		for (int fd = 0; fd <= 2; fd++)
			dup2(null, fd);
		execl(getenv("PADDOCK"), "paddock", command, name, (char *)NULL);
		_exit(127);
	}
	wait4(pid, &status, 0, &used);
	if (status != 0) {
		fprintf(stderr, "paddock %s %s has failed\n", command, name ? name : "");
		exit(1);
	}
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static unsigned long screen_kib(const char *home)
{
	static struct screen screen;
	unsigned long kib;

	screen_start(&screen, home);
	rest(&screen);
	kib = usage_dirty_kib(screen.pid);
	screen_stop(&screen);
	return kib;
}

/* Percent of one CPU while the list is shown and nothing happens; keys are typed first. */
static double shown_percent(const char *home, const char *keys)
{
	static struct screen screen;
	double used, begin, until;

	screen_start(&screen, home);
	rest(&screen);
	if (write(screen.terminal, keys, strlen(keys)) < 0)
		perror("write");
	settle(&screen, 0.5);
	used = usage_cpu(&screen.pid, 1);
	begin = now();
	until = begin + SHOWN_SECONDS;
	while (now() < until)
		take(&screen, until - now());
	used = (usage_cpu(&screen.pid, 1) - used) / (now() - begin) * 100;
	screen_stop(&screen);
	return used;
}

/* The guests end with this process. */
static void many(void)
{
	double took[STARTS], cpu[STARTS], begin;
	unsigned long before;
	char home[64], name[32];

	home_make(home);
	for (int number = 0; number < MANY; number++) {
		snprintf(name, sizeof(name), "vm%03d", number);
		home_profile(home, name);
	}
	before = screen_kib(home);
	begin = now();
	for (int number = 0; number < MANY; number++) {
		snprintf(name, sizeof(name), "vm%03d", number);
		run(home, "start", name);
	}
	printf("%d VMs: start one by one %.2f s (at most 3)\n", MANY, now() - begin);
	printf("%d VMs: list shown, with figures %.2f %% of one CPU, ordered by CPU %.2f %% (at most 2)\n", MANY,
	       shown_percent(home, ""), shown_percent(home, "oo"));
	for (int round = 0; round < STARTS; round++) {
		begin = now();
		cpu[round] = run(home, "ls", NULL);
		took[round] = (now() - begin) * 1000;
	}
	printf("  ls, ms: %.1f (at most 20), CPU %.1f\n", median(took, STARTS), median(cpu, STARTS));
	printf("  the screen's memory for each, bytes: %.0f (at most 2048)\n",
	       ((double)screen_kib(home) - (double)before) * 1024 / MANY);
	home_remove(home);
}

static bool wanted(int argc, char **argv, const char *what)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], what) == 0)
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	if (!getenv("PADDOCK") || !getenv("PADDOCK_PROGRAMS")) {
		fputs("run it by make bench\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (wanted(argc, argv, "list"))
		list();
	if (wanted(argc, argv, "start"))
		start();
	if (wanted(argc, argv, "many"))
		many();
	return 0;
}
