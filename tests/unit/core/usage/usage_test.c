/* SPDX-License-Identifier: MIT */
#include "core/usage/usage.h"

#include "core/base/alloc.h"
#include "fake/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define QEMU 4242
#define KEEPER 4241
#define MIB (1024ULL * 1024)

/* The /proc and /sys of these tests are in the directory that each works in. */

__attribute__((format(printf, 2, 3)))
static void put(const char *path, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	scratch_put(path, text, strlen(text), 0);
}

/* A process that has had this many seconds on a CPU. */
static void put_process(int pid, double seconds, unsigned born, char state)
{
	char *path = mem_printf("proc/%d/stat", pid);
	unsigned long ticks = (unsigned long)(seconds * (double)sysconf(_SC_CLK_TCK));
	unsigned long pages = (unsigned long)(100 * MIB) / (unsigned long)sysconf(_SC_PAGESIZE);

	put(path, "%d (a) b) %c 1 1 1 0 -1 0 0 0 0 0 %lu %lu 0 0 20 0 5 0 %u 0 %lu 18446744073709551615 0\n", pid, state,
	    ticks / 2, ticks - ticks / 2, born, pages);
	free(path);
}

static uint64_t total(const struct usage *usage, enum usage_counter counter)
{
	return usage_figures(usage)->counter[counter].total;
}

static uint64_t rate(const struct usage *usage, enum usage_counter counter)
{
	return usage_figures(usage)->counter[counter].rate;
}

static void two_samples_make_a_figure(void **state)
{
	(void)state;
	for (int held = 0; held < 2; held++) {
		struct usage *usage = usage_new(".", QEMU, 0, held);

		put_process(QEMU, 10, 77, 'S');
		assert_true(usage_sample(usage, 5000, false));
		assert_true(usage_figures(usage)->cpu < 0);
		assert_int_equal(usage_figures(usage)->cpu_ms, 10000);
		assert_int_equal(usage_figures(usage)->resident, 100 * MIB);
		put_process(QEMU, 10.5, 77, 'R');
		assert_true(usage_sample(usage, 6000, false));
		assert_float_equal(usage_figures(usage)->cpu, 50, 0.01);
		put_process(QEMU, 14.5, 77, 'R');
		assert_true(usage_sample(usage, 8000, false));
		assert_float_equal(usage_figures(usage)->cpu, 200, 0.01);
		assert_float_equal(series_minute(usage_cpu_series(usage), 0), 200, 0.01);
		assert_float_equal(series_minute(usage_cpu_series(usage), 1), 200, 0.01);
		assert_float_equal(series_minute(usage_cpu_series(usage), 2), 50, 0.01);
		/* Twice at the same time says nothing new. */
		assert_true(usage_sample(usage, 8000, false));
		assert_float_equal(usage_figures(usage)->cpu, 200, 0.01);
		usage_free(usage);
	}
}

static void whoever_has_the_pid_by_now_is_not_counted(void **state)
{
	struct usage *usage = usage_new(".", QEMU, 0, true);

	(void)state;
	put_process(QEMU, 10, 77, 'S');
	assert_true(usage_sample(usage, 5000, true));
	put_process(QEMU, 99, 78, 'S');
	assert_false(usage_sample(usage, 6000, true));
	assert_int_equal(usage_figures(usage)->cpu_ms, 10000);
	usage_free(usage);
}

static void what_has_ended_is_gone(void **state)
{
	struct usage *ended = usage_new(".", QEMU, 0, true), *never = usage_new(".", 999999, 0, true);

	(void)state;
	put_process(QEMU, 10, 77, 'Z');
	assert_false(usage_sample(ended, 5000, true));
	assert_false(usage_sample(never, 5000, true));
	put("proc/4242/stat", "nonsense");
	assert_false(usage_sample(ended, 5000, true));
	usage_free(ended);
	usage_free(never);
}

static void helpers_count_until_they_end(void **state)
{
	struct usage *usage;

	(void)state;
	put("proc/4241/task/4241/children", "4242 4243 ");
	put("proc/4243/task/4243/children", "4244 ");
	put_process(QEMU, 10, 77, 'S');
	put_process(4243, 1, 78, 'S');
	put_process(4244, 2, 79, 'S');
	usage = usage_new(".", QEMU, KEEPER, true);
	assert_true(usage_sample(usage, 5000, false));
	assert_int_equal(usage_figures(usage)->cpu_ms, 13000);
	/* Guest memory that a helper maps too is counted once. */
	assert_int_equal(usage_figures(usage)->resident, 100 * MIB);
	put_process(4244, 2.5, 79, 'S');
	put_process(4243, 1, 78, 'Z');
	assert_true(usage_sample(usage, 6000, false));
	assert_float_equal(usage_figures(usage)->cpu, 50, 0.01);
	assert_int_equal(usage_figures(usage)->cpu_ms, 12500);
	usage_free(usage);
}

static void counters_have_rates(void **state)
{
	struct usage *usage;

	(void)state;
	put_process(QEMU, 10, 77, 'S');
	assert_int_equal(mkdir("proc/4242/fd", 0700), 0);
	assert_int_equal(symlink("/dev/net/tun", "proc/4242/fd/9"), 0);
	assert_int_equal(symlink("/dev/net/tunnel", "proc/4242/fd/10"), 0);
	put("proc/4242/fdinfo/9", "pos:\t0\niff:\ttap7\n");
	put("proc/4242/fdinfo/10", "pos:\t0\niff:\ttap8\n");
	put("sys/class/net/tap7/statistics/rx_bytes", "%llu\n", 500ULL);
	put("sys/class/net/tap7/statistics/tx_bytes", "%llu\n", 7000ULL);
	put("proc/4242/io", "read_bytes: 4096\nwrite_bytes: 0\n");
	usage = usage_new(".", QEMU, 0, true);
	assert_true(usage_sample(usage, 5000, true));
	assert_int_equal(total(usage, USAGE_DISK_READ), 4096);
	assert_int_equal(total(usage, USAGE_NET_RECEIVED), 7000);
	assert_int_equal(total(usage, USAGE_NET_SENT), 500);
	assert_int_equal(rate(usage, USAGE_DISK_READ), USAGE_UNKNOWN);
	put("proc/4242/io", "read_bytes: 4096\nwrite_bytes: 3000\n");
	put("sys/class/net/tap7/statistics/tx_bytes", "%llu\n", 8000ULL);
	assert_true(usage_sample(usage, 5500, false));
	assert_int_equal(total(usage, USAGE_DISK_WRITTEN), 0);
	assert_true(usage_sample(usage, 7000, true));
	assert_int_equal(rate(usage, USAGE_DISK_READ), 0);
	assert_int_equal(rate(usage, USAGE_DISK_WRITTEN), 1500);
	assert_int_equal(rate(usage, USAGE_NET_RECEIVED), 500);
	/* An interface that is gone, and one that was created again. */
	put("sys/class/net/tap7/statistics/tx_bytes", "%llu\n", 5ULL);
	assert_true(usage_sample(usage, 8000, true));
	assert_int_equal(rate(usage, USAGE_NET_RECEIVED), USAGE_UNKNOWN);
	put("sys/class/net/tap7/statistics/tx_bytes", "gone");
	assert_true(usage_sample(usage, 9000, true));
	assert_int_equal(total(usage, USAGE_NET_RECEIVED), USAGE_UNKNOWN);
	assert_int_equal(total(usage, USAGE_NET_SENT), USAGE_UNKNOWN);
	usage_free(usage);
}

static void without_an_interface_the_network_is_unknown(void **state)
{
	struct usage *usage = usage_new(".", QEMU, 0, false);

	(void)state;
	put_process(QEMU, 10, 77, 'S');
	assert_true(usage_sample(usage, 5000, true));
	for (int i = 0; i < USAGE_COUNTERS; i++)
		assert_int_equal(total(usage, (enum usage_counter)i), USAGE_UNKNOWN);
	usage_free(usage);
}

static void memory_is_shared_out(void **state)
{
	struct usage *usage;

	(void)state;
	put("proc/4241/task/4241/children", "4242 4243 ");
	put_process(QEMU, 10, 77, 'S');
	put("proc/4242/smaps_rollup", "0-1 [rollup]\nRss: 300 kB\nPss: 200 kB\n");
	usage = usage_new(".", QEMU, KEEPER, false);
	assert_int_equal(usage_memory_exact(usage), 200 * 1024);
	put("proc/4243/smaps_rollup", "0-1 [rollup]\nRss: 300 kB\nPss: 50 kB\n");
	assert_int_equal(usage_memory_exact(usage), 250 * 1024);
	put("proc/4242/smaps_rollup", "0-1 [rollup]\n");
	assert_int_equal(usage_memory_exact(usage), USAGE_UNKNOWN);
	usage_free(usage);
}

static void the_host_and_its_neighbours_are_read(void **state)
{
	char address[16];

	(void)state;
	assert_int_equal(usage_host_memory("."), 0);
	assert_false(usage_guest_address(".", "52:54:00:00:00:01", address));
	put("proc/meminfo", "MemTotal:       32768000 kB\nMemFree: 1 kB\n");
	put("proc/net/arp", "IP address HW type Flags HW address Mask Device\n10.0.0.7 0x1 0x2 52:54:00:00:00:01 * br0\n");
	assert_int_equal(usage_host_memory("."), 32768000ULL * 1024);
	assert_true(usage_guest_address(".", "52:54:00:00:00:01", address));
	assert_string_equal(address, "10.0.0.7");
}

/* What this kernel writes is read too: a child that has computed has had a CPU. */
static void a_real_process_is_read(void **state)
{
	pid_t child = fork();
	struct usage *usage;
	int status;

	(void)state;
	if (child == 0) {
		while (clock() < CLOCKS_PER_SEC / 20)
			;
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	usage = usage_new("", child, 0, true);
	assert_true(usage_sample(usage, 1000, true));
	assert_in_range(usage_figures(usage)->cpu_ms, 20, 60000);
	assert_in_range(usage_figures(usage)->resident, 4096, 1ULL << 40);
	assert_true(usage_sample(usage, 2000, true));
	assert_float_equal(usage_figures(usage)->cpu, 0, 0.01);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(usage_sample(usage, 3000, true));
	usage_free(usage);
}

int main(void)
{
#define in_scratch(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)
	const struct CMUnitTest tests[] = {
		in_scratch(two_samples_make_a_figure),
		in_scratch(whoever_has_the_pid_by_now_is_not_counted),
		in_scratch(what_has_ended_is_gone),
		in_scratch(helpers_count_until_they_end),
		in_scratch(counters_have_rates),
		in_scratch(without_an_interface_the_network_is_unknown),
		in_scratch(memory_is_shared_out),
		in_scratch(the_host_and_its_neighbours_are_read),
		in_scratch(a_real_process_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
