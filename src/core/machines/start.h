/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_START_H
#define CORE_MACHINES_START_H

#include "core/machines/identity.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/problem.h"

#include <stdbool.h>

struct error;
struct record_io;
struct store;
struct vm_config;

/*
 * Prepares a start, in the same way for the screen and for every subcommand: collects all problems of the VM,
 * conflicting MAC addresses and the plan, and finds out whether to ask the user first. Creates nothing.
 */
enum start_option {
	START_DRY = 1 << 0,		/* only to show it: use placeholders instead of a new UUID and MAC address */
	START_TOLERANT = 1 << 1,	/* problems that QEMU itself would report are warnings, for `run` */
	START_RUNS = 1 << 2,		/* it is already running, so ignore problems of the host: they would be its own ports and taps */
	START_ALONE = 1 << 3		/* do not check other VMs, for which all profiles must be read */
};

enum start_verdict {
	START_REFUSED,			/* see the problems */
	START_READY,			/* perhaps with warnings */
	START_NEEDS_UEFI		/* ready if UEFI is enabled, which is not set */
};

struct start {
	enum start_verdict verdict;
	bool planned;			/* the plan is complete, regardless of the verdict */
	struct plan plan;
	struct problems problems;	/* a MAC conflict comes first, since some views show only one line */
};

/* options: enum start_option. The caller must finish `out`, regardless of the verdict. */
void start_prepare(struct start *out, struct store *, const struct record_io *, const struct vm_config *, unsigned options);
void start_finish(struct start *);
/* The pure part of start_prepare: returns the verdict and turns problems into errors or warnings. */
enum start_verdict start_judge(const struct vm_config *, bool planned, struct problems *, unsigned options);

/*
 * Reads the configuration for starting a profile (by name), an image or a state directory (by absolute path). For a
 * state directory, that is the image that it was created for. Initialises `out`.
 */
bool start_config(struct store *, enum vm_ref_kind, const char *name, struct vm_config *out, struct error *);
/* The same with UEFI enabled, after the user agreed to START_NEEDS_UEFI. This is saved to a profile; otherwise it
 * applies only to this start. */
bool start_config_with_uefi(struct store *, enum vm_ref_kind, const char *name, struct vm_config *out, struct error *);

#endif
