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
 * All that the screens show, brought together: profiles (the store), images
 * and state directories (the library), what runs (registry and keepers), how
 * things ended (last-run.ini). Names come first; the rest is looked at in
 * slices between turns, what model_want asked for before everything else.
 *
 * Items and machines belong to the model and may be gone after any turn:
 * views keep names.
 */
struct model;

struct model_events {
	void (*changed)(void *data);			/* something that a view may show */
	void (*said)(void *data, const char *text);	/* one line for the user */
};

struct model *model_new(struct loop *, struct store *, const struct record_io *,
                        const struct model_events *, void *data);
void model_free(struct model *);
/* Read names and what runs; begin the search of the library. */
void model_begin(struct model *);
/* Do all of the waiting slices at once: for tests. */
void model_settle(struct model *);
void model_rescan(struct model *);	/* search the library again */

/* Items of a kind that are to be listed, sorted by name. */
size_t model_count(const struct model *, enum item_kind);
const struct item *model_item(const struct model *, enum item_kind, size_t index);
const struct item *model_find(const struct model *, enum item_kind, const char *name);
/* Grows when items came or went: what a list remembers by position is then void. */
unsigned model_generation(const struct model *);
bool model_searching(const struct model *);
/* This one is on the screen: look at it soon. */
void model_want(struct model *, const struct item *);
/* What an action has just made is to be selected as soon as it is listed; model_made tells the list once. */
void model_expect(struct model *, enum item_kind, const char *name);
const struct item *model_made(struct model *);
size_t model_running(const struct model *);	/* machines of ours */
/* "2 running of 14" */
void model_summary(const struct model *, char *buf, size_t size);

/* What runs for an item; NULL: nothing of ours. */
const struct machine *model_machine(const struct model *, const struct item *);
const struct machine *model_machine_by_uuid(const struct model *, const char *uuid);
void model_status(const struct model *, const struct item *, struct status *);
/* As the registry has it, for connecting a console; false: not (yet) there. The entry is borrowed. */
const struct registry_entry *model_entry(const struct model *, const char *uuid);

/* Start what the plan says for this item; the rest is told by changes of its status. */
bool model_launch(struct model *, const struct item *, const struct plan *, struct error *);
/* false: it does not run, or its keeper does not answer. */
bool model_command(struct model *, const char *uuid, enum keeper_command);

#endif
