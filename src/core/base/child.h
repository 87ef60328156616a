/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CHILD_H
#define CORE_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

/* A descriptor the child gets beside 0, 1 and 2: `from` here is `to` there. */
struct child_fd {
	int from;
	int to;
};

/*
 * What to run and with what. Everything not named is as in this process,
 * but: signals are at their defaults and none is blocked, and no other
 * descriptor gets through (ours are O_CLOEXEC).
 */
struct child_spec {
	const char *path;		/* executed as it is, no search in PATH */
	char *const *argv;
	const char *cwd;		/* NULL: ours */
	int in, out, err;		/* -1: /dev/null */
	const struct child_fd *extra;
	size_t extra_count;
	bool new_session;		/* setsid() */
	int death_signal;		/* as child_follow; 0: none */
};

/*
 * Start it; returns when exec has happened. -1 and the error ("PATH: No
 * such file or directory") when anything up to and with exec failed; then
 * there is no child to reap. CLOEXEC is cleared in the child only.
 */
pid_t child_spawn(const struct child_spec *, struct error *);

/* For a child that was forked and goes on as it is: ends by this signal when its parent does, at once if it has already. */
bool child_follow(pid_t parent, int signo);

/* Full path of NAME in PATH (as execvp finds it: regular, executable; empty and
 * relative entries count), or NULL. A NAME with a slash is checked as it is. */
char *child_find(const char *name);

/* "exit status 3", "signal 9 (Killed)" of a waitpid status, into buf. */
const char *child_status_text(int status, char *buf, size_t size);

#endif
