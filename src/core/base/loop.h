/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_LOOP_H
#define CORE_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

/*
 * The event loop of a process. Each turn runs expired timers, then the idle
 * hook (which draws), then poll, then each ready source once. A callback may
 * free any watch, timer or child, including its own; freed ones are never
 * called again, not even later in the same turn.
 *
 * While no timer is armed and nothing is ready, the process makes no system
 * calls.
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

/* events: as for poll(2). The caller keeps ownership of the descriptor. */
struct loop_watch *loop_watch(struct loop *, int fd, short events, loop_fd_fn *, void *data);
void loop_watch_events(struct loop_watch *, short events);	/* 0: only errors and hang-ups; -1: nothing at all */
void loop_unwatch(struct loop_watch *);		/* accepts NULL */

struct loop_timer *loop_timer(struct loop *, loop_fn *, void *data);	/* not armed */
void loop_timer_arm(struct loop_timer *, uint64_t ms);	/* from now; replaces an earlier time */
void loop_timer_disarm(struct loop_timer *);
bool loop_timer_armed(const struct loop_timer *);
void loop_timer_free(struct loop_timer *);	/* accepts NULL */

/*
 * Blocks a signal in this process and delivers it to the function, through a
 * signalfd. A second call for the same signal replaces the function. Children
 * of child_spawn start without blocked signals.
 */
bool loop_signal(struct loop *, int signo, loop_signal_fn *, void *data, struct error *);

/*
 * Calls back once when the child has exited, and reaps it. Uses a pidfd or, if
 * the kernel or a container does not allow that, SIGCHLD.
 */
struct loop_child *loop_child(struct loop *, pid_t, loop_child_fn *, void *data, struct error *);
/*
 * Signals a child that has not been reaped. Its pid is still its own: only this loop reaps it, and the handle ends with
 * that. So plain kill(2) is safe here where the kernel has no pidfd.
 */
void loop_child_signal(const struct loop_child *, int signo);
void loop_child_forget(struct loop_child *);	/* no longer calls back or reaps the child */

void loop_idle(struct loop *, loop_fn *, void *data);	/* called before each poll; NULL for none */
int loop_run(struct loop *);			/* runs until loop_quit; returns its status */
/*
 * Runs one turn and waits at most `timeout` ms (-1: without limit), or not at all if a timer was due, because its
 * callback may have done what the caller waits for. For tests and for a last flush.
 */
void loop_turn(struct loop *, int timeout);
void loop_quit(struct loop *, int status);
uint64_t loop_now(void);			/* CLOCK_MONOTONIC in ms */

#endif
