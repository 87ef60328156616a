/* SPDX-License-Identifier: MIT */
#ifndef UI_MODEL_MODEL_H
#define UI_MODEL_MODEL_H

#include "ui/model/item.h"

#include "core/keeper/clients/client.h"

#include <stddef.h>

struct error;
struct loop;
struct plan;
struct record_io;
struct registry_entry;
struct store;

/*
 * Everything that the screens show: profiles (from the store), images and
 * state directories (from the library), running machines (from the registry
 * and keepers), and how runs ended (from last-run.ini). Names are read first;
 * the rest is read in slices between turns, beginning with the items that were
 * passed to model_want.
 *
 * Items and machines belong to the model and may be freed after any turn:
 * views keep names.
 */
struct model;

struct model_events {
	void (*changed)(void *data);			/* something changed that a view may show */
	void (*said)(void *data, const char *text);	/* a message of one line for the user */
	void (*restart)(void *data, enum item_kind, const char *name);	/* the item's machine has ended, for model_restart: start it */
};

struct model *model_new(struct loop *, struct store *, const struct record_io *,
                        const struct model_events *, void *data);
void model_free(struct model *);
/* Reads the names and the running machines, and begins to search the library. */
void model_begin(struct model *);
/* Runs all waiting slices at once: for tests. */
void model_settle(struct model *);
void model_rescan(struct model *);	/* searches the library again */

/* The items of a kind that are listed, sorted by name. */
size_t model_count(const struct model *, enum item_kind);
const struct item *model_item(const struct model *, enum item_kind, size_t index);
const struct item *model_find(const struct model *, enum item_kind, const char *name);
/* Grows when items are added or removed; positions in the list are then invalid. */
unsigned model_generation(const struct model *);
bool model_searching(const struct model *);
/* The item is on the screen: read it soon. */
void model_want(struct model *, const struct item *);
/* An action has created this item: select it when it is listed. model_made returns it once, then NULL. */
void model_expect(struct model *, enum item_kind, const char *name);
const struct item *model_made(struct model *);
size_t model_running(const struct model *);	/* how many machines run under paddock */
/* "2 running  1 failed  11 off": all that runs, and the profiles that do not. */
void model_summary(struct model *, char *buf, size_t size);

/* The running machine of an item, or NULL if none runs under paddock. */
const struct running_vm *model_running_vm(const struct model *, const struct item *);
const struct running_vm *model_running_vm_by_uuid(const struct model *, const char *uuid);
/* The running machine of each listed item of this kind, by index; NULL: none runs under paddock. The caller frees the array. */
const struct running_vm **model_machines_of(const struct model *, enum item_kind);
void model_status(const struct model *, const struct item *, struct status *);
/* The item that a running machine belongs to, its profile if there is one; NULL if none is listed. The caller frees it. */
struct item_key *model_item_of(const struct model *, const char *uuid);
/* The registry entry, for connecting a console; NULL if there is none (yet). Borrowed. */
const struct registry_entry *model_entry(const struct model *, const char *uuid);

/* Starts the plan for this item. The progress of the start shows in the item's status. */
bool model_launch(struct model *, const struct item *, const struct plan *, struct error *);
/* The connection to its keeper, for changes (core/control); NULL if there is none. Borrowed. */
struct keeper_client *model_keeper(const struct model *, const char *uuid);
/* Returns false if the machine is not running or its keeper does not answer. */
bool model_command(struct model *, const char *uuid, enum keeper_command);
/*
 * Takes a step to stop the machine; the time for it counts down in its running_vm, once a second while a machine is
 * waited for. Returns as model_command.
 */
bool model_stop(struct model *, const char *uuid, enum stop_step);
/* Asks whether a guest agent answers; if so, its running_vm says that there is one. */
void model_look_for_agent(struct model *, const char *uuid);
/* As model_stop with the power button, unless a step was taken already; events.restart follows when the machine has ended. */
bool model_restart(struct model *, const char *uuid);
/* Neither waits for its end nor starts it again; what it was asked for cannot be taken back. */
void model_stop_cancel(struct model *, const char *uuid);
/* The names of the machines that are being restarted: "web, db"; NULL: none. The caller frees it. */
char *model_restarting(const struct model *);

/*
 * Changes the running machine of a profile to what the profile says by now, as far as that is possible while it runs.
 * The outcome is said when it is over. Returns false, with the reason, if nothing can be changed.
 */
bool model_apply(struct model *, const struct item *, struct error *);

#endif
