/* SPDX-License-Identifier: MIT */
#ifndef CORE_USAGE_USAGE_H
#define CORE_USAGE_USAGE_H

#include "core/usage/series.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * What a running VM uses of the host, from /proc and /sys. Its processes are QEMU and the helpers of its keeper, such as
 * virtiofsd. A sample allocates nothing, and reads one file for each process unless more is asked for. A PID that
 * another process has by now is noticed: the VM is then gone.
 */
struct usage;

/* Counters that grow from the start of QEMU on, in bytes. */
enum usage_counter { USAGE_DISK_READ, USAGE_DISK_WRITTEN, USAGE_NET_RECEIVED, USAGE_NET_SENT, USAGE_COUNTERS };

#define USAGE_UNKNOWN UINT64_MAX

struct usage_figures {
	double cpu;			/* percent of one CPU between the last two samples; negative: unknown */
	uint64_t cpu_ms;		/* CPU time of all its processes since they began */
	uint64_t resident;		/* memory of QEMU that is in RAM, in bytes; what it shares with others counts whole */
	struct {
		uint64_t total;		/* bytes, or USAGE_UNKNOWN */
		uint64_t rate;		/* bytes a second between the last two samples of counters, or USAGE_UNKNOWN */
	} counter[USAGE_COUNTERS];	/* received and sent as the guest sees it; only tap and bridge have them */
};

/*
 * Watches the VM with these processes; keeper 0: it has none. root is put in front of /proc and /sys, for tests. With
 * `held`, files stay open between samples. Never fails: of a process that is not there, the first sample says so.
 */
struct usage *usage_new(const char *root, pid_t qemu, pid_t keeper, bool held);
void usage_free(struct usage *);	/* accepts NULL */
/*
 * Takes a sample. now_ms: CLOCK_MONOTONIC (loop_now). Returns false if QEMU has ended; the figures are then the last ones.
 * With `counters`, also those of disks and network.
 */
bool usage_sample(struct usage *, uint64_t now_ms, bool counters);
const struct usage_figures *usage_figures(const struct usage *);
/* The CPU figure over time. A time without samples has the mean between the sample before and the one after it. */
const struct series *usage_cpu_series(const struct usage *);
/*
 * The memory of all its processes in bytes, where what several share is divided among them (PSS), or USAGE_UNKNOWN. The
 * kernel looks at every page for that, about 10 ms for each GiB: not for lists.
 */
uint64_t usage_memory_exact(const struct usage *);

/* The name of the terminal of a process, below /dev: "pts/4"; "" if it has none, or is not there. */
void usage_terminal(const char *root, pid_t, char name[16]);
/* The host's memory in bytes; 0: unknown. */
uint64_t usage_host_memory(const char *root);
/* The address that answers for a MAC on a network of this host; 15 characters at most. */
bool usage_guest_address(const char *root, const char *mac, char address[16]);

#endif
