/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_APPLY_H
#define CORE_MACHINES_APPLY_H

#include "core/base/strv.h"

#include <stddef.h>

struct control_vm;
struct pending;

/*
 * Makes a running VM as its profile is by now, as far as QEMU can do that while it runs: all live changes of a pending,
 * one after the other. One that fails does not stop those after it.
 */
struct apply;

struct apply_outcome {
	size_t done;
	struct strv errors;	/* of each change that failed, with its setting */
};

/* Called once, perhaps before apply_run returns; then the apply is freed. */
typedef void apply_done_fn(void *data, const struct apply_outcome *);

/* Copies what it needs, except for the connection. Nothing is changed yet. */
struct apply *apply_new(const struct control_vm *, const struct pending *, apply_done_fn *, void *data);
void apply_run(struct apply *);
/* Frees it without a call; a change that has begun goes on. Must be called before the connection is closed. Accepts NULL. */
void apply_cancel(struct apply *);

/* "2 changes applied; memory waits for a restart": what to tell the user, with the errors. The caller frees it. */
char *apply_text(const struct apply_outcome *, const struct pending *);

#endif
