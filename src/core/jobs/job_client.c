/* SPDX-License-Identifier: MIT */
#include "core/jobs/job_client.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/loop.h"
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/jobs/job.h"
#include "core/jobs/job_run.h"
#include "core/keeper/run/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

struct job_client {
	int fd;				/* of the lines that the job writes */
	struct loop_watch *watch;
	pid_t pid;
	struct loop_child *child;	/* NULL: it was reaped */
	bool ended;			/* it has nothing more to do than to exit */
	struct str in;
	job_news_fn *fn;
	void *data;
	bool *freed;			/* set while calling back */
};

static void on_reaped(void *data, pid_t pid, int status)
{
	struct job_client *client = data;

	(void)pid;
	(void)status;
	client->child = NULL;
}

void job_client_free(struct job_client *client)
{
	if (!client)
		return;
	if (client->freed)
		*client->freed = true;
	if (client->child)
		loop_child_forget(client->child);
	/* Otherwise it would stay a zombie as long as this process runs. */
	while (client->child && client->ended && waitpid(client->pid, NULL, 0) < 0 && errno == EINTR)
		;
	loop_unwatch(client->watch);
	if (client->fd >= 0)
		close(client->fd);
	str_finish(&client->in);
	free(client);
}

void job_client_cancel(struct job_client *client)
{
	if (client->child)
		loop_child_signal(client->child, SIGTERM);
}

static bool is_last(const struct job_news *news)
{
	return news->state != JOB_RUNNING;
}

/* Returns false if the client was freed, or will hear no more. */
static bool report(struct job_client *client, const struct job_news *news)
{
	bool freed = false;

	if (is_last(news)) {
		client->ended = true;
		loop_unwatch(client->watch);
		client->watch = NULL;
	}
	client->freed = &freed;
	client->fn(client->data, news);
	if (freed)
		return false;
	client->freed = NULL;
	return !is_last(news);
}

static bool take_line(struct job_client *client, char *line)
{
	struct job_news news = { .state = JOB_RUNNING, .step = "", .error = "" };
	struct error ignored;
	uint64_t percent = 0;
	char *rest = line[0] && line[1] == ' ' ? line + 2 : line + strlen(line);

	if (line[0] == 'P') {
		char *blank = strchr(rest, ' ');

		if (blank)
			*blank = '\0';
		if (!blank || !number_parse(rest, 0, 100, &percent, &ignored))
			return true;
		news.percent = (unsigned)percent;
		news.step = blank + 1;
	} else {
		news.state = line[0] == 'D' ? JOB_DONE : line[0] == 'C' ? JOB_CANCELLED : JOB_FAILED;
		news.error = rest;
	}
	return report(client, &news);
}

static void on_ready(void *data, int fd, short revents)
{
	struct job_client *client = data;
	char buf[LINE_MAX_BYTES], *end;
	ssize_t n = read(fd, buf, sizeof(buf));

	(void)revents;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		report(client, &(struct job_news){ .state = JOB_KILLED, .step = "", .error = "the job was killed; the next paddock "
		                                   "command removes what it left" });
		return;
	}
	str_add(&client->in, buf, (size_t)n);
	while ((end = memchr(client->in.text, '\n', client->in.len))) {
		char *line = mem_strndup(client->in.text, (size_t)(end - client->in.text));
		bool goes_on;

		str_drop(&client->in, (size_t)(end - client->in.text) + 1);
		goes_on = take_line(client, line);
		free(line);
		if (!goes_on)
			return;
	}
	if (client->in.len > LINE_MAX_BYTES)
		str_clear(&client->in);
}

/* A descriptor with the job's bytes, at their beginning; -1 on failure. */
static int job_file(const struct job *job)
{
	int fd = memfd_create("job", MFD_CLOEXEC);
	struct str bytes;

	str_init_secret(&bytes);
	job_write(job, &bytes);
	if (fd >= 0 && (!io_write(fd, bytes.text, bytes.len) || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		fd = -1;
	}
	str_finish(&bytes);
	return fd;
}

struct job_client *job_launch(struct loop *loop, const struct job *job, job_news_fn *fn, void *data, struct error *err)
{
	char name[] = "paddock", word[] = JOB_WORD;
	char *argv[] = { name, word, NULL };
	int file = job_file(job), lines[2] = { -1, -1 };
	struct job_client *client = NULL;
	pid_t pid = -1;

	if (file < 0 || pipe2(lines, O_CLOEXEC) < 0) {
		error_errno(err, "cannot start a job");
	} else {
		const struct child_fd extra[] = { { file, KEEPER_PLAN_FD }, { lines[1], KEEPER_CLIENT_FD } };
		struct child_spec spec = { .path = "/proc/self/exe", .argv = argv, .in = -1, .out = -1, .err = -1,
			                   .extra = extra, .extra_count = 2, .new_session = true };

		pid = child_spawn(&spec, err);
	}
	if (pid >= 0) {
		client = mem_alloc(sizeof(*client));
		*client = (struct job_client){ .pid = pid, .fd = lines[0], .fn = fn, .data = data };
		lines[0] = -1;
		fcntl(client->fd, F_SETFL, O_NONBLOCK);
		str_init(&client->in);
		client->watch = loop_watch(loop, client->fd, POLLIN, on_ready, client);
		client->child = loop_child(loop, pid, on_reaped, client, err);
		if (!client->child) {
			job_client_free(client);
			client = NULL;
		}
	}
	if (file >= 0)
		close(file);
	for (int i = 0; i < 2; i++)
		if (lines[i] >= 0)
			close(lines[i]);
	return client;
}
