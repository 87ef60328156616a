/* SPDX-License-Identifier: MIT */
#include "core/base/loop.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/pidfd.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct loop_watch {
	struct loop *loop;
	int fd;
	short events;		/* -1 if not polled */
	bool dead;		/* freed by its owner; removed after the turn */
	loop_fd_fn *fn;
	void *data;
};

struct loop_timer {
	struct loop *loop;
	struct loop_timer *next;
	uint64_t due;		/* in ms of CLOCK_MONOTONIC; 0 if not armed */
	loop_fn *fn;
	void *data;
};

struct loop_child {
	struct loop *loop;
	struct loop_child *next;
	struct loop_watch *watch;	/* of the pidfd; NULL if SIGCHLD is used */
	int pidfd;
	pid_t pid;
	loop_child_fn *fn;
	void *data;
};

struct signal_handler {
	loop_signal_fn *fn;
	void *data;
};

struct loop {
	struct loop_watch **watches;	/* in the order of polled[] */
	size_t count, size;
	struct pollfd *polled;
	struct loop_timer *timers;	/* all of them, armed or not */
	struct loop_child *children;
	struct signal_handler signals[NSIG];
	sigset_t mask;
	int signal_fd;
	loop_fn *idle;
	void *idle_data;
	int status;
	bool quit, sweep;
};

uint64_t loop_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct loop *loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));

	sigemptyset(&loop->mask);
	loop->signal_fd = -1;
	return loop;
}

struct loop_watch *loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data)
{
	struct loop_watch *watch = mem_alloc(sizeof(*watch));
	size_t size = loop->size;	/* room in both arrays */

	*watch = (struct loop_watch){ .loop = loop, .fd = fd, .events = events, .fn = fn, .data = data };
	loop->watches = mem_grow(loop->watches, &size, loop->count + 1, sizeof(*loop->watches));
	loop->polled = mem_grow(loop->polled, &loop->size, loop->count + 1, sizeof(*loop->polled));
	/* Not dispatched before the next poll, even during a turn. */
	loop->polled[loop->count] = (struct pollfd){ .fd = -1 };
	loop->watches[loop->count++] = watch;
	return watch;
}

void loop_watch_events(struct loop_watch *watch, short events)
{
	watch->events = events;
}

void loop_unwatch(struct loop_watch *watch)
{
	if (!watch)
		return;
	watch->dead = true;
	watch->loop->sweep = true;
}

static void sweep(struct loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->count; i++) {
		if (loop->watches[i]->dead)
			free(loop->watches[i]);
		else
			loop->watches[kept++] = loop->watches[i];
	}
	loop->count = kept;
	loop->sweep = false;
}

struct loop_timer *loop_timer(struct loop *loop, loop_fn *fn, void *data)
{
	struct loop_timer *timer = mem_alloc(sizeof(*timer));

	*timer = (struct loop_timer){ .loop = loop, .next = loop->timers, .fn = fn, .data = data };
	loop->timers = timer;
	return timer;
}

void loop_timer_arm(struct loop_timer *timer, uint64_t ms)
{
	timer->due = loop_now() + ms;
}

void loop_timer_disarm(struct loop_timer *timer)
{
	timer->due = 0;
}

bool loop_timer_armed(const struct loop_timer *timer)
{
	return timer->due != 0;
}

void loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	for (struct loop_timer **at = &timer->loop->timers; *at; at = &(*at)->next) {
		if (*at == timer) {
			*at = timer->next;
			break;
		}
	}
	free(timer);
}

static struct loop_timer *first_due(const struct loop *loop)
{
	struct loop_timer *first = NULL;

	for (struct loop_timer *t = loop->timers; t; t = t->next)
		if (t->due && (!first || t->due < first->due))
			first = t;
	return first;
}

static void child_ended(struct loop_child *child, int status)
{
	loop_child_fn *fn = child->fn;
	void *data = child->data;
	pid_t pid = child->pid;

	loop_child_forget(child);
	fn(data, pid, status);
}

static void pidfd_ready(void *data, int fd, short revents)
{
	struct loop_child *child = data;
	int status = 0;

	(void)fd;
	(void)revents;
	if (waitpid(child->pid, &status, WNOHANG) != 0)
		child_ended(child, status);
}

static void reap_by_signal(struct loop *loop)
{
	struct loop_child *child = loop->children;

	while (child) {
		int status = 0;

		if (!child->watch && waitpid(child->pid, &status, WNOHANG) != 0) {
			child_ended(child, status);
			child = loop->children;
		} else {
			child = child->next;
		}
	}
}

static void signal_ready(void *data, int fd, short revents)
{
	struct loop *loop = data;
	struct signalfd_siginfo info;

	(void)revents;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		struct signal_handler handler = loop->signals[info.ssi_signo];

		if (info.ssi_signo == SIGCHLD)
			reap_by_signal(loop);
		if (handler.fn)
			handler.fn(handler.data, (int)info.ssi_signo);
	}
}

static bool add_signal(struct loop *loop, int signo, struct error *err)
{
	bool first = loop->signal_fd < 0;

	sigaddset(&loop->mask, signo);
	if (sigprocmask(SIG_BLOCK, &loop->mask, NULL) < 0)
		return error_errno(err, "cannot block signals");

	int fd = signalfd(loop->signal_fd, &loop->mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return error_errno(err, "signalfd");
	loop->signal_fd = fd;
	if (first)
		loop_watch(loop, fd, POLLIN, signal_ready, loop);
	return true;
}

bool loop_signal(struct loop *loop, int signo, loop_signal_fn *fn, void *data, struct error *err)
{
	loop->signals[signo] = (struct signal_handler){ .fn = fn, .data = data };
	return add_signal(loop, signo, err);
}

struct loop_child *loop_child(struct loop *loop, pid_t pid, loop_child_fn *fn, void *data,
                              struct error *err)
{
	int fd = pidfd_open_process(pid);

	/* Must precede the first check of the child, which could otherwise exit in between. */
	if (fd < 0 && !add_signal(loop, SIGCHLD, err))
		return NULL;

	struct loop_child *child = mem_alloc(sizeof(*child));
	*child = (struct loop_child){ .loop = loop, .next = loop->children, .pidfd = fd,
		                      .pid = pid, .fn = fn, .data = data };
	loop->children = child;
	if (fd >= 0)
		child->watch = loop_watch(loop, fd, POLLIN, pidfd_ready, child);
	else
		raise(SIGCHLD);		/* it may have exited already */
	return child;
}

void loop_child_signal(const struct loop_child *child, int signo)
{
	struct error ignored;

	if (child->pidfd < 0 || !pidfd_signal(child->pidfd, signo, &ignored))
		kill(child->pid, signo);
}

void loop_child_forget(struct loop_child *child)
{
	if (!child)
		return;
	for (struct loop_child **at = &child->loop->children; *at; at = &(*at)->next) {
		if (*at == child) {
			*at = child->next;
			break;
		}
	}
	loop_unwatch(child->watch);
	if (child->pidfd >= 0)
		close(child->pidfd);
	free(child);
}

void loop_idle(struct loop *loop, loop_fn *fn, void *data)
{
	loop->idle = fn;
	loop->idle_data = data;
}

static int wait_ms(const struct loop *loop, int timeout)
{
	const struct loop_timer *timer = first_due(loop);

	if (!timer)
		return timeout;

	uint64_t now = loop_now();
	uint64_t left = timer->due > now ? timer->due - now : 0;
	if (timeout >= 0 && (uint64_t)timeout < left)
		return timeout;
	return left > 1000000000 ? 1000000000 : (int)left;
}

void loop_turn(struct loop *loop, int timeout)
{
	struct loop_timer *timer = first_due(loop);
	bool fired = false;

	/* A callback may free any timer, so the search restarts after each. */
	for (uint64_t now = timer ? loop_now() : 0; timer && timer->due <= now; timer = first_due(loop)) {
		timer->due = 0;
		fired = true;
		timer->fn(timer->data);
	}
	if (loop->idle)
		loop->idle(loop->idle_data);
	if (loop->sweep)
		sweep(loop);
	if (loop->quit)
		return;

	size_t count = loop->count;
	for (size_t i = 0; i < count; i++) {
		const struct loop_watch *watch = loop->watches[i];

		loop->polled[i] = (struct pollfd){ .fd = watch->events == -1 ? -1 : watch->fd,
			                           .events = watch->events };
	}
	if (poll(loop->polled, count, fired ? 0 : wait_ms(loop, timeout)) > 0)
		for (size_t i = 0; i < count; i++) {
			struct loop_watch *watch = loop->watches[i];
			short revents = loop->polled[i].revents;

			if (revents && !watch->dead && watch->events != -1)
				watch->fn(watch->data, watch->fd, revents);
		}
	if (loop->sweep)
		sweep(loop);
}

int loop_run(struct loop *loop)
{
	loop->quit = false;
	while (!loop->quit)
		loop_turn(loop, -1);
	return loop->status;
}

void loop_quit(struct loop *loop, int status)
{
	loop->quit = true;
	loop->status = status;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	/* Each removes itself from the list, which the analyser does not see. */
	while (loop->children)
		loop_child_forget(loop->children); /* NOLINT(clang-analyzer-unix.Malloc) */
	while (loop->timers)
		loop_timer_free(loop->timers); /* NOLINT(clang-analyzer-unix.Malloc) */
	if (loop->signal_fd >= 0)
		close(loop->signal_fd);
	for (size_t i = 0; i < loop->count; i++)
		free(loop->watches[i]);
	free(loop->watches);
	free(loop->polled);
	free(loop);
}
