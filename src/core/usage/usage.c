/* SPDX-License-Identifier: MIT */
#include "core/usage/usage.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/usage/proc_text.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES 9		/* QEMU and at most 8 helpers */
#define TAPS 4
#define SMALL_FILE 2048		/* more than any of the files that are read for a sample has */
#define MILLI 1000U

/* A file that is read again and again: its path, or a descriptor if it is held. */
struct source {
	char *path;
	int fd;
};

struct process {
	pid_t pid;
	struct source stat;
	uint64_t born;		/* 0: not seen yet */
	uint64_t ticks;
};

struct usage {
	char *root;
	bool held, sampled;
	pid_t keeper;
	struct process processes[PROCESSES];	/* QEMU first */
	size_t process_count;
	bool found_taps;			/* they have been looked for */
	struct source taps[TAPS][2];		/* what the host received from the guest, and sent to it */
	size_t tap_count;
	struct source io;
	uint64_t ticks_per_second, page;
	uint64_t sampled_ms, counted_ms;	/* 0: never */
	struct usage_figures figures;
	struct series cpu;
};

/* Sources. */

static struct source source_at(char *path)
{
	return (struct source){ .path = path, .fd = -1 };
}

static void source_finish(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	free(source->path);
}

static bool source_read(struct source *source, bool held, char *buf, size_t size)
{
	ssize_t got;

	if (!held)
		return io_head(source->path, buf, size) > 0;
	if (source->fd < 0)
		source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	got = source->fd >= 0 ? pread(source->fd, buf, size - 1, 0) : -1;
	buf[got > 0 ? got : 0] = '\0';
	return got > 0;
}

static char *process_path(const struct usage *usage, pid_t pid, const char *name)
{
	return mem_printf("%s/proc/%d/%s", usage->root, (int)pid, name);
}

/* Processes. */

static void add_process(struct usage *usage, pid_t pid)
{
	for (size_t i = 0; i < usage->process_count; i++)
		if (usage->processes[i].pid == pid)
			return;
	if (usage->process_count == PROCESSES)
		return;
	usage->processes[usage->process_count++] =
		(struct process){ .pid = pid, .stat = source_at(process_path(usage, pid, "stat")) };
}

/* Needs CONFIG_PROC_CHILDREN; where it is missing, helpers are not counted. */
static void add_children(struct usage *usage, pid_t parent)
{
	char *path = mem_printf("%s/proc/%d/task/%d/children", usage->root, (int)parent, (int)parent);
	char text[SMALL_FILE];
	const char *at = text;
	pid_t pid;

	io_head(path, text, sizeof(text));
	free(path);
	while ((pid = proc_child_next(&at)) > 0)
		add_process(usage, pid);
}

/* A helper may have a child of its own that does the work, as virtiofsd has. */
static void find_helpers(struct usage *usage)
{
	if (usage->keeper > 0)
		add_children(usage, usage->keeper);
	for (size_t i = 1; i < usage->process_count; i++)
		add_children(usage, usage->processes[i].pid);
}

/* Returns false if the process has ended, or its PID is another one's. */
static bool sample_process(const struct usage *usage, struct process *process, struct proc_stat *stat)
{
	char text[SMALL_FILE];

	if (!source_read(&process->stat, usage->held, text, sizeof(text)) || !proc_stat_parse(text, stat))
		return false;
	if (stat->state == 'Z' || stat->state == 'X' || (process->born != 0 && process->born != stat->born))
		return false;
	process->born = stat->born;
	return true;
}

static void drop_process(struct usage *usage, size_t index)
{
	source_finish(&usage->processes[index].stat);
	memmove(&usage->processes[index], &usage->processes[index + 1],
	        (--usage->process_count - index) * sizeof(usage->processes[0]));
}

/* Adds up the ticks since the last sample and since the start. Returns false if QEMU has ended. */
static bool sample_processes(struct usage *usage, uint64_t *used, uint64_t *total)
{
	*used = *total = 0;
	for (size_t i = 0; i < usage->process_count; ) {
		struct process *process = &usage->processes[i];
		struct proc_stat stat;

		if (!sample_process(usage, process, &stat)) {
			if (i == 0)
				return false;
			drop_process(usage, i);
			continue;
		}
		if (i == 0 && __builtin_mul_overflow(stat.resident_pages, usage->page, &usage->figures.resident))
			return false;
		*used += stat.cpu_ticks > process->ticks ? stat.cpu_ticks - process->ticks : 0;
		*total += stat.cpu_ticks;
		process->ticks = stat.cpu_ticks;
		i++;
	}
	return true;
}

/* Counters. */

static void add_tap(struct usage *usage, const char *name)
{
	static const char *const files[] = { "rx_bytes", "tx_bytes" };

	if (usage->tap_count == TAPS)
		return;
	for (int i = 0; i < 2; i++)
		usage->taps[usage->tap_count][i] =
			source_at(mem_printf("%s/sys/class/net/%s/statistics/%s", usage->root, name, files[i]));
	usage->tap_count++;
}

/* QEMU has the interfaces open, also those that the bridge helper has created. */
static void find_taps(struct usage *usage)
{
	char *path = process_path(usage, usage->processes[0].pid, "fd");
	DIR *dir = opendir(path);
	const struct dirent *entry;

	free(path);
	usage->found_taps = true;
	while (dir && (entry = readdir(dir))) {
		char target[32], text[SMALL_FILE], what[sizeof("fdinfo/") + NAME_MAX], name[16];
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		target[len > 0 ? len : 0] = '\0';
		if (strcmp(target, "/dev/net/tun") != 0)
			continue;
		snprintf(what, sizeof(what), "fdinfo/%s", entry->d_name);
		path = process_path(usage, usage->processes[0].pid, what);
		if (io_head(path, text, sizeof(text)) > 0 && proc_tap_parse(text, name))
			add_tap(usage, name);
		free(path);
	}
	if (dir)
		closedir(dir);
}

/* Adds a file's number. Returns false if it has none. */
static bool add_number(const struct usage *usage, struct source *source, uint64_t *sum)
{
	char text[SMALL_FILE], *end;
	unsigned long long number;

	if (!source_read(source, usage->held, text, sizeof(text)) || text[0] < '0' || text[0] > '9')
		return false;
	number = strtoull(text, &end, 10);
	return *end == '\n' && !__builtin_add_overflow(*sum, (uint64_t)number, sum);
}

static void read_counters(struct usage *usage, uint64_t now[USAGE_COUNTERS])
{
	char text[SMALL_FILE];
	bool known = usage->tap_count > 0;

	for (int i = 0; i < USAGE_COUNTERS; i++)
		now[i] = USAGE_UNKNOWN;
	if (!source_read(&usage->io, usage->held, text, sizeof(text)) ||
	    !proc_io_parse(text, &now[USAGE_DISK_READ], &now[USAGE_DISK_WRITTEN]))
		now[USAGE_DISK_READ] = now[USAGE_DISK_WRITTEN] = USAGE_UNKNOWN;

	uint64_t sent = 0, received = 0;

	for (size_t i = 0; i < usage->tap_count; i++)
		known = add_number(usage, &usage->taps[i][0], &sent) && add_number(usage, &usage->taps[i][1], &received) && known;
	if (known) {
		now[USAGE_NET_SENT] = sent;
		now[USAGE_NET_RECEIVED] = received;
	}
}

static void sample_counters(struct usage *usage, uint64_t now_ms)
{
	uint64_t now[USAGE_COUNTERS];

	if (!usage->found_taps)
		find_taps(usage);
	read_counters(usage, now);
	for (int i = 0; i < USAGE_COUNTERS; i++) {
		uint64_t before = usage->figures.counter[i].total, rate = USAGE_UNKNOWN;

		if (usage->counted_ms != 0 && now_ms > usage->counted_ms && now[i] != USAGE_UNKNOWN && before <= now[i] &&
		    !__builtin_mul_overflow(now[i] - before, (uint64_t)MILLI, &rate))
			rate /= now_ms - usage->counted_ms;
		usage->figures.counter[i].total = now[i];
		usage->figures.counter[i].rate = rate;
	}
	usage->counted_ms = now_ms;
}

/* Samples. */

struct usage *usage_new(const char *root, pid_t qemu, pid_t keeper, bool held)
{
	struct usage *usage = mem_alloc(sizeof(*usage));
	long ticks = sysconf(_SC_CLK_TCK), page = sysconf(_SC_PAGESIZE);

	usage->root = mem_strdup(root);
	usage->held = held;
	usage->keeper = keeper;
	usage->ticks_per_second = ticks > 0 ? (uint64_t)ticks : 100;
	usage->page = page > 0 ? (uint64_t)page : 4096;
	usage->io = source_at(process_path(usage, qemu, "io"));
	usage->figures.cpu = -1;
	for (int i = 0; i < USAGE_COUNTERS; i++)
		usage->figures.counter[i].total = usage->figures.counter[i].rate = USAGE_UNKNOWN;
	series_init(&usage->cpu);
	add_process(usage, qemu);
	find_helpers(usage);
	return usage;
}

void usage_free(struct usage *usage)
{
	if (!usage)
		return;
	for (size_t i = 0; i < usage->process_count; i++)
		source_finish(&usage->processes[i].stat);
	for (size_t i = 0; i < usage->tap_count; i++) {
		source_finish(&usage->taps[i][0]);
		source_finish(&usage->taps[i][1]);
	}
	source_finish(&usage->io);
	free(usage->root);
	free(usage);
}

bool usage_sample(struct usage *usage, uint64_t now_ms, bool counters)
{
	uint64_t used, total;

	if (!sample_processes(usage, &used, &total))
		return false;
	if (usage->sampled && now_ms > usage->sampled_ms) {
		usage->figures.cpu = (double)used * 100 * MILLI / (double)usage->ticks_per_second / (double)(now_ms - usage->sampled_ms);
		series_add(&usage->cpu, usage->sampled_ms / MILLI, now_ms / MILLI, (float)usage->figures.cpu);
	}
	usage->figures.cpu_ms = (uint64_t)((double)total * MILLI / (double)usage->ticks_per_second);
	usage->sampled = true;
	usage->sampled_ms = now_ms;
	if (counters)
		sample_counters(usage, now_ms);
	return true;
}

const struct usage_figures *usage_figures(const struct usage *usage)
{
	return &usage->figures;
}

const struct series *usage_cpu_series(const struct usage *usage)
{
	return &usage->cpu;
}

static bool file_size_line(char *path, const char *name, uint64_t *bytes)
{
	char text[2 * SMALL_FILE];
	bool ok = io_head(path, text, sizeof(text)) > 0 && proc_size_parse(text, name, bytes);

	free(path);
	return ok;
}

uint64_t usage_memory_exact(const struct usage *usage)
{
	uint64_t sum = 0, bytes;

	for (size_t i = 0; i < usage->process_count; i++) {
		if (file_size_line(process_path(usage, usage->processes[i].pid, "smaps_rollup"), "Pss", &bytes))
			sum += bytes;
		else if (i == 0)
			return USAGE_UNKNOWN;
	}
	return sum;
}

void usage_terminal(const char *root, pid_t pid, char name[16])
{
	char *path = mem_printf("%s/proc/%d/stat", root, (int)pid);
	char text[SMALL_FILE];
	struct proc_stat stat;

	name[0] = '\0';
	if (io_head(path, text, sizeof(text)) > 0 && proc_stat_parse(text, &stat))
		proc_terminal_name(stat.terminal, name);
	free(path);
}

uint64_t usage_host_memory(const char *root)
{
	uint64_t bytes;

	return file_size_line(mem_printf("%s/proc/meminfo", root), "MemTotal", &bytes) ? bytes : 0;
}

bool usage_guest_address(const char *root, const char *mac, char address[16])
{
	char *path = mem_printf("%s/proc/net/arp", root);
	char *text = mem_alloc(65536);
	bool found = io_head(path, text, 65536) > 0 && proc_arp_find(text, mac, address);

	free(text);
	free(path);
	return found;
}
