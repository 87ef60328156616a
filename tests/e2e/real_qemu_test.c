/* SPDX-License-Identifier: MIT */
/*
 * Every case of tests/golden/argv/ that is marked real_qemu, shown to a real
 * QEMU: the plan's steps are carried out, QEMU gets the plan's whole argv and
 * -S, builds its qemu, tells where its drives are, and is ended by QMP's
 * quit. A few at a time.
 */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/run/plan_runner.h"
#include "core/keeper/run/qemu_process.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "fake/argv_case.h"

#include <fcntl.h>
#include <jansson.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SECONDS_EACH 60
#define MANY 16			/* at a time, at most */

enum outcome { TAKEN, REFUSED, NOT_HERE };

/* ---- one case, in a process of its own ---- */

struct attempt {
	struct argv_case run;
	struct loop *loop;
	struct plan_runner *runner;
	struct qemu_process *qemu;
	bool answered;
	enum outcome outcome;
	char why[1200];
};

static void end_with(struct attempt *attempt, enum outcome outcome, const char *why)
{
	attempt->outcome = outcome;
	if (!*attempt->why)
		snprintf(attempt->why, sizeof(attempt->why), "%s", why);
	loop_quit(attempt->loop, 0);
}

/* A drive that no device has is one that the guest never sees. */
static const char *unattached(const json_t *blocks)
{
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block) {
		if (json_object_get(block, "inserted") && !json_object_get(block, "qdev"))
			return json_string_value(json_object_get(block, "device"));
	}
	return NULL;
}

static void on_blocks(void *data, const char *result, const char *error)
{
	struct attempt *attempt = data;
	json_t *blocks = json_loads(result ? result : "", 0, NULL);
	const char *name = blocks ? unattached(blocks) : "";

	attempt->answered = result && blocks && !name;
	if (name)
		snprintf(attempt->why, sizeof(attempt->why), "%s%s is attached to nothing", error ? error : "", name);
	json_decref(blocks);
	qemu_process_execute(attempt->qemu, "quit", NULL, NULL, NULL);
}

static void on_ready(void *data)
{
	struct attempt *attempt = data;

	qemu_process_execute(attempt->qemu, "query-block", NULL, on_blocks, attempt);
}

static void on_ended(void *data, int status)
{
	struct attempt *attempt = data;
	bool good = attempt->answered && WIFEXITED(status) && WEXITSTATUS(status) == 0;

	end_with(attempt, good ? TAKEN : REFUSED, qemu_process_stderr(attempt->qemu));
	plan_runner_stop_helpers(attempt->runner);
}

static void on_bytes(void *data, const void *bytes, size_t len)
{
	(void)data, (void)bytes, (void)len;
}

static unsigned on_output_idle(void *data)
{
	(void)data;
	return 0;
}

static void on_nothing(void *data)
{
	(void)data;
}

static void on_event(void *data, const char *name, const char *detail)
{
	(void)data, (void)name, (void)detail;
}

static void on_carried(void *data, const struct error *failed)
{
	static const struct qemu_process_events events = {
		.console = on_bytes, .output_idle = on_output_idle, .writable = on_nothing,
		.ready = on_ready, .event = on_event, .ended = on_ended,
	};
	struct attempt *attempt = data;
	int lock = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct error err;

	if (failed) {
		end_with(attempt, REFUSED, failed->text);
		return;
	}
	attempt->qemu = qemu_process_start(attempt->loop, &attempt->run.plan, lock, &events, attempt, &err);
	close(lock);
	if (!attempt->qemu)
		end_with(attempt, REFUSED, err.text);
}

static void on_step(void *data, const char *what)
{
	(void)data, (void)what;
}

static void on_helper_died(void *data, const char *why)
{
	end_with(data, REFUSED, why);
}

static void start_it(struct attempt *attempt)
{
	static const struct plan_runner_events events = {
		.step = on_step, .done = on_carried, .helper_died = on_helper_died, .helpers_ended = on_nothing,
	};

	attempt->loop = loop_new();
	attempt->runner = plan_runner_new(attempt->loop, &attempt->run.plan, &events, attempt);
	attempt->outcome = NOT_HERE;
	plan_runner_begin(attempt->runner);
	loop_run(attempt->loop);
	qemu_process_free(attempt->qemu);
	plan_runner_free(attempt->runner);
	loop_free(attempt->loop);
}

/* Ports that are published are then nobody else's. Where that is not allowed, they had better be free. */
static void own_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		perror("lo");
	close(fd);
}

/* QEMU tries KVM where it is named, and does not survive that on hosts where it opens and does not work. */
static bool names_kvm(const struct plan *plan)
{
	for (size_t i = 1; i < plan->arg_count; i++)
		if (!strcmp(plan->args[i - 1].text, "-machine") && strstr(plan->args[i].text, "accel=kvm"))
			return true;
	return false;
}

/* A daemon that changes its root, a tap, a port below 1024. */
static bool needs_root(const struct argv_case *run)
{
	const char *network = vm_config_get(&run->config, SET_NETWORK);
	const struct strv *ports = &run->config.value[SET_PUBLISH];
	bool low = false;

	for (size_t i = 0; i < ports->count; i++) {
		struct vm_port port;
		struct error ignored;

		low |= vm_port_parse(ports->items[i], &port, &ignored) && port.host < 1024;
	}
	return low || vm_config_get(&run->config, SET_SHARE) || (network && text_starts(network, "tap,"));
}

static const char *missing_here(const struct argv_case *run)
{
	if (geteuid() != 0 && needs_root(run))
		return "root";
	if (!run->facts.qemu)
		return run->plan.args[0].text;
	if (run->plan.steps && !run->facts.virtiofsd && vm_config_get(&run->config, SET_SHARE))
		return "virtiofsd";
	if (!run->facts.firmware_count && vm_config_get(&run->config, SET_UEFI) && argv_case_stops(run))
		return "UEFI firmware";
	return !run->facts.kvm_usable && names_kvm(&run->plan) ? "KVM" : NULL;
}

static void refusal(const struct argv_case *run, char *why, size_t size)
{
	snprintf(why, size, "paddock itself refuses: %s", run->refused ? run->refused : "");
	for (size_t i = 0; i < run->problems.count; i++)
		if (run->problems.items[i].severity != PROBLEM_WARNING)
			snprintf(why, size, "paddock itself refuses: %s", run->problems.items[i].text);
}

static int try_case(const struct scene *scene)
{
	struct attempt attempt = { .outcome = REFUSED };
	const char *missing;

	alarm(SECONDS_EACH);
	own_network();
	argv_case_play(&attempt.run, scene, ARGV_HOST_REAL);
	missing = attempt.run.refused ? NULL : missing_here(&attempt.run);
	if (missing) {
		attempt.outcome = getenv("CI") && text_starts(missing, "qemu-") ? REFUSED : NOT_HERE;
		snprintf(attempt.why, sizeof(attempt.why), "%s is not here", missing);
	} else if (argv_case_stops(&attempt.run)) {
		refusal(&attempt.run, attempt.why, sizeof(attempt.why));
	} else {
		start_it(&attempt);
	}
	if (attempt.outcome != TAKEN)
		fprintf(stderr, "%s %s: %s\n", attempt.outcome == REFUSED ? "refused" : "skipped", scene->name, attempt.why);
	argv_case_finish(&attempt.run);
	return attempt.outcome;
}

/* ---- all of them ---- */

struct tally {
	unsigned running, tried, taken, not_here;
};

static struct tally *tally_of_test(void)
{
	static struct tally tally;

	return &tally;
}

static void reap_one(struct tally *tally)
{
	int status;

	if (wait(&status) < 0)
		return;
	tally->running--;
	tally->taken += WIFEXITED(status) && WEXITSTATUS(status) == TAKEN;
	tally->not_here += WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE;
}

static unsigned at_a_time(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors < 2 ? 2 : processors > MANY ? MANY : (unsigned)processors;
}

static unsigned try_file(const char *path)
{
	struct tally *tally = tally_of_test();
	struct scenes scenes;

	scenes_read(path, &scenes);
	for (size_t i = 0; i < scenes.count; i++) {
		if (!argv_case_has(&scenes.items[i], "real_qemu"))
			continue;
		if (tally->running == at_a_time())
			reap_one(tally);
		tally->tried++;
		tally->running++;
		fflush(NULL);
		switch (fork()) {
		case -1:
			fail_msg("cannot fork");
			break;
		case 0:
			_exit(try_case(&scenes.items[i]));
		}
	}
	scenes_finish(&scenes);
	return 0;
}

static void try_all(const char *which)
{
	struct tally *tally = tally_of_test();

	*tally = (struct tally){ 0 };
	argv_case_files(which, try_file);
	while (tally->running > 0)
		reap_one(tally);
	print_message("%u tried, %u taken, %u not possible here\n", tally->tried, tally->taken, tally->not_here);
	assert_int_equal(tally->taken + tally->not_here, tally->tried);
	assert_true(tally->tried > 0);
	if (tally->taken == 0)
		skip();
}

static void a_real_qemu_takes_what_it_took_from_the_reference(void **state)
{
	(void)state;
	try_all("recorded");
}

static void a_real_qemu_takes_what_we_decided(void **state)
{
	(void)state;
	try_all("decided");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_qemu_takes_what_it_took_from_the_reference),
		cmocka_unit_test(a_real_qemu_takes_what_we_decided),
	};

	return cmocka_run_group_tests_name("real_qemu", tests, NULL, NULL);
}
