/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_REGISTRY_H
#define CORE_KEEPER_RUN_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct error;
struct record_io;

/*
 * What runs, of this user: $XDG_STATE_HOME/paddock/run/ with UUID.ini,
 * UUID.lock and UUID.sock for each keeper. The lock is the truth; an entry
 * whose lock is free is stale and removed by whoever finds it, lock in hand.
 */
struct registry_entry {
	char uuid[37];
	char *name;
	char *state;		/* absolute */
	char *image;		/* absolute */
	char *kind;		/* "profile" or "run" */
	pid_t pid;		/* the keeper's */
	time_t started;
};

struct registry_list {
	struct registry_entry *items;
	size_t count;
};

/*
 * The directory, made (0700) if missing. Refused when it is not ours, is
 * open to others, or HOME belongs to another user than the effective one (sudo).
 * The caller's.
 */
char *registry_dir(struct error *);
/* Entries whose lock is held, sorted by name; stale ones are removed. A missing directory is an empty list. */
bool registry_read(const struct record_io *, struct registry_list *, struct error *);
void registry_list_finish(struct registry_list *);
/* inotify descriptor that is readable when an entry comes or goes; -1 and error where that fails. */
int registry_watch(struct error *);
void registry_drain(int fd);
/* A connected socket to the keeper of this UUID; -1 and the reason. */
int registry_connect(const char *uuid, struct error *);

/* A keeper's own entry, from the lock on. */
struct registry_claim;

enum registry_outcome {
	REGISTRY_OK,
	REGISTRY_HELD,		/* somebody else has it, maybe not for long */
	REGISTRY_FAILED
};

enum registry_outcome registry_claim(const char *uuid, struct registry_claim **out, struct error *);
/* A listening socket, the caller's, or -1. */
int registry_listen(const struct registry_claim *, struct error *);
/* Writes UUID.ini; from here on others see the entry. */
bool registry_publish(const struct registry_claim *, const struct record_io *, const struct registry_entry *,
                      struct error *);
/* Removes the files and lets go of the lock. NULL is fine. */
void registry_release(struct registry_claim *);

#endif
