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
 * What comes before a start, the same for the screen and for every subcommand: everything that is wrong with the
 * VM, another VM with its MAC address, the plan, and whether somebody has to be asked first. Nothing is created.
 */
enum start_option {
	START_DRY = 1 << 0,		/* only shown: placeholders stand for the UUID and the MAC address that a start would make */
	START_TOLERANT = 1 << 1,	/* what QEMU judges itself is a warning: `run` */
	START_RUNS = 1 << 2,		/* it is already running: about the host, only its own ports and taps would be reported */
	START_ALONE = 1 << 3		/* other VMs are not looked at: all profiles are read for that */
};

enum start_verdict {
	START_REFUSED,			/* problems says why */
	START_READY,			/* there may be warnings */
	START_NEEDS_UEFI		/* it would be ready with UEFI, which nobody has turned on or off */
};

struct start {
	enum start_verdict verdict;
	bool planned;			/* the plan is complete, whatever the verdict */
	struct plan plan;
	struct problems problems;	/* a MAC conflict comes first: some readers have room for one line only */
};

/* options: enum start_option. out is to be finished whatever the verdict. */
void start_prepare(struct start *out, struct store *, const struct record_io *, const struct vm_config *, unsigned options);
void start_finish(struct start *);
/* The pure part of it: what these problems mean for a start, and which of them are errors or warnings then. */
enum start_verdict start_judge(const struct vm_config *, bool planned, struct problems *, unsigned options);

/*
 * The configuration that a profile (by name), an image or a state directory (by absolute path) starts with. An image
 * is a quick launch, and so is the image that a state directory was made for. out: initialised by this.
 */
bool start_config(struct store *, enum vm_ref_kind, const char *name, struct vm_config *out, struct error *);
/* The same after a yes to START_NEEDS_UEFI: a profile keeps it, for anything else it holds for this start. */
bool start_config_with_uefi(struct store *, enum vm_ref_kind, const char *name, struct vm_config *out, struct error *);

#endif
