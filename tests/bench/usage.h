/* SPDX-License-Identifier: MIT */
#ifndef BENCH_USAGE_H
#define BENCH_USAGE_H

#include <stddef.h>
#include <sys/types.h>

/* What processes have cost, from /proc. Sums over all of them. */
double usage_cpu(const pid_t *pids, size_t count);		/* seconds on a CPU */
unsigned long usage_wakeups(const pid_t *pids, size_t count);	/* voluntary context switches */
unsigned long usage_dirty_kib(pid_t);				/* memory that it has written */
unsigned long usage_private_kib(pid_t);				/* memory that no other process shares */

double median(double *values, size_t count);			/* sorts them */
double percentile(double *values, size_t count, double p);	/* sorts them */

#endif
