/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *open_proc(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fopen(path, "r");
}

/* Of a file of "Name:  number" lines, the sum of those that begin with name. */
static unsigned long sum_lines(pid_t pid, const char *file, const char *name)
{
	FILE *in = open_proc(pid, file);
	char line[256];
	unsigned long sum = 0;

	while (in && fgets(line, sizeof(line), in))
		if (strncmp(line, name, strlen(name)) == 0)
			sum += strtoul(strchr(line, ':') + 1, NULL, 10);
	if (in)
		fclose(in);
	return sum;
}

static double cpu_of(pid_t pid)
{
	FILE *in = open_proc(pid, "schedstat");
	unsigned long long ns = 0;
	unsigned long user = 0, kernel = 0;

	if (in && fscanf(in, "%llu", &ns) == 1) {
		fclose(in);
		return (double)ns / 1e9;
	}
	/* A kernel without schedstat counts in ticks. */
	in = open_proc(pid, "stat");
	if (in && fscanf(in, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2)
		user = kernel = 0;
	if (in)
		fclose(in);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

double usage_cpu(const pid_t *pids, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += cpu_of(pids[i]);
	return sum;
}

unsigned long usage_wakeups(const pid_t *pids, size_t count)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += sum_lines(pids[i], "status", "voluntary_ctxt_switches");
	return sum;
}

unsigned long usage_dirty_kib(pid_t pid)
{
	return sum_lines(pid, "smaps_rollup", "Private_Dirty");
}

unsigned long usage_private_kib(pid_t pid)
{
	return sum_lines(pid, "smaps_rollup", "Private_");
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, two = *(const double *)b;

	return (one > two) - (one < two);
}

double percentile(double *values, size_t count, double p)
{
	qsort(values, count, sizeof(*values), compare);
	return values[(size_t)(p * (double)(count - 1) + 0.5)];
}

double median(double *values, size_t count)
{
	return percentile(values, count, 0.5);
}
