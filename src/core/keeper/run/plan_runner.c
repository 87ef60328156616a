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
#define FAREWELL_MS 1000	/* a helper exits when QEMU does, and may be seen to exit first */
#define PATIENCE_MS 10000	/* for a helper to listen, or to exit */
#define WORDS_MAX 4096

struct helper {
	struct helper *next;
	struct carry *carry;
	const struct plan_step *step;
	pid_t pid;
	struct loop_child *child;	/* NULL after it has exited */
};

/* The child that runs the current step. */
struct job {
	struct loop_child *child;
	pid_t pid;
	int err;			/* its stderr, or -1 */
	struct loop_watch *watch;
	struct str words;
};

struct carry {
	struct loop *loop;
	const struct plan *plan;
	const struct carry_events *events;
	void *data;
	size_t at;			/* index of the current step */
	bool over;			/* `done` was called, or the run was cancelled */
	struct job job;
	struct new_disk disk;		/* the disk that is being created */
	bool disk_made;			/* it only has to be moved to its final path */
	struct helper *helpers;
	struct loop_timer *look;	/* polls for a helper's socket or for a disk that another process creates; delays the report of a helper's exit; time
					 * until helpers are killed */
	struct error farewell;		/* reported if QEMU keeps running without the helper */
	bool failed;			/* a helper has failed */
	uint64_t deadline;
	unsigned patience;		/* in ms */
	bool ending;
};

static void proceed(struct carry *carry);
static void install_disk(struct carry *carry);

static void finish(struct carry *carry, const struct error *err)
{
	carry->over = true;
	loop_timer_disarm(carry->look);
	carry->events->done(carry->data, err);
}

static const struct plan_step *current(const struct carry *carry)
{
	return &carry->plan->steps[carry->at];
}

static bool write_iso(const struct plan_step *step, struct error *err)
{
	return iso_write_metadata(step->path, step->bytes, step->bytes_len, step->meta, err);
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
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

static void remove_half_made(struct carry *carry)
{
	char *made = path_temporary(current(carry)->path);

	if (carry->disk.target)
		new_disk_close(&carry->disk);
	else
		unlink(made);
	free(made);
}

static void abandon_job(struct carry *carry)
{
	if (!carry->job.child)
		return;
	kill(carry->job.pid, SIGKILL);
	job_close(&carry->job);
	remove_half_made(carry);
}

static void job_says(void *data, int fd, short revents)
{
	struct carry *carry = data;

	(void)fd;
	(void)revents;
	job_read(&carry->job);
}

static void job_ended(void *data, pid_t pid, int status)
{
	struct carry *carry = data;
	const struct plan_step *step = current(carry);
	struct error err;
	struct str words;
	char text[64];

	(void)pid;
	carry->job.child = NULL;
	job_read(&carry->job);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		job_close(&carry->job);
		if (step->kind == STEP_CREATE_DISK && !carry->disk_made) {
			install_disk(carry);
			return;
		}
		new_disk_close(&carry->disk);
		carry->at++;
		proceed(carry);
		return;
	}

	str_init(&words);
	str_join_lines(carry->job.words.text, &words);
	if (words.len)
		error_set(&err, "%s", words.text);
	else
		error_set(&err, "%s: %s", step->argv.count ? path_base(step->argv.items[0]) : step->path,
		          child_status_text(status, text, sizeof(text)));
	if (step->kind == STEP_CREATE_DISK)
		error_prefix(&err, "cannot create %s", step->path);
	str_finish(&words);
	job_close(&carry->job);
	remove_half_made(carry);
	finish(carry, &err);
}

static bool job_watch(struct carry *carry, pid_t pid, int err_fd, struct error *err)
{
	struct job *job = &carry->job;

	fcntl(err_fd, F_SETFL, O_NONBLOCK);
	job->pid = pid;
	job->err = err_fd;
	job->watch = loop_watch(carry->loop, err_fd, POLLIN, job_says, carry);
	job->child = loop_child(carry->loop, pid, job_ended, carry, err);
	return job->child != NULL;
}

/* argv[0] is a path or is searched for in PATH. lock: inherited by the child, or -1. */
static pid_t spawn(char *const *argv, int out, int err_fd, int lock, struct error *err)
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
static pid_t spawn_img(const struct carry *carry, int err_fd, struct error *err)
{
	struct strv argv = { 0 };
	const struct strv *planned = &current(carry)->argv;

	for (size_t i = 0; i < planned->count; i++) {
		if (i + 2 == planned->count && !carry->disk.linked)
			strv_take(&argv, layout_img_path(carry->disk.temporary));
		else
			strv_add(&argv, planned->items[i]);
	}

	pid_t pid = spawn(argv.items, -1, err_fd, carry->disk.lock, err);

	strv_finish(&argv);
	return pid;
}

/* If fn is NULL, runs qemu-img. */
static bool start_job(struct carry *carry, step_fn *fn, struct error *err)
{
	const struct plan_step *step = current(carry);
	int words[2];

	if (pipe2(words, O_CLOEXEC) < 0)
		return error_errno(err, "cannot create a pipe");

	pid_t pid = fn ? fork_to(fn, step, words[1]) : spawn_img(carry, words[1], err);

	if (pid < 0 && fn)
		error_errno(err, "cannot fork");
	close(words[1]);
	if (pid < 0) {
		close(words[0]);
		return false;
	}
	return job_watch(carry, pid, words[0], err);
}

static bool move_disk(const struct plan_step *step, struct error *err)
{
	return new_disk_install(step->path, err);
}

static void install_disk(struct carry *carry)
{
	struct error err;

	carry->disk_made = true;
	if (start_job(carry, move_disk, &err))
		return;
	remove_half_made(carry);
	finish(carry, &err);
}

/* Waits for the qemu-img of a killed keeper, which may still be running. */
static bool make_disk(struct carry *carry, struct error *err)
{
	carry->disk_made = false;
	if (new_disk_open(&carry->disk, current(carry)->path, err)) {
		if (start_job(carry, NULL, err))
			return true;
		new_disk_close(&carry->disk);
		return false;
	}
	if (err->code != EWOULDBLOCK || loop_now() > carry->deadline)
		return false;
	loop_timer_arm(carry->look, DISK_LOOK_MS);
	return true;
}

static void disk_look(struct carry *carry)
{
	struct error err;
	struct stat disk;

	if (stat(current(carry)->path, &disk) == 0 && !path_is_unfinished(current(carry)->path)) {
		carry->at++;
		proceed(carry);
	} else if (!make_disk(carry, &err)) {
		finish(carry, &err);
	}
}

static void socket_look(void *data);

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

static void all_ended(struct carry *carry)
{
	for (const struct helper *helper = carry->helpers; helper; helper = helper->next) {
		if (helper->child)
			return;
	}
	loop_timer_disarm(carry->look);
	carry->ending = false;
	carry->events->helpers_ended(carry->data);
}

/* If a signal ends the Rust daemon, it leaves a PID file next to the socket. */
static void remove_socket(const struct plan_step *step)
{
	char *number;

	if (!step->socket)
		return;
	number = mem_printf("%s.pid", step->socket);
	unlink(step->socket);
	unlink(number);
	free(number);
}

static void helper_ended(void *data, pid_t pid, int status)
{
	struct helper *helper = data;
	struct carry *carry = helper->carry;
	struct error err;
	char text[64];

	(void)pid;
	helper->child = NULL;
	remove_socket(helper->step);
	if (carry->ending) {
		all_ended(carry);
		return;
	}
	error_set(&err, "%s", child_status_text(status, text, sizeof(text)));
	helper_log_line(helper->step, &err);
	error_prefix(&err, "%s has ended", path_base(helper->step->argv.items[0]));
	if (carry->over) {
		carry->farewell = err;
		carry->failed = status != 0;
		loop_timer_arm(carry->look, FAREWELL_MS);
	} else {
		abandon_job(carry);
		finish(carry, &err);
	}
}

static bool start_helper(struct carry *carry, struct error *err)
{
	const struct plan_step *step = current(carry);
	int log = step->log ? own_file_open(step->log, O_WRONLY | O_CREAT | O_TRUNC) : -1;

	if (step->log && log < 0)
		return error_errno(err, "%s", step->log);
	if (step->socket)
		unlink(step->socket);

	pid_t pid = spawn(step->argv.items, log, log, -1, err);

	if (log >= 0)
		close(log);
	if (pid < 0)
		return false;

	struct helper *helper = mem_alloc(sizeof(*helper));

	*helper = (struct helper){ .next = carry->helpers, .carry = carry, .step = step, .pid = pid };
	carry->helpers = helper;
	helper->child = loop_child(carry->loop, pid, helper_ended, helper, err);
	carry->deadline = loop_now() + carry->patience;
	return helper->child != NULL;
}

static void socket_look(void *data)
{
	struct carry *carry = data;
	const struct plan_step *step = current(carry);
	struct error err;

	if (!step->socket || unix_listens(step->socket)) {
		carry->at++;
		proceed(carry);
	} else if (loop_now() > carry->deadline) {
		error_set(&err, "%s did not open its socket %s in time", path_base(step->argv.items[0]), step->socket);
		finish(carry, &err);
	} else {
		loop_timer_arm(carry->look, SOCKET_LOOK_MS);
	}
}

static void signal_helpers(const struct carry *carry, int signo)
{
	for (const struct helper *helper = carry->helpers; helper; helper = helper->next) {
		if (helper->child)
			kill(helper->pid, signo);
	}
}

void carry_end(struct carry *carry)
{
	carry->over = carry->ending = true;
	signal_helpers(carry, SIGTERM);
	loop_timer_arm(carry->look, carry->patience);
	all_ended(carry);
}

const char *carry_failure(const struct carry *carry)
{
	return carry->failed ? carry->farewell.text : NULL;
}

static void timer_rang(void *data)
{
	struct carry *carry = data;

	if (carry->ending)
		signal_helpers(carry, SIGKILL);
	else if (carry->over)
		carry->events->helper_died(carry->data, carry->farewell.text);
	else if (current(carry)->kind == STEP_CREATE_DISK)
		disk_look(carry);
	else
		socket_look(carry);
}

enum progress { STEP_DONE, STEP_WAITS, STEP_FAILED };

static enum progress begin_step(struct carry *carry, struct error *err)
{
	const struct plan_step *step = current(carry);
	struct stat disk;

	switch (step->kind) {
	case STEP_MKDIR:
		return path_make_dirs(step->path, step->mode, err) ? STEP_DONE : STEP_FAILED;
	case STEP_WRITE:
		return files_write(step, err) ? STEP_DONE : STEP_FAILED;
	case STEP_CREATE_DISK:
		/* A dangling link is not a disk: qemu-img creates the disk at its target. */
		if (stat(step->path, &disk) == 0 && !path_is_unfinished(step->path))
			return STEP_DONE;
		carry->deadline = loop_now() + carry->patience;
		return make_disk(carry, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_METADATA_ISO:
		return start_job(carry, write_iso, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_COPY_VARS:
		if (is_there(step->path))
			return STEP_DONE;
		return start_job(carry, files_copy_vars, err) ? STEP_WAITS : STEP_FAILED;
	case STEP_KEEP_FORMAT:
		return formats_keep(step->path, step->bytes, step->mode != 0, err) ? STEP_DONE : STEP_FAILED;
	case STEP_ACCEPT_CHAIN:
		return formats_accept(step->path, step->bytes, err) ? STEP_DONE : STEP_FAILED;
	case STEP_HELPER:
		if (!start_helper(carry, err))
			return STEP_FAILED;
		loop_timer_arm(carry->look, SOCKET_LOOK_MS);
		return STEP_WAITS;
	}
	return STEP_FAILED;
}

static void proceed(struct carry *carry)
{
	struct error err;

	while (carry->at < carry->plan->step_count) {
		const struct plan_step *step = current(carry);

		if (step->what && plan_step_takes_time(step))
			carry->events->step(carry->data, step->what);

		enum progress progress = begin_step(carry, &err);

		if (progress == STEP_WAITS)
			return;
		if (progress == STEP_FAILED) {
			finish(carry, &err);
			return;
		}
		carry->at++;
	}
	finish(carry, NULL);
}

void carry_patience(struct carry *carry, unsigned ms)
{
	carry->patience = ms;
}

struct carry *carry_new(struct loop *loop, const struct plan *plan, const struct carry_events *events, void *data)
{
	struct carry *carry = mem_alloc(sizeof(*carry));

	*carry = (struct carry){ .loop = loop, .plan = plan, .events = events, .data = data, .job.err = -1,
	                         .patience = PATIENCE_MS };
	str_init(&carry->job.words);
	carry->look = loop_timer(loop, timer_rang, carry);
	return carry;
}

void carry_begin(struct carry *carry)
{
	proceed(carry);
}

void carry_cancel(struct carry *carry)
{
	if (carry->over)
		return;
	carry->over = true;
	loop_timer_disarm(carry->look);
	abandon_job(carry);
}

void carry_free(struct carry *carry)
{
	if (!carry)
		return;
	job_close(&carry->job);
	new_disk_close(&carry->disk);
	for (struct helper *helper = carry->helpers, *next; helper; helper = next) {
		next = helper->next;
		loop_child_forget(helper->child);
		free(helper);
	}
	loop_timer_free(carry->look);
	str_finish(&carry->job.words);
	free(carry);
}

bool carry_directories(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->step_count && plan->steps[i].kind == STEP_MKDIR; i++) {
		if (!path_make_dirs(plan->steps[i].path, plan->steps[i].mode, err))
			return false;
	}
	return path_make_dirs(plan->state_absolute, 0700, err);
}
