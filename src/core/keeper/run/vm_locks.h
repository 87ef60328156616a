/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_VM_LOCKS_H
#define CORE_KEEPER_RUN_VM_LOCKS_H

#include <stdbool.h>

struct error;
struct loop;
struct plan;
struct record_io;

/*
 * The two locks that make a VM run only once: its UUID's in the registry
 * and its state directory's. Either may still be falling from a run that
 * just ended, so both are waited for a moment, by a timer.
 */
struct claim;

typedef void claim_fn(void *data, const struct error *);	/* NULL: both are ours */

struct claim *claim_new(struct loop *, const struct record_io *, const struct plan *, claim_fn *, void *data);
void claim_begin(struct claim *, unsigned wait_ms);	/* the answer may come before it returns */
/* Lets go of everything; the registry's entry is removed. NULL is fine. */
void claim_free(struct claim *);

bool claim_complete(const struct claim *);	/* both locks are held */
/*
 * Checks again, right before QEMU opens files there by name, that the state directory is the one that is locked, is
 * nobody else's, and that no file of ours in it is a link, a FIFO or a device.
 */
bool claim_trusts(const struct claim *, struct error *);
int claim_lock_fd(const struct claim *);	/* of the state directory */
/* Registers the VM; a listening socket, the caller's, or -1. */
int claim_publish(const struct claim *, struct error *);

/* Whether a state directory's lock is held by anybody; false where there is none. */
bool state_is_locked(const char *state_dir);
/* By whom, for a message: "'web' (pid 4711)"; NULL: by nobody. The caller's. */
char *state_holder(const char *state_dir);

#endif
