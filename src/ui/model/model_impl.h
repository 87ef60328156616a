/* SPDX-License-Identifier: MIT */
#ifndef UI_MODEL_MODEL_IMPL_H
#define UI_MODEL_MODEL_IMPL_H

#include "core/base/map.h"
#include "core/base/strv.h"
#include "core/keeper/run/registry.h"
#include "core/machines/pending.h"
#include "core/usage/usage.h"
#include "ui/model/model.h"

/*
 * The internals of the model, for model.c (the items), model_look.c (reading
 * them), model_run.c (running machines), model_stop.c (stopping them),
 * model_apply.c (changes of them) and model_usage.c only.
 */
struct control_job;

struct item_list {
	struct item **all;	/* sorted by name */
	size_t count, size;
	struct item **shown;	/* the items that are not hidden */
	size_t shown_count;
	struct map by_name;
};

/* A machine and the connection that reports its state. */
struct runner {
	struct running_vm machine;
	struct registry_entry entry;	/* borrows the machine's strings */
	struct model *model;
	struct keeper_client *watch;	/* NULL: not connected to the keeper */
	struct control_job *ping, *shutdown;	/* what its guest agent was asked; NULL: nothing, or it has answered */
	bool registered, registered_once;
	struct apply *apply;		/* changes under way, to what the profile says; NULL: none */
	struct pending applied;		/* all that differed when they began */
	struct usage *usage;		/* NULL: not sampled */
	struct guest_inquiry *guest;	/* what its QEMU has said; NULL: never asked */
	uint64_t asked;			/* when, as of loop_now */
	pid_t usage_pid;		/* the QEMU that it is or was about */
};

/* A QEMU that another program started, watched until it ends. */
struct foreign_watch {
	struct model *model;
	struct loop_watch *watch;
	int fd;
	pid_t pid;
};

#define WANTED 256

struct model {
	struct loop *loop;
	struct store *store;
	const struct record_io *records;
	struct model_events events;
	void *data;

	struct item_list lists[ITEM_KINDS];
	struct map used_images, used_states;	/* paths that belong to a listed profile or image */
	unsigned generation;
	enum item_kind expected_kind;
	char *expected;		/* NULL: nothing */

	struct loop_timer *slice;
	struct item *wanted[WANTED];
	size_t wanted_count;
	size_t next_profile;	/* the next to be read when no item is wanted */
	struct strv searched;	/* directories of the library, as of the last search */
	bool scanning;
	unsigned scan;

	struct loop_timer *countdown;	/* armed while a machine's end is waited for */
	struct loop_watch *store_watch, *registry_watch;
	int registry_fd;
	struct runner **runners;
	size_t runner_count, runner_size;
	struct foreign_watch **foreigns;
	size_t foreign_count, foreign_size;
	struct {
		struct loop_timer *timer;	/* NULL: not allowed */
		const char *root;
		bool wanted;		/* a view has asked since the last sample */
		char counted[37];	/* the UUID of the machine whose counters are wanted; "": none */
		uint64_t sampled;	/* when, as of loop_now; 0: never */
		uint64_t host_memory;	/* bytes; 0: not read yet */
	} usage;
	bool changed;		/* call events.changed at the end of the slice */
	struct {
		bool known;		/* since the last change */
		size_t failed, off;
	} counts;
	bool regroup;		/* hidden flags are out of date */
};

/* model.c */
void model_tell(struct model *);
void model_more(struct model *);		/* schedules a slice */
struct item *model_add(struct model *, enum item_kind, const char *name);
void model_hide(struct model *, struct item *by);	/* marks the image and state directory of this item as used */
struct item *model_get(const struct model *, enum item_kind, const char *name);

/* model_look.c */
void model_look(struct model *, struct item *, bool at_state);	/* at_state: reads its state directory too */
void model_look_finish(struct model *);
/* Compares a profile that was read with what runs from it, after a start. */
void model_look_pending(struct model *, struct item *);
/* The first published port, such as ":8080", followed by "+" if there are more; NULL if none. The caller frees it. */
char *model_publish_text(const struct vm_config *);

/* model_run.c */
struct runner *model_runner(const struct model *, const char *uuid);	/* NULL: it does not run */
void model_run_begin(struct model *);
void model_run_finish(struct model *);
void model_read_registry(struct model *);

#endif
