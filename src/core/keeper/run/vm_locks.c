/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/vm_locks.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/lock.h"
#include "core/keeper/run/plan_runner.h"
#include "core/keeper/run/registry.h"
#include "core/keeper/run/started.h"
#include "core/keeper/run/state_lock.h"
#include "core/qemu/plan/plan_data.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define RETRY_MS 25

struct vm_locks {
	struct loop *loop;
	const struct record_io *io;
	const struct plan *plan;
	vm_locks_fn *fn;
	void *data;
	struct registry_claim *entry;
	int lock;			/* -1 while not held */
	bool uuid_is_held;			/* the UUID is in use, not the directory */
	struct loop_timer *retry;
	uint64_t deadline;
};

struct vm_locks *vm_locks_new(struct loop *loop, const struct record_io *io, const struct plan *plan, vm_locks_fn *fn,
                              void *data)
{
	struct vm_locks *locks = mem_alloc(sizeof(*locks));

	*locks = (struct vm_locks){ .loop = loop, .io = io, .plan = plan, .fn = fn, .data = data, .lock = -1 };
	return locks;
}

void vm_locks_free(struct vm_locks *locks)
{
	if (!locks)
		return;
	loop_timer_free(locks->retry);
	registry_release(locks->entry);
	if (locks->lock >= 0)
		close(locks->lock);
	free(locks);
}

bool vm_locks_complete(const struct vm_locks *locks)
{
	return locks->entry && locks->lock >= 0;
}

int vm_locks_lock_fd(const struct vm_locks *locks)
{
	return locks->lock;
}

/* Returns "'web' (pid 4242)" for the registry entry with this UUID or state directory, or NULL. */
static char *holder(const struct vm_locks *locks, const char *uuid, const char *state)
{
	struct registry_list list;
	struct error err;
	char *who = NULL;

	if (!registry_read(locks->io, &list, &err))
		return NULL;
	for (size_t i = 0; i < list.count && !who; i++) {
		const struct registry_entry *entry = &list.items[i];

		if ((uuid && text_equal(entry->uuid, uuid)) || (state && path_same(entry->state, state)))
			who = mem_printf("'%s' (pid %ld, state directory %s)", entry->name, (long)entry->pid, entry->state);
	}
	registry_list_finish(&list);
	return who;
}

bool vm_locks_trusts(const struct vm_locks *locks, struct error *err)
{
	const char *state = locks->plan->state_absolute;
	char *path = path_join(state, STATE_LOCK);
	bool same = lock_is_there(locks->lock, path);

	free(path);
	if (!same)
		return error_set(err, "%s is no longer the directory that was locked for this start", state);
	return state_dir_trusts(state, err);
}

static enum registry_outcome lock_state(struct vm_locks *locks, struct error *err)
{
	static const enum registry_outcome outcomes[] = {
		[STATE_LOCK_TAKEN] = REGISTRY_OK, [STATE_LOCK_HELD] = REGISTRY_HELD, [STATE_LOCK_FAILED] = REGISTRY_FAILED,
	};

	if (!plan_runner_make_directories(locks->plan, err))
		return REGISTRY_FAILED;
	locks->uuid_is_held = false;
	return outcomes[state_lock(locks->plan->state_absolute, locks->plan->name, &locks->lock, err)];
}

static void try_now(void *data)
{
	struct vm_locks *locks = data;
	struct error err;
	const struct plan *plan = locks->plan;
	enum registry_outcome outcome = REGISTRY_OK;
	char *who = NULL;

	if (!locks->entry) {
		outcome = registry_claim(plan->uuid, &locks->entry, &err);
		locks->uuid_is_held = true;
	}
	if (outcome == REGISTRY_OK)
		outcome = lock_state(locks, &err);
	if (outcome == REGISTRY_HELD && loop_now() < locks->deadline) {
		loop_timer_arm(locks->retry, RETRY_MS);
		return;
	}
	if (outcome == REGISTRY_HELD && locks->uuid_is_held) {
		who = holder(locks, plan->uuid, NULL);
		error_set(&err, "UUID %s is already running, as %s", plan->uuid, who ? who : "a VM that is starting or ending");
	} else if (outcome == REGISTRY_HELD) {
		who = holder(locks, NULL, plan->state_absolute);
		if (!who)
			who = state_holder(plan->state_absolute);
		error_set(&err, "the state directory %s is in use by %s", plan->state_absolute, who ? who : "another process");
	}
	free(who);
	locks->fn(locks->data, outcome == REGISTRY_OK ? NULL : &err);
}

void vm_locks_begin(struct vm_locks *locks, unsigned wait_ms)
{
	locks->retry = loop_timer(locks->loop, try_now, locks);
	locks->deadline = loop_now() + wait_ms;
	try_now(locks);
}

int vm_locks_publish(const struct vm_locks *locks, struct error *err)
{
	const struct plan *plan = locks->plan;
	struct error ignored;

	/* The record of an earlier start would be wrong. Replacing it instead makes ext4 begin to write to the disk at once. */
	started_forget(plan->state_absolute);
	(void)started_write(locks->io, plan, &ignored);

	int listener = registry_listen(locks->entry, err);
	struct registry_entry entry = {
		.name = plan->name, .state = plan->state_absolute, .image = plan->image, .kind = plan->kind,
		.pid = getpid(), .started = time(NULL),
	};

	if (listener >= 0 && !registry_publish(locks->entry, locks->io, &entry, err)) {
		close(listener);
		return -1;
	}
	return listener;
}
