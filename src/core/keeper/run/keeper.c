/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/keeper.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/clients/serve.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/logout.h"
#include "core/keeper/run/plan_runner.h"
#include "core/keeper/run/process.h"
#include "core/keeper/run/qemu_process.h"
#include "core/keeper/run/qmp_forward.h"
#include "core/keeper/run/run_events.h"
#include "core/keeper/run/started.h"
#include "core/keeper/run/vm_locks.h"
#include "core/keeper/stream/initramfs.h"
#include "core/keeper/stream/log.h"
#include "core/keeper/stream/ring.h"
#include "core/terminal/terminal.h"
#include "core/qemu/plan/plan_bytes.h"
#include "core/qemu/plan/plan_data.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAN_MAX (96 * 1024 * 1024)	/* allows for 64 MiB of metadata */
#define LOG_MS 1000		/* delay until console bytes are written to the log */

/* Until a client says how large its terminal is: what a guest on a serial line assumes. */
#define SCREEN_ROWS 24
#define SCREEN_COLUMNS 80

struct keeper {
	struct loop *loop;
	const struct record_io *io;
	const struct keeper_timeouts *timeouts;

	struct loop_watch *plan_watch;
	struct str plan_bytes;
	bool starter_gone;
	unsigned initramfs;		/* state of initramfs_seen */
	struct plan plan;
	struct vm_locks *locks;

	struct ring *ring;
	struct terminal *screen;	/* of the guest's console; answers its questions */
	struct log *log;		/* NULL until the state directory is locked */
	struct loop_timer *log_timer;
	struct serve *serve;
	struct plan_runner *runner;
	struct qemu_process *qemu;

	struct keeper_state state;
	struct run_events events;
	struct last_run run;
	bool monitor_lost;		/* before it answered, so the start has failed */
	bool terminating;		/* by SIGTERM: press the power button, then quit */
	bool ending;			/* the VM has ended; clients still receive the rest */
	struct loop_timer *grace;	/* time for the guest to react */
	struct loop_timer *flush;
	uint64_t flushed;
};

static void publish(struct keeper *keeper)
{
	keeper->state.clients = serve_consoles(keeper->serve);
	serve_state(keeper->serve, &keeper->state);
}

/* A client may start the VM again as soon as it receives the end, so everything must be released first. */
static void helpers_ended(void *data)
{
	struct keeper *keeper = data;
	struct keeper_end end = last_run_end(&keeper->run);

	log_free(keeper->log);
	keeper->log = NULL;
	vm_locks_free(keeper->locks);
	keeper->locks = NULL;
	serve_end(keeper->serve, &end);
	loop_timer_arm(keeper->flush, keeper->timeouts->flush);
}

static void end(struct keeper *keeper)
{
	struct error err;

	if (keeper->ending)
		return;
	keeper->ending = true;
	loop_timer_disarm(keeper->grace);
	loop_timer_disarm(keeper->log_timer);
	loop_unwatch(keeper->plan_watch);
	keeper->plan_watch = NULL;
	keeper->run.ended = time(NULL);
	if (keeper->locks && vm_locks_complete(keeper->locks) &&
	    !last_run_write(keeper->io, keeper->plan.state_absolute, &keeper->run, &err))
		serve_notice(keeper->serve, err.text);
	if (keeper->runner)
		plan_runner_stop_helpers(keeper->runner);
	else
		helpers_ended(keeper);
}

static void fail(struct keeper *keeper, const char *reason, const struct error *err)
{
	last_run_reason(&keeper->run, reason);
	last_run_error(&keeper->run, err->text);
	end(keeper);
}

static void flush_over(void *data)
{
	struct keeper *keeper = data;
	uint64_t sent = serve_sent(keeper->serve);

	/* Clients may read slowly, but must not stop reading. */
	if (sent != keeper->flushed)
		loop_timer_arm(keeper->flush, keeper->timeouts->flush);
	else
		serve_drop_all(keeper->serve);
	keeper->flushed = sent;
}

static void before_poll(void *data)
{
	struct keeper *keeper = data;

	if (keeper->ending && !keeper->locks && serve_done(keeper->serve))
		loop_quit(keeper->loop, 0);
}

static void quit_machine(struct keeper *keeper)
{
	struct error err;

	if (!keeper->qemu) {
		if (keeper->runner)
			plan_runner_cancel(keeper->runner);
		error_set(&err, "stopped before QEMU was started");
		fail(keeper, "cancelled", &err);
	} else if (qemu_process_answers(keeper->qemu)) {
		qemu_process_execute(keeper->qemu, "quit", NULL, NULL, NULL);
	} else {
		qemu_process_signal(keeper->qemu, SIGTERM);
	}
}

static void act(struct keeper *keeper, unsigned actions)
{
	if (actions & VM_DO_POWERDOWN && qemu_process_answers(keeper->qemu))
		qemu_process_execute(keeper->qemu, "system_powerdown", NULL, NULL, NULL);
	if (actions & VM_DO_KILL && keeper->qemu)
		qemu_process_signal(keeper->qemu, SIGKILL);
	if (actions & VM_DO_ARM) {
		keeper->state.unresponsive = false;
		loop_timer_arm(keeper->grace, keeper->terminating ? keeper->timeouts->quit : keeper->timeouts->react);
	}
	if (actions & VM_DO_DISARM)
		loop_timer_disarm(keeper->grace);
	if (actions & VM_DO_TELL)
		keeper->state.unresponsive = true;
	if (actions & VM_DO_QUIT || (actions & VM_DO_KILL && !keeper->qemu))
		quit_machine(keeper);
}

static void step(struct keeper *keeper, enum vm_event event)
{
	struct vm_step step = lifecycle_step(keeper->state.phase, event);

	keeper->state.phase = step.phase;
	act(keeper, step.actions);
	if (!keeper->ending)
		publish(keeper);
}

static void grace_over(void *data)
{
	struct keeper *keeper = data;

	step(keeper, VM_SAW_TIMEOUT);
	if (keeper->terminating && !keeper->ending) {
		keeper->terminating = false;
		step(keeper, VM_WANT_QUIT);
	}
}

static void terminated(void *data, int signo)
{
	struct keeper *keeper = data;

	(void)signo;
	if (keeper->ending) {
		serve_drop_all(keeper->serve);
		return;
	}
	/* The second request does not wait for the guest. */
	if (keeper->terminating) {
		step(keeper, VM_WANT_QUIT);
		return;
	}
	keeper->terminating = true;
	keeper->run.asked_by = "signal";
	step(keeper, VM_WANT_STOP);
}

/* Only once the plan has arrived, which has ends_with_starter. */
static void end_with_starter(struct keeper *keeper)
{
	if (!keeper->starter_gone || !keeper->plan.ends_with_starter || keeper->ending || keeper->terminating)
		return;
	keeper->terminating = true;
	keeper->run.asked_by = "client";
	step(keeper, VM_WANT_STOP);
}

static void starter_gone(void *data)
{
	struct keeper *keeper = data;

	keeper->starter_gone = true;
	end_with_starter(keeper);
}

static void console(void *data, const void *bytes, size_t len)
{
	struct keeper *keeper = data;

	if (initramfs_seen(&keeper->initramfs, bytes, len, &keeper->plan))
		serve_notice(keeper->serve, INITRAMFS_NOTICE);
	ring_add(keeper->ring, bytes, len);
	if (keeper->log)
		log_add(keeper->log, bytes, len);
	terminal_write(keeper->screen, bytes, len);
}

static void on_answer(void *data, const void *bytes, size_t len)
{
	struct keeper *keeper = data;

	serve_answer(keeper->serve, bytes, len);
}

static const struct terminal_events screen_events = { .answer = on_answer };

static int64_t log_size_now(void *data)
{
	struct keeper *keeper = data;

	if (!keeper->log)
		return -1;
	log_flush(keeper->log);
	return log_size(keeper->log);
}

static void flush_log(void *data)
{
	struct keeper *keeper = data;

	log_flush(keeper->log);
}

static void on_notice(void *data, const char *text)
{
	struct keeper *keeper = data;

	serve_notice(keeper->serve, text);
}

static unsigned on_output_idle(void *data)
{
	struct keeper *keeper = data;

	serve_console(keeper->serve);
	if (keeper->log && log_pending(keeper->log) > 0 && !loop_timer_armed(keeper->log_timer))
		loop_timer_arm(keeper->log_timer, LOG_MS);
	return serve_throttle_ms(keeper->serve, loop_now());
}

static void on_writable(void *data)
{
	struct keeper *keeper = data;

	serve_input_accepted(keeper->serve);
}

static void events_changed(void *data)
{
	struct keeper *keeper = data;

	run_events_show(&keeper->events, &keeper->state);
	if (!keeper->ending)
		publish(keeper);
}

static void qemu_ready(void *data)
{
	struct keeper *keeper = data;

	step(keeper, VM_SAW_READY);
	run_events_ready(&keeper->events, keeper->qemu);
}

static void qemu_event(void *data, const char *name, const char *detail)
{
	struct keeper *keeper = data;

	serve_event(keeper->serve, name, detail);
	run_events_take(&keeper->events, name, detail);
}

static void qemu_deaf(void *data, const char *why)
{
	struct keeper *keeper = data;
	struct error err;

	/* Such a VM could not be controlled, and its start has not been reported yet. */
	if (keeper->state.phase == VM_STARTING) {
		keeper->monitor_lost = true;
		error_set(&err, "%s before it answered", why);
		last_run_error(&keeper->run, err.text);
		step(keeper, VM_WANT_QUIT);
		return;
	}
	error_set(&err, "%s; the VM keeps running, but can only be quit or killed", why);
	serve_notice(keeper->serve, err.text);
}

static void qemu_ended(void *data, int status)
{
	struct keeper *keeper = data;
	bool clean = last_run_status(&keeper->run, status, keeper->events.panicked);

	last_run_words(&keeper->run, qemu_process_stderr(keeper->qemu));
	run_events_end(&keeper->events, keeper->screen, keeper->ring);
	if (keeper->monitor_lost)
		last_run_reason(&keeper->run, "failed");
	else if (!clean && !text_equal(keeper->run.reason, "killed"))
		last_run_stderr(&keeper->run, qemu_process_stderr(keeper->qemu));
	/* QEMU itself would only report a lost connection. */
	if (keeper->run.exit && plan_runner_helper_error(keeper->runner))
		last_run_error(&keeper->run, plan_runner_helper_error(keeper->runner));
	keeper->state.phase = lifecycle_step(keeper->state.phase, clean ? VM_SAW_EXIT : VM_SAW_DEATH).phase;
	end(keeper);
}

static const struct qemu_process_events qemu_process_events = {
	.console = console, .output_idle = on_output_idle, .writable = on_writable,
	.ready = qemu_ready, .event = qemu_event, .deaf = qemu_deaf, .ended = qemu_ended,
};

static void start_machine(struct keeper *keeper)
{
	struct error err;

	serve_step(keeper->serve, "");
	if (!vm_locks_trusts(keeper->locks, &err)) {
		fail(keeper, "not-started", &err);
		return;
	}
	keeper->log = log_new(keeper->plan.state_absolute, on_notice, keeper);
	keeper->run.started = time(NULL);
	keeper->qemu = qemu_process_start(keeper->loop, &keeper->plan, vm_locks_lock_fd(keeper->locks), &qemu_process_events,
	                                  keeper, &err);
	if (!keeper->qemu) {
		error_prefix(&err, "cannot start QEMU");
		fail(keeper, "not-started", &err);
		return;
	}
	keeper->run.ran = true;
	/* If this keeper is killed, the record of the previous run must not be mistaken for this run. */
	last_run_forget(keeper->plan.state_absolute);
	(void)last_run_write(keeper->io, keeper->plan.state_absolute, &keeper->run, &err);
	keeper->state.pid = qemu_process_pid(keeper->qemu);
	keeper->state.started = keeper->run.started;
	publish(keeper);
	serve_input_accepted(keeper->serve);
}

static void plan_step_begins(void *data, const char *what)
{
	struct keeper *keeper = data;

	serve_step(keeper->serve, what);
}

static void on_steps_done(void *data, const struct error *err)
{
	struct keeper *keeper = data;

	plan_forget_data(&keeper->plan);
	if (err)
		fail(keeper, "not-started", err);
	else
		start_machine(keeper);
}

static const struct plan_runner_events plan_runner_events = {
	.step = plan_step_begins, .done = on_steps_done, .helper_died = on_notice, .helpers_ended = helpers_ended,
};

/* Both locks are held: register the VM and begin the steps. */
static void on_locks_taken(void *data, const struct error *err)
{
	struct keeper *keeper = data;
	struct error reason;
	int listener = err ? -1 : vm_locks_publish(keeper->locks, &reason);
	char *warning;

	if (listener < 0) {
		fail(keeper, "not-started", err ? err : &reason);
		return;
	}
	serve_listen(keeper->serve, listener);
	warning = logout_warning("");
	if (warning)
		serve_notice(keeper->serve, warning);
	free(warning);
	keeper->runner = plan_runner_new(keeper->loop, &keeper->plan, &plan_runner_events, keeper);
	plan_runner_helper_wait(keeper->runner, keeper->timeouts->helper);
	plan_runner_begin(keeper->runner);
}

static void begin(struct keeper *keeper)
{
	struct plan *plan = &keeper->plan;
	struct error err;

	keeper->run.started = time(NULL);
	if (!plan_read(keeper->plan_bytes.text, keeper->plan_bytes.len, plan, &err) || !plan_complete(plan, &err)) {
		fail(keeper, "not-started", &err);
		return;
	}
	str_finish(&keeper->plan_bytes);
	snprintf(keeper->state.uuid, sizeof(keeper->state.uuid), "%s", plan->uuid);
	keeper->state.name = plan->name;
	publish(keeper);
	if (chdir(plan->cwd) < 0) {
		error_errno(&err, "%s", plan->cwd);
		fail(keeper, "not-started", &err);
		return;
	}
	keeper->locks = vm_locks_new(keeper->loop, keeper->io, plan, on_locks_taken, keeper);
	vm_locks_begin(keeper->locks, keeper->timeouts->lock);
	end_with_starter(keeper);
}

static void plan_ready(void *data, int fd, short revents)
{
	struct keeper *keeper = data;
	char buf[16 * 1024];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && keeper->plan_bytes.len < PLAN_MAX) {
		str_add(&keeper->plan_bytes, buf, (size_t)n);
		explicit_bzero(buf, (size_t)n);
		return;
	}
	loop_unwatch(keeper->plan_watch);
	keeper->plan_watch = NULL;
	close(fd);
	begin(keeper);
}

static void command(void *data, unsigned peer, unsigned id, enum keeper_command command)
{
	static const enum vm_event wants[] = {
		[KEEPER_POWERDOWN] = VM_WANT_STOP, [KEEPER_QUIT] = VM_WANT_QUIT, [KEEPER_KILL] = VM_WANT_KILL,
	};
	struct keeper *keeper = data;

	if (keeper->ending) {
		serve_reply(keeper->serve, peer, id, "the VM has ended");
	} else if (command == KEEPER_RESET) {
		forward(keeper->serve, keeper->qemu, "system_reset", NULL, peer, id, false, NULL);
	} else if (command == KEEPER_PAUSE) {
		forward(keeper->serve, keeper->qemu, "stop", NULL, peer, id, false, NULL);
	} else if (command == KEEPER_RESUME) {
		forward(keeper->serve, keeper->qemu, "cont", NULL, peer, id, false, NULL);
	} else {
		keeper->run.asked_by = keeper_command_name(command);
		serve_reply(keeper->serve, peer, id, NULL);
		step(keeper, wants[command]);
	}
}

static void qmp(void *data, unsigned peer, unsigned id, bool to_agent, const char *command, const char *arguments)
{
	struct keeper *keeper = data;

	if (keeper->ending)
		serve_reply(keeper->serve, peer, id, "the VM has ended");
	else if (to_agent)
		forward_to_agent(keeper->serve, keeper->qemu, command, arguments, peer, id);
	else
		forward(keeper->serve, keeper->qemu, command, arguments, peer, id, true, &keeper->events);
}

static void setting(void *data, unsigned peer, unsigned id, const char *key, enum setting_action action, const char *value)
{
	struct keeper *keeper = data;
	struct error err;

	if (keeper->ending || !keeper->qemu) {
		serve_reply(keeper->serve, peer, id, keeper->ending ? "the VM has ended" : "QEMU does not answer yet");
	} else if (!started_change(&keeper->plan, key, action, value, &err) || !started_write(keeper->io, &keeper->plan, &err)) {
		serve_reply(keeper->serve, peer, id, err.text);
	} else {
		keeper->state.changes++;
		publish(keeper);
		serve_reply(keeper->serve, peer, id, NULL);
	}
}

static size_t on_typed(void *data, const void *bytes, size_t len)
{
	struct keeper *keeper = data;

	if (keeper->ending)
		return len;
	/* Before QEMU runs, input is kept for its firmware. */
	return keeper->qemu ? qemu_process_type(keeper->qemu, bytes, len) : 0;
}

static void consoles(void *data)
{
	struct keeper *keeper = data;

	if (!keeper->ending && keeper->plan.name)
		publish(keeper);
}

static const struct serve_events serve_events = {
	.type = on_typed, .command = command, .qmp = qmp, .setting = setting, .log_size = log_size_now, .consoles = consoles, .first_gone = starter_gone,
};

int keeper_main_with_timeouts(const struct record_io *io, const struct keeper_timeouts *timeouts)
{
	struct keeper keeper = { .io = io, .timeouts = timeouts };
	struct error err;
	int status = 1;

	if (!process_detach(KEEPER_WORD))
		return 2;
	keeper.loop = loop_new();
	if (loop_signal(keeper.loop, SIGTERM, terminated, &keeper, &err)) {
		/* Set at once, so that a request to stop is handled even before the plan arrives. */
		keeper.state.phase = lifecycle_step(VM_OFF, VM_WANT_START).phase;
		keeper.ring = ring_new();
		keeper.screen = terminal_new(SCREEN_ROWS, SCREEN_COLUMNS, 0, &screen_events, &keeper);
		terminal_answers(keeper.screen, true);
		keeper.serve = serve_new(keeper.loop, keeper.ring, keeper.screen, &serve_events, &keeper);
		keeper.grace = loop_timer(keeper.loop, grace_over, &keeper);
		keeper.flush = loop_timer(keeper.loop, flush_over, &keeper);
		keeper.log_timer = loop_timer(keeper.loop, flush_log, &keeper);
		keeper.events = (struct run_events){ .changed = events_changed, .notice = on_notice, .data = &keeper, .run = &keeper.run,
		                                    .reset_apart = timeouts->reset_apart };
		run_events_init(&keeper.events, keeper.loop);
		loop_idle(keeper.loop, before_poll, &keeper);
		str_init_secret(&keeper.plan_bytes);
		serve_add(keeper.serve, KEEPER_CLIENT_FD);
		keeper.plan_watch = loop_watch(keeper.loop, KEEPER_PLAN_FD, POLLIN, plan_ready, &keeper);
		status = loop_run(keeper.loop);
	}
	qemu_process_free(keeper.qemu);
	plan_runner_free(keeper.runner);
	log_free(keeper.log);
	vm_locks_free(keeper.locks);
	serve_free(keeper.serve);
	ring_free(keeper.ring);
	terminal_free(keeper.screen);
	loop_timer_free(keeper.grace);
	loop_timer_free(keeper.flush);
	loop_timer_free(keeper.log_timer);
	run_events_finish(&keeper.events);
	loop_unwatch(keeper.plan_watch);
	loop_free(keeper.loop);
	str_finish(&keeper.plan_bytes);
	plan_finish(&keeper.plan);
	return status;
}

int keeper_main(const struct record_io *io)
{
	static const struct keeper_timeouts timeouts = {
		.lock = 2000, .helper = 10000, .react = 30000, .quit = 20000, .flush = 10000, .reset_apart = 1000,
	};

	return keeper_main_with_timeouts(io, &timeouts);
}
