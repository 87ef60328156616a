/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_LOOP_H
#define CORE_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

/*
 * The one poll() of a process. A turn: expired timers, then the idle hook
 * (which draws), then poll, then every ready source once. A callback may
 * free any watch, timer or child, its own included: what is freed is never
 * called again, not even later in the same turn.
 *
 * Without a timer armed and nothing ready the process makes no system call.
 */
struct loop;
struct loop_watch;
struct loop_timer;
struct loop_child;

typedef void loop_fd_fn(void *data, int fd, short revents);
typedef void loop_fn(void *data);
typedef void loop_signal_fn(void *data, int signo);
typedef void loop_child_fn(void *data, pid_t pid, int status);	/* status as of waitpid */

struct loop *loop_new(void);
void loop_free(struct loop *);

/* events as of poll(2); the descriptor stays the caller's. */
struct loop_watch *loop_watch(struct loop *, int fd, short events, loop_fd_fn *, void *data);
void loop_watch_events(struct loop_watch *, short events);	/* 0: only errors and hang-up; -1: nothing at all */
void loop_unwatch(struct loop_watch *);		/* NULL is fine */

struct loop_timer *loop_timer(struct loop *, loop_fn *, void *data);	/* not armed */
void loop_timer_arm(struct loop_timer *, uint64_t ms);	/* from now; replaces an earlier one */
void loop_timer_disarm(struct loop_timer *);
bool loop_timer_armed(const struct loop_timer *);
void loop_timer_free(struct loop_timer *);	/* NULL is fine */

/*
 * Blocks the signal in this process and delivers it here, by a signalfd.
 * One handler a signal; a second call replaces it. children made by
 * child_spawn start with no signal blocked.
 */
bool loop_signal(struct loop *, int signo, loop_signal_fn *, void *data, struct error *);

/*
 * Calls back once when the child has ended, and reaps it. By pidfd; where
 * the kernel or a container refuses that, by SIGCHLD.
 */
struct loop_child *loop_child(struct loop *, pid_t, loop_child_fn *, void *data, struct error *);
void loop_child_forget(struct loop_child *);	/* no call any more, nothing is reaped */

void loop_idle(struct loop *, loop_fn *, void *data);	/* before each poll; NULL for none */
int loop_run(struct loop *);			/* until loop_quit; returns its status */
/* One turn; waits at most timeout ms (-1: for ever). For tests and for a last flush. */
void loop_turn(struct loop *, int timeout);
void loop_quit(struct loop *, int status);
uint64_t loop_now(void);			/* CLOCK_MONOTONIC in ms */

#endif
