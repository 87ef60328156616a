/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_run.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/jobs/job.h"
#include "core/jobs/job_list.h"
#include "core/jobs/job_made.h"
#include "core/jobs/job_progress.h"
#include "core/keeper/run/process.h"
#include "core/keeper/run/state_lock.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/formats.h"
#include "core/qemu/host/probe.h"
#include "core/vm/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOB_LIMIT (1024 * 1024)		/* bytes of a job */
#define WORDS_MAX 4096			/* of a program's messages; the rest is dropped */
#define PUBLISH_MS 1000			/* between two records of progress */
#define LOCK_FD 3			/* of a program: the lock of the job, so that nothing is cleaned up under it */

struct runner {
	struct loop *loop;
	const struct record_io *io;
	struct store *store;
	struct job job;
	struct job_entry entry;
	struct job_claim *claim;
	int *locks;			/* of the state directories */
	size_t lock_count;
	int made_lock;			/* of the new directory; -1: there is none */
	size_t at;			/* the step */
	uint64_t before, total;		/* bytes: of the steps that are done, of all */
	struct job_progress progress;
	struct loop_child *child;
	struct loop_watch *out_watch, *err_watch;
	int out, err;			/* of the program */
	struct str words;		/* that it wrote to err */
	struct loop_timer *publish;
	bool stale;			/* the record is older than the progress */
	bool cancelled;
	bool ended;
	int status;			/* of this process, once it has ended */
};

/* Whoever started the job may have gone, or not read. */
static void tell(const char *line, size_t len)
{
	(void)!write(KEEPER_CLIENT_FD, line, len);
}

static void tell_progress(const struct runner *run)
{
	struct str line;

	str_init(&line);
	str_addf(&line, "P %u %s\n", run->entry.percent, run->entry.step);
	tell(line.text, line.len);
	str_finish(&line);
}

/* At most once a second. A record that cannot be written is only old. */
static void publish(void *data)
{
	struct runner *run = data;
	struct error ignored;

	if (loop_timer_armed(run->publish)) {
		run->stale = true;
		return;
	}
	run->stale = false;
	(void)job_claim_publish(run->claim, run->io, &run->entry, &ignored);
	loop_timer_arm(run->publish, PUBLISH_MS);
}

static void on_publish_time(void *data)
{
	struct runner *run = data;

	if (run->stale)
		publish(run);
}

static void show_progress(struct runner *run, unsigned of_step)
{
	const struct job_step *step = &run->job.steps[run->at];
	double done = (double)run->before + (double)step->size * of_step / 100;
	unsigned percent = (unsigned)(done * 100 / (double)run->total);

	if (percent == run->entry.percent && !strcmp(run->entry.step, step->what))
		return;
	run->entry.percent = percent > 100 ? 100 : percent;
	free(run->entry.step);
	run->entry.step = mem_strdup(step->what);
	tell_progress(run);
	publish(run);
}

static void finish(struct runner *run, enum job_state state, const struct error *err)
{
	struct error ignored;
	struct str line;

	/* Before anybody hears that it has ended, and may start one of the VMs. */
	if (run->made_lock >= 0)
		close(run->made_lock);
	run->made_lock = -1;
	/* Otherwise the record keeps saying that it runs, and the next paddock tries again. */
	if (state == JOB_DONE || job_made_remove(&run->entry)) {
		run->entry.state = state;
		run->entry.ended = time(NULL);
		if (state == JOB_DONE)
			run->entry.percent = 100;
		free(run->entry.error);
		run->entry.error = mem_strdup(err ? err->text : "");
		(void)job_claim_publish(run->claim, run->io, &run->entry, &ignored);
	}
	while (run->lock_count > 0)
		close(run->locks[--run->lock_count]);
	job_claim_release(run->claim);
	run->claim = NULL;
	str_init(&line);
	str_addf(&line, "%c%s%s\n", state == JOB_DONE ? 'D' : state == JOB_CANCELLED ? 'C' : 'E', err ? " " : "", err ? err->text : "");
	tell(line.text, line.len);
	str_finish(&line);
	run->ended = true;
	run->status = state == JOB_DONE ? 0 : 1;
}

/* The user asked for an image that refers to others; the profile's own check has allowed those of its own. */
static bool accept_chain(const struct job *job, const struct job_step *step, struct error *err)
{
	char *path = path_join(job->directory, step->file);
	struct host_facts facts = { 0 };
	const char *hash;
	bool good;

	probe_file(&facts, path, PROBE_CONTENT);
	probe_chain(&facts, path, NULL);
	hash = host_file(&facts, path)->chain_hash;
	good = !hash || formats_accept(path, hash, err);
	host_facts_finish(&facts);
	free(path);
	return good;
}

static bool save_profile(const struct runner *run, struct error *err)
{
	static const struct store_revision none = { 0 };
	struct store_revision now;

	switch (run->store->save(run->store, &run->job.profile, &none, &now, err)) {
	case STORE_OK:
		return true;
	case STORE_CHANGED:
		return error_set(err, "a profile named %s already exists", run->job.profile.name);
	default:
		return false;
	}
}

static void complete(struct runner *run)
{
	struct error err;
	bool good = !run->job.step_count || job_made_install(&run->entry, &err);

	for (size_t i = 0; i < run->job.step_count && good; i++)
		good = !run->job.steps[i].accept || accept_chain(&run->job, &run->job.steps[i], &err);
	good = good && save_profile(run, &err);
	finish(run, good ? JOB_DONE : JOB_FAILED, good ? NULL : &err);
}

static void end_program(struct runner *run)
{
	loop_unwatch(run->out_watch);
	loop_unwatch(run->err_watch);
	run->out_watch = run->err_watch = NULL;
	if (run->out >= 0)
		close(run->out);
	if (run->err >= 0)
		close(run->err);
	run->out = run->err = -1;
	run->child = NULL;
}

static void read_words(struct runner *run)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(run->err, buf, sizeof(buf))) > 0)
		str_add(&run->words, buf, (size_t)n < WORDS_MAX - run->words.len ? (size_t)n : WORDS_MAX - run->words.len);
	if (n == 0)
		loop_watch_events(run->err_watch, -1);
}

static void on_err(void *data, int fd, short revents)
{
	(void)fd;
	(void)revents;
	read_words(data);
}

static void on_out(void *data, int fd, short revents)
{
	struct runner *run = data;
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)revents;
	if (n > 0)
		show_progress(run, (unsigned)job_progress_feed(&run->progress, buf, (size_t)n));
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		loop_watch_events(run->out_watch, -1);
}

static void next_step(struct runner *run);

static void on_exit_status(void *data, pid_t pid, int status)
{
	struct runner *run = data;
	struct error err;
	char text[64];
	struct str line;

	(void)pid;
	read_words(run);
	end_program(run);
	if (run->cancelled) {
		finish(run, JOB_CANCELLED, NULL);
		return;
	}
	if (status == 0) {
		run->before += run->job.steps[run->at++].size;
		next_step(run);
		return;
	}
	str_init(&line);
	str_join_lines(run->words.text, &line);
	error_set(&err, "%s: %s", run->job.steps[run->at].what, line.len ? line.text : child_status_text(status, text, sizeof(text)));
	str_finish(&line);
	finish(run, JOB_FAILED, &err);
}

/* Reading ends of the program's output in *out and *err. */
static bool spawn(struct runner *run, struct error *err)
{
	const struct job_step *step = &run->job.steps[run->at];
	const struct child_fd extra = { job_claim_lock(run->claim), LOCK_FD };
	int out[2] = { -1, -1 }, words[2] = { -1, -1 };
	struct child_spec spec = { .path = step->argv.items[0], .argv = step->argv.items, .cwd = run->entry.hidden,
		                   .in = -1, .extra = &extra, .extra_count = 1, .death_signal = SIGKILL };
	pid_t pid = -1;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(words, O_CLOEXEC) < 0) {
		error_errno(err, "cannot create a pipe");
	} else {
		spec.out = out[1];
		spec.err = words[1];
		pid = child_spawn(&spec, err);
		fcntl(out[0], F_SETFL, O_NONBLOCK);
		fcntl(words[0], F_SETFL, O_NONBLOCK);
		run->out = out[0];
		run->err = words[0];
		run->out_watch = loop_watch(run->loop, run->out, POLLIN, on_out, run);
		run->err_watch = loop_watch(run->loop, run->err, POLLIN, on_err, run);
	}
	if (out[1] >= 0)
		close(out[1]);
	if (words[1] >= 0)
		close(words[1]);
	if (pid >= 0)
		run->child = loop_child(run->loop, pid, on_exit_status, run, err);
	return run->child != NULL;
}

static void next_step(struct runner *run)
{
	struct error err;

	if (run->at == run->job.step_count) {
		complete(run);
		return;
	}
	job_progress_init(&run->progress);
	str_clear(&run->words);
	show_progress(run, 0);
	if (!spawn(run, &err)) {
		end_program(run);
		finish(run, JOB_FAILED, &err);
	}
}

static void on_signal(void *data, int signo)
{
	struct runner *run = data;

	(void)signo;
	run->cancelled = true;
	if (run->child)
		loop_child_signal(run->child, SIGTERM);
}

static bool lock_states(struct runner *run, struct error *err)
{
	run->locks = mem_array(run->job.states.count, sizeof(*run->locks));
	for (size_t i = 0; i < run->job.states.count; i++) {
		const char *state = run->job.states.items[i];
		enum state_lock_outcome outcome = STATE_LOCK_FAILED;
		int lock = -1;

		if (path_make_dirs(state, 0700, err))
			outcome = state_lock(state, run->job.title, &lock, err);
		if (outcome == STATE_LOCK_HELD) {
			char *who = state_holder(state);

			error_set(err, "the state directory %s is in use by %s", state, who ? who : "another process");
			free(who);
		}
		if (outcome != STATE_LOCK_TAKEN)
			return false;
		run->locks[run->lock_count++] = lock;
	}
	return true;
}

static void describe(struct runner *run)
{
	const struct job *job = &run->job;
	struct job_entry *entry = &run->entry;

	entry->state = JOB_RUNNING;
	entry->title = mem_strdup(job->title);
	entry->vm = mem_strdup(job->vm);
	entry->step = mem_strdup("");
	entry->error = mem_strdup("");
	entry->uuid = mem_strdup(vm_config_get(&job->profile, SET_UUID));
	entry->profile = mem_strdup(job->profile.name);
	entry->directory = mem_strdup(job->step_count ? job->directory : "");
	for (size_t i = 0; i < job->step_count; i++) {
		strv_add(&entry->files, job->steps[i].file);
		run->total += job->steps[i].size;
	}
	if (job->step_count)
		job_made_place(entry);
	else
		entry->hidden = mem_strdup("");
}

/* The record says what will be made before it is made, and which directory it is before anything is in it. */
static bool begin(struct runner *run, struct error *err)
{
	run->claim = job_claim_new(&run->entry, err);
	if (!run->claim)
		return false;
	describe(run);
	if (!job_claim_publish(run->claim, run->io, &run->entry, err) || !lock_states(run, err))
		return false;
	return !run->job.step_count || (job_made_open(&run->entry, run->job.title, &run->made_lock, err) &&
	                                job_claim_publish(run->claim, run->io, &run->entry, err));
}

static bool read_job(struct job *job, struct error *err)
{
	struct str bytes;
	bool good;

	str_init_secret(&bytes);
	good = io_read(KEEPER_PLAN_FD, JOB_LIMIT, &bytes);
	if (!good)
		error_errno(err, "the job cannot be read");
	good = job_read(bytes.text, good ? bytes.len : 0, job, err) && good;
	str_finish(&bytes);
	return good;
}

int job_main(const struct record_io *io, struct store *store)
{
	struct runner run = { .io = io, .store = store, .made_lock = -1, .out = -1, .err = -1 };
	struct error err;

	if (!process_detach(JOB_WORD))
		return 2;
	fcntl(KEEPER_CLIENT_FD, F_SETFL, O_NONBLOCK);
	run.loop = loop_new();
	run.publish = loop_timer(run.loop, on_publish_time, &run);
	str_init(&run.words);
	if (read_job(&run.job, &err) && loop_signal(run.loop, SIGTERM, on_signal, &run, &err) && begin(&run, &err)) {
		next_step(&run);
	} else if (run.claim) {
		finish(&run, JOB_FAILED, &err);
	} else {
		char line[sizeof(err.text) + 4];

		tell(line, (size_t)snprintf(line, sizeof(line), "E %s\n", err.text));
		run.ended = true;
		run.status = 1;
	}
	while (!run.ended)
		loop_turn(run.loop, -1);
	loop_timer_free(run.publish);
	loop_free(run.loop);
	free(run.locks);
	str_finish(&run.words);
	job_entry_finish(&run.entry);
	job_finish(&run.job);
	return run.status;
}
