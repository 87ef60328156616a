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
 * The running VMs of this user: $XDG_STATE_HOME/paddock/run/ with UUID.ini,
 * UUID.lock and UUID.sock for each keeper. The lock is authoritative: an entry
 * whose lock is free is stale, and any reader takes the lock and removes it.
 */
struct registry_entry {
	char uuid[37];
	char *name;
	char *state;		/* absolute; "" if the entry does not say, which a keeper's does */
	char *image;		/* absolute */
	char *kind;		/* "profile" or "run" */
	pid_t pid;		/* of the keeper */
	time_t started;
};

struct registry_list {
	struct registry_entry *items;
	size_t count;
};

/*
 * Returns the directory, created (0700) if missing; the caller frees it. Fails if
 * it belongs to another user, is accessible to others, or if HOME does not belong
 * to the effective user (sudo).
 */
char *registry_dir(struct error *);
/* The same for another directory of records that only this user may read, by its name in $XDG_STATE_HOME/paddock. */
char *registry_private_dir(const char *name, struct error *);
/* Lists the entries whose lock is held, sorted by name, and removes stale ones. A missing directory gives an empty list. */
bool registry_read(const struct record_io *, struct registry_list *, struct error *);
void registry_list_finish(struct registry_list *);
/* Returns an inotify descriptor that is readable when an entry is added or removed, or -1 and an error. */
int registry_watch(struct error *);
void registry_drain(int fd);
/* Returns a socket connected to the keeper of this UUID, or -1 and an error. */
int registry_connect(const char *uuid, struct error *);

/* A keeper's own entry, once it has the lock. */
struct registry_claim;

enum registry_outcome {
	REGISTRY_OK,
	REGISTRY_HELD,		/* another process has it, perhaps only briefly */
	REGISTRY_FAILED
};

enum registry_outcome registry_claim(const char *uuid, struct registry_claim **out, struct error *);
/* Returns a listening socket, which the caller closes, or -1 and an error. */
int registry_listen(const struct registry_claim *, struct error *);
/* Writes UUID.ini, which makes the entry visible. */
bool registry_publish(const struct registry_claim *, const struct record_io *, const struct registry_entry *,
                      struct error *);
/* Removes the files and releases the lock. Accepts NULL. */
void registry_release(struct registry_claim *);

#endif
