/* SPDX-License-Identifier: MIT */
#ifndef UI_MODEL_MODEL_USAGE_H
#define UI_MODEL_MODEL_USAGE_H

#include "core/usage/usage.h"

#include <stddef.h>

struct guest_figures;
struct model;
struct running_vm;

/*
 * What the running machines use of the host, sampled at most once a second and only while a view shows it: a view that
 * is on the screen calls model_usage_want when it appears and after each change of the model. A sample is a change of
 * the model, so that the next one follows; when no view asks any more, or nothing runs, there is no timer.
 */

/* Until this is called nothing is sampled. root: put in front of /proc and /sys; borrowed. */
void model_usage_allow(struct model *, const char *root);
/* uuid: of the machine whose counters of disks and network are wanted too; NULL: of none. */
void model_usage_want(struct model *, const char *uuid);
/* Takes a sample of all machines now, as the timer does. now_ms: as of loop_now. */
void model_usage_sample(struct model *, uint64_t now_ms);

/* The machine's figures and their course; NULL: not sampled (yet). Borrowed until the next turn. */
const struct usage *model_usage(const struct model *, const struct running_vm *);
/* What its QEMU has said of the machine whose counters are wanted; NULL: nothing yet. Borrowed until the next turn. */
const struct guest_figures *model_guest(const struct model *, const struct running_vm *);
/* The sums over all machines. Returns false if nothing has been sampled. */
struct usage_sums {
	double cpu;		/* percent of one CPU; negative: not known yet */
	uint64_t resident;	/* bytes */
	uint64_t host_memory;	/* bytes; 0: unknown */
};
bool model_usage_sums(const struct model *, struct usage_sums *);

#endif
