/* SPDX-License-Identifier: MIT */
/*
 * What the figures of running VMs cost (doc/performance.md): samples of 1, 50 and 200 processes with as many threads as
 * a QEMU has, with their files held open and opened each time, in percent of one CPU at one sample a second.
 */
#include "core/base/loop.h"
#include "core/usage/usage.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST 200
#define THREADS 6
#define ROUNDS 50
#define LIMIT 2.0	/* percent of one CPU */

static void *sleeps(void *unused)
{
	pause();
	return unused;
}

static pid_t sleeper(void)
{
	pid_t bench = getpid(), pid = fork();
	pthread_t thread;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 1; i < THREADS && getppid() == bench; i++)
		pthread_create(&thread, NULL, sleeps, NULL);
	sleeps(NULL);
	_exit(0);
}

static double cpu_seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Percent of one CPU for a sample of each in every second. */
static double cost(const pid_t *pids, int count, bool held, bool counters)
{
	struct usage *usages[MOST];
	uint64_t now = loop_now();
	double begin;

	for (int i = 0; i < count; i++) {
		usages[i] = usage_new("", pids[i], 0, held);
		if (!usage_sample(usages[i], now, counters)) {
			fputs("a process to be sampled has ended\n", stderr);
			exit(1);
		}
	}
	begin = cpu_seconds();
	for (int round = 1; round <= ROUNDS; round++)
		for (int i = 0; i < count; i++)
			usage_sample(usages[i], now + (uint64_t)round * 1000, counters);

	double percent = (cpu_seconds() - begin) / ROUNDS * 100;

	for (int i = 0; i < count; i++)
		usage_free(usages[i]);
	return percent;
}

int main(void)
{
	static const int counts[] = { 1, 50, MOST };
	pid_t pids[MOST];

	for (int i = 0; i < MOST; i++)
		if ((pids[i] = sleeper()) < 0) {
			perror("fork");
			return 1;
		}
	usleep(300000);
	printf("a sample of all running VMs each second, %% of one CPU (at most %.0f at %d)\n", LIMIT, MOST);
	printf("  %4s %8s %8s %14s\n", "VMs", "held", "opened", "with counters");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		printf("  %4d %8.3f %8.3f %14.3f\n", counts[i], cost(pids, counts[i], true, false),
		       cost(pids, counts[i], false, false), cost(pids, counts[i], true, true));
	for (int i = 0; i < MOST; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return 0;
}
