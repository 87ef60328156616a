/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_CLIENTS_LISTENERS_H
#define CORE_KEEPER_CLIENTS_LISTENERS_H

/*
 * Who wants to hear QEMU's events besides the owner of a client: changes that wait for
 * one. Private to client.c, which client.h speaks for. A listener may be removed, and
 * others added, while one is being called.
 */
struct keeper_listener;

typedef void listener_fn(void *data, const char *name, const char *detail);

struct listeners {
	struct keeper_listener *first;
	unsigned calling;		/* how deep; removed listeners are freed at 0 */
};

struct keeper_listener *listeners_add(struct listeners *, listener_fn *, void *data);
void listeners_remove(struct keeper_listener *);	/* accepts NULL */
void listeners_call(struct listeners *, const char *name, const char *detail);
/* Calls all with name NULL and the reason, and frees them. */
void listeners_end(struct listeners *, const char *why);

#endif
