/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_VM_LOCKS_H
#define CORE_KEEPER_RUN_VM_LOCKS_H

#include <stdbool.h>

struct error;
struct loop;
struct plan;
struct record_io;

/*
 * The two locks that ensure that a VM runs only once: that of its UUID in the
 * registry, and that of its state directory. A run that has just ended may
 * still hold either of them, so a timer retries for a moment.
 */
struct vm_locks;

typedef void vm_locks_fn(void *data, const struct error *);	/* NULL: both locks are held */

struct vm_locks *vm_locks_new(struct loop *, const struct record_io *, const struct plan *, vm_locks_fn *, void *data);
void vm_locks_begin(struct vm_locks *, unsigned wait_ms);	/* may call back before it returns */
/* Releases both locks and removes the registry entry. Accepts NULL. */
void vm_locks_free(struct vm_locks *);

bool vm_locks_complete(const struct vm_locks *);	/* both locks are held */
/*
 * Checks again, right before QEMU opens files there by name, that the state directory is the locked one, belongs to
 * this user, and that none of paddock's files in it is a link, a FIFO or a device.
 */
bool vm_locks_trusts(const struct vm_locks *, struct error *);
int vm_locks_lock_fd(const struct vm_locks *);	/* that of the state directory */
/* Registers the VM. Returns a listening socket, which the caller closes, or -1. */
int vm_locks_publish(const struct vm_locks *, struct error *);

#endif
