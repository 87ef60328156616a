/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/plan_runner.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/loop.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/unix_table.h"
#include "core/keeper/run/new_disk.h"
#include "core/keeper/run/plan_runner_files.h"
#include "core/keeper/run/process.h"
#include "core/qemu/host/formats.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/plan/iso.h"
#include "core/qemu/plan/plan_data.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_LOOK_MS 5
#define DISK_LOOK_MS 25
#define HELPER_EXIT_MS 1000	/* a helper exits when QEMU does, and may be seen to exit first */
#define HELPER_WAIT_MS 10000
#define WORDS_MAX 4096

struct helper {
	struct helper *next;
	struct plan_runner *runner;
	const struct plan_step *step;
	struct loop_child *child;	/* NULL after it has exited */
};

/* The child that runs the current step. */
struct job {
	struct loop_child *child;
	int err;			/* its stderr, or -1 */
	struct loop_watch *watch;
	struct str words;
};

struct plan_runner {
	struct loop *loop;
	const struct plan *plan;
	const struct plan_runner_events *events;
	void *data;
	size_t at;			/* index of the current step */
	bool over;			/* `done` was called, or the run was cancelled */
	struct job job;
	struct new_disk disk;		/* the disk that is being created */
	bool disk_made;			/* it only has to be moved to its final path */
	struct helper *helpers;
	struct loop_timer *look;	/* polls for a helper's socket or for a disk that another process creates; delays the report of a helper's exit; time
					 * until helpers are killed */
	struct error helper_error;	/* reported if QEMU keeps running without the helper */
	bool failed;			/* a helper has failed */
	uint64_t deadline;
	unsigned helper_wait_ms;	/* for a helper to listen, or to exit */
	bool ending;
};

static void proceed(struct plan_runner *runner);
static void install_disk(struct plan_runner *runner);

static void report_done(struct plan_runner *runner, const struct error *err)
{
	runner->over = true;
	loop_timer_disarm(runner->look);
	runner->events->done(runner->data, err);
}

static const struct plan_step *current(const struct plan_runner *runner)
{
	return &runner->plan->steps[runner->at];
}

static bool write_iso(const struct plan_step *step, struct error *err)
{
	return iso_write_metadata(step->path, step->bytes, step->bytes_len, step->meta, err);
}

static void job_read(struct job *job)
{
	char buf[1024];
	ssize_t n;

	while ((n = read(job->err, buf, sizeof(buf))) > 0) {
		str_add(&job->words, buf, (size_t)n);
		if (job->words.len > WORDS_MAX)
			str_drop(&job->words, job->words.len - WORDS_MAX);
	}
	if (n == 0)
		loop_watch_events(job->watch, -1);
}

static void job_close(struct job *job)
{
	loop_child_forget(job->child);
	loop_unwatch(job->watch);
	if (job->err >= 0)
		close(job->err);
	str_finish(&job->words);
	*job = (struct job){ .err = -1 };
	str_init(&job->words);
}

static void remove_half_made(struct plan_runner *runner)
{
	char *made = path_temporary(current(runner)->path);

	if (runner->disk.target)
		new_disk_close(&runner->disk);
	else
		unlink(made);
	free(made);
}

static void abandon_job(struct plan_runner *runner)
{
	if (!runner->job.child)
		return;
	loop_child_signal(runner->job.child, SIGKILL);
	job_close(&runner->job);
	remove_half_made(runner);
}

static void job_says(void *data, int fd, short revents)
{
	struct plan_runner *runner = data;

	(void)fd;
	(void)revents;
	job_read(&runner->job);
}

static void job_ended(void *data, pid_t pid, int status)
{
	struct plan_runner *runner = data;
	const struct plan_step *step = current(runner);
	struct error err;
	struct str words;
	char text[64];

	(void)pid;
	runner->job.child = NULL;
	job_read(&runner->job);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		job_close(&runner->job);
		if (step->kind == STEP_CREATE_DISK && !runner->disk_made) {
			install_disk(runner);
			return;
		}
		new_disk_close(&runner->disk);
		runner->at++;
		proceed(runner);
		return;
	}

	str_init(&words);
	str_join_lines(runner->job.words.text, &words);
	if (words.len)
		error_set(&err, "%s", words.text);
	else
		error_set(&err, "%s: %s", step->argv.count ? path_base(step->argv.items[0]) : step->path,
		          child_status_text(status, text, sizeof(text)));
	if (step->kind == STEP_CREATE_DISK)
		error_prefix(&err, "cannot create %s", step->path);
	str_finish(&words);
	job_close(&runner->job);
	remove_half_made(runner);
	report_done(runner, &err);
}

/* argv[0] is a path or is searched for in PATH. lock: inherited by the child, or -1. */
static pid_t spawn_program(char *const *argv, int out, int err_fd, int lock, struct error *err)
{
	char *program = child_find(argv[0]);
	const struct child_fd extra = { lock, STDERR_FILENO + 1 };
	struct child_spec spec = {
		.path = program ? program : argv[0], .argv = argv, .extra = &extra, .extra_count = lock >= 0,
		.in = -1, .out = out, .err = err_fd, .death_signal = SIGTERM,
	};
	pid_t pid = child_spawn(&spec, err);

	free(program);
	return pid;
}

typedef bool step_fn(const struct plan_step *, struct error *);

/*
 * Runs fn in a child, which reports errors on its stderr. It is forked without
 * exec, and closes all other descriptors, especially the lock.
 */
static pid_t fork_to(step_fn *fn, const struct plan_step *step, int err_fd)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	struct error err;

	if (pid != 0)
		return pid;
	child_follow(parent, SIGKILL);
	dup2(err_fd, STDERR_FILENO);
	process_close_from(STDERR_FILENO + 1);
	if (fn(step, &err))
		_exit(0);
	_exit(io_write(STDERR_FILENO, err.text, strlen(err.text)) ? 1 : 2);
}

/* The argument before the size is the path of the disk. */
static pid_t spawn_img(const struct plan_runner *runner, int err_fd, struct error *err)
{
	struct strv argv = { 0 };
	const struct strv *planned = &current(runner)->argv;

	for (size_t i = 0; i < planned->count; i++) {
		if (i + 2 == planned->count && !runner->disk.linked)
			strv_take(&argv, layout_img_path(runner->disk.temporary));
		else
			strv_add(&argv, planned->items[i]);
	}

	pid_t pid = spawn_program(argv.items, -1, err_fd, runner->disk.lock, err);

	strv_finish(&argv);
	return pid;
}

/* If fn is NULL, runs qemu-img. */
static bool start_job(struct plan_runner *runner, step_fn *fn, struct error *err)
{
	const struct plan_step *step = current(runner);
	struct job *job = &runner->job;
	int words[2];

	if (pipe2(words, O_CLOEXEC) < 0)
		return error_errno(err, "cannot create a pipe");

	pid_t pid = fn ? fork_to(fn, step, words[1]) : spawn_img(runner, words[1], err);

	if (pid < 0 && fn)
		error_errno(err, "cannot fork");
	close(words[1]);
	if (pid < 0) {
		close(words[0]);
		return false;
	}
	fcntl(words[0], F_SETFL, O_NONBLOCK);
	job->err = words[0];
	job->watch = loop_watch(runner->loop, job->err, POLLIN, job_says, runner);
	job->child = loop_child(runner->loop, pid, job_ended, runner, err);
	return job->child != NULL;
}

static bool move_disk(const struct plan_step *step, struct error *err)
{
	return new_disk_install(step->path, err);
}

static void install_disk(struct plan_runner *runner)
{
	struct error err;

	runner->disk_made = true;
	if (start_job(runner, move_disk, &err))
		return;
	remove_half_made(runner);
	report_done(runner, &err);
}

/* Waits for the qemu-img of a killed keeper, which may still be running. */
static bool make_disk(struct plan_runner *runner, struct error *err)
{
	runner->disk_made = false;
	if (new_disk_open(&runner->disk, current(runner)->path, err)) {
		if (start_job(runner, NULL, err))
			return true;
		new_disk_close(&runner->disk);
		return false;
	}
	if (err->code != EWOULDBLOCK || loop_now() > runner->deadline)
		return false;
	loop_timer_arm(runner->look, DISK_LOOK_MS);
	return true;
}

static void disk_look(struct plan_runner *runner)
{
	struct error err;
	struct stat disk;

	if (stat(current(runner)->path, &disk) == 0 && !path_is_unfinished(current(runner)->path)) {
		runner->at++;
		proceed(runner);
	} else if (!make_disk(runner, &err)) {
		report_done(runner, &err);
	}
}

static void helper_log_line(const struct plan_step *step, struct error *err)
{
	char buf[1024];
	int fd = step->log ? own_file_open(step->log, O_RDONLY) : -1;
	struct stat st;

	if (fd < 0)
		return;

	off_t from = fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(buf) - 1 ? st.st_size - (off_t)sizeof(buf) + 1 : 0;
	ssize_t n = pread(fd, buf, sizeof(buf) - 1, from);

	close(fd);
	buf[n > 0 ? n : 0] = '\0';

	const char *line = str_last_line(buf);

	if (line[0])
		error_set(err, "%s", line);
}

static void all_ended(struct plan_runner *runner)
{
	for (const struct helper *helper = runner->helpers; helper; helper = helper->next) {
		if (helper->child)
			return;
	}
	loop_timer_disarm(runner->look);
	runner->ending = false;
	runner->events->helpers_ended(runner->data);
}

static void helper_ended(void *data, pid_t pid, int status)
{
	struct helper *helper = data;
	struct plan_runner *runner = helper->runner;
	const char *socket = helper->step->socket;
	struct error err;
	char text[64];

	(void)pid;
	helper->child = NULL;
	if (socket) {
		/* If a signal ends the Rust daemon, it leaves a PID file next to the socket. */
		char *number = mem_printf("%s.pid", socket);

		unlink(socket);
		unlink(number);
		free(number);
	}
	if (runner->ending) {
		all_ended(runner);
		return;
	}
	error_set(&err, "%s", child_status_text(status, text, sizeof(text)));
	helper_log_line(helper->step, &err);
	error_prefix(&err, "%s has ended", path_base(helper->step->argv.items[0]));
	if (runner->over) {
		runner->helper_error = err;
		runner->failed = status != 0;
		loop_timer_arm(runner->look, HELPER_EXIT_MS);
	} else {
		abandon_job(runner);
		report_done(runner, &err);
	}
}

static bool start_helper(struct plan_runner *runner, struct error *err)
{
	const struct plan_step *step = current(runner);
	int log = step->log ? own_file_open(step->log, O_WRONLY | O_CREAT | O_TRUNC) : -1;

	if (step->log && log < 0)
		return error_errno(err, "%s", step->log);
	if (step->socket)
		unlink(step->socket);

	pid_t pid = spawn_program(step->argv.items, log, log, -1, err);

	if (log >= 0)
		close(log);
	if (pid < 0)
		return false;

	struct helper *helper = mem_alloc(sizeof(*helper));

	*helper = (struct helper){ .next = runner->helpers, .runner = runner, .step = step };
	runner->helpers = helper;
	helper->child = loop_child(runner->loop, pid, helper_ended, helper, err);
	runner->deadline = loop_now() + runner->helper_wait_ms;
	return helper->child != NULL;
}

static void socket_look(struct plan_runner *runner)
{
	const struct plan_step *step = current(runner);
	struct error err;

	if (!step->socket || unix_listens(step->socket)) {
		runner->at++;
		proceed(runner);
	} else if (loop_now() > runner->deadline) {
		error_set(&err, "%s did not open its socket %s in time", path_base(step->argv.items[0]), step->socket);
		report_done(runner, &err);
	} else {
		loop_timer_arm(runner->look, SOCKET_LOOK_MS);
	}
}

static void signal_helpers(const struct plan_runner *runner, int signo)
{
	for (const struct helper *helper = runner->helpers; helper; helper = helper->next) {
		if (helper->child)
			loop_child_signal(helper->child, signo);
	}
}

void plan_runner_stop_helpers(struct plan_runner *runner)
{
	runner->over = runner->ending = true;
	signal_helpers(runner, SIGTERM);
	loop_timer_arm(runner->look, runner->helper_wait_ms);
	all_ended(runner);
}

const char *plan_runner_helper_error(const struct plan_runner *runner)
{
	return runner->failed ? runner->helper_error.text : NULL;
}

static void timer_rang(void *data)
{
	struct plan_runner *runner = data;

	if (runner->ending)
		signal_helpers(runner, SIGKILL);
	else if (runner->over)
		runner->events->helper_died(runner->data, runner->helper_error.text);
	else if (current(runner)->kind == STEP_CREATE_DISK)
		disk_look(runner);
	else
		socket_look(runner);
}

enum progress { STEP_DONE, STEP_WAITS, STEP_FAILED };

static enum progress begin_step(struct plan_runner *runner, struct error *err)
{
	const struct plan_step *step = current(runner);
	struct stat st;

	switch (step->kind) {
	case STEP_MKDIR:
		return path_make_dirs(step->path, step->mode, err) ? STEP_DONE : STEP_FAILED;
	case STEP_WRITE:
		return files_write(step, err) ? STEP_DONE : STEP_FAILED;
	case STEP_CREATE_DISK:
		/* A dangling link is not a disk: qemu-img creates the disk at its target. */
		if (stat(step->path, &st) == 0 && !path_is_unfinished(step->path))
			return STEP_DONE;
		runner->deadline = loop_now() + runner->helper_wait_ms;
		return make_disk(runner, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_METADATA_ISO:
		return start_job(runner, write_iso, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_COPY_VARS:
		if (lstat(step->path, &st) == 0)
			return STEP_DONE;
		return start_job(runner, files_copy_vars, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_KEEP_FORMAT:
		return formats_keep(step->path, step->bytes, step->mode != 0, err) ? STEP_DONE : STEP_FAILED;
	case STEP_ACCEPT_CHAIN:
		return formats_accept(step->path, step->bytes, err) ? STEP_DONE : STEP_FAILED;
	case STEP_HELPER:
		if (!start_helper(runner, err))
			return STEP_FAILED;
		loop_timer_arm(runner->look, SOCKET_LOOK_MS);
		return STEP_WAITS;
	}
	return STEP_FAILED;
}

static void proceed(struct plan_runner *runner)
{
	struct error err;

	while (runner->at < runner->plan->step_count) {
		const struct plan_step *step = current(runner);

		if (step->what && plan_step_takes_time(step))
			runner->events->step(runner->data, step->what);

		enum progress progress = begin_step(runner, &err);

		if (progress == STEP_WAITS)
			return;
		if (progress == STEP_FAILED) {
			report_done(runner, &err);
			return;
		}
		runner->at++;
	}
	report_done(runner, NULL);
}

void plan_runner_helper_wait(struct plan_runner *runner, unsigned ms)
{
	runner->helper_wait_ms = ms;
}

struct plan_runner *plan_runner_new(struct loop *loop, const struct plan *plan, const struct plan_runner_events *events, void *data)
{
	struct plan_runner *runner = mem_alloc(sizeof(*runner));

	*runner = (struct plan_runner){ .loop = loop, .plan = plan, .events = events, .data = data, .job.err = -1,
	                         .helper_wait_ms = HELPER_WAIT_MS };
	str_init(&runner->job.words);
	runner->look = loop_timer(loop, timer_rang, runner);
	return runner;
}

void plan_runner_begin(struct plan_runner *runner)
{
	proceed(runner);
}

void plan_runner_cancel(struct plan_runner *runner)
{
	if (runner->over)
		return;
	runner->over = true;
	loop_timer_disarm(runner->look);
	abandon_job(runner);
}

void plan_runner_free(struct plan_runner *runner)
{
	if (!runner)
		return;
	job_close(&runner->job);
	new_disk_close(&runner->disk);
	for (struct helper *helper = runner->helpers, *next; helper; helper = next) {
		next = helper->next;
		loop_child_forget(helper->child);
		free(helper);
	}
	loop_timer_free(runner->look);
	str_finish(&runner->job.words);
	free(runner);
}

bool plan_runner_make_directories(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->step_count && plan->steps[i].kind == STEP_MKDIR; i++) {
		if (!path_make_dirs(plan->steps[i].path, plan->steps[i].mode, err))
			return false;
	}
	return path_make_dirs(plan->state_absolute, 0700, err);
}
