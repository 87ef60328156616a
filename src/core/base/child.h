/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CHILD_H
#define CORE_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

/* A descriptor for the child in addition to 0, 1 and 2: `from` in this process becomes `to` in the child. */
struct child_fd {
	int from;
	int to;
};

/*
 * A program to run and its environment. Everything else is inherited, except
 * that signals have their default actions, none is blocked, and all other
 * descriptors are closed.
 */
struct child_spec {
	const char *path;		/* not searched for in PATH */
	char *const *argv;
	const char *cwd;		/* NULL: that of this process */
	int in, out, err;		/* -1: /dev/null */
	const struct child_fd *extra;
	size_t extra_count;
	bool new_session;		/* setsid() */
	int death_signal;		/* as for child_follow; 0 for none */
};

/*
 * Starts a child and returns after its exec. If anything fails, including the
 * exec, returns -1 and the error ("cannot start PATH: No such file or
 * directory"); there is then no child to reap.
 */
pid_t child_spawn(const struct child_spec *, struct error *);

/* For a forked child that does not exec: sends it `signo` when its parent exits, immediately if it already has. */
bool child_follow(pid_t parent, int signo);

/* Returns the full path of NAME in PATH as execvp would find it (regular, executable;
 * empty and relative entries count), or NULL. A NAME with a slash is only checked. The caller frees it. */
char *child_find(const char *name);

/* Writes "exit status 3" or "signal 9 (Killed)" for a waitpid status to buf, and returns buf. */
const char *child_status_text(int status, char *buf, size_t size);

#endif
