/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_RESOLVE_H
#define CORE_MACHINES_RESOLVE_H

#include "core/keeper/run/registry.h"
#include "core/vm/config.h"

#include <stdbool.h>

struct error;
struct record_io;
struct store;

/*
 * The VM that a word on the command line means: a profile's name, the first
 * digits of a UUID (at least 4), the path of an image, of a kernel's prefix or of a state
 * directory, or the name of a running VM without a profile.
 */
struct machine {
	struct vm_config config;
	bool has_config;		/* false: runs, but neither profile nor image was found */
	bool is_profile;
	char *broken;			/* why the profile of a VM that runs cannot be read; then there is no config */
	char *state;			/* absolute; NULL if unknown */
	bool running;
	struct registry_entry entry;	/* if running */
};

bool machine_find(const char *word, struct store *, const struct record_io *, struct machine *out, struct error *);
void machine_finish(struct machine *);
/*
 * Why a VM that no keeper is registered for may run all the same: its state directory is in use (somebody
 * removed the keeper's entry, or another VM has the directory). False: it is free.
 */
bool machine_is_held(const struct machine *, const char *word, struct error *);
/* Whether a profile that is off has the name of another VM that runs, which may be meant; err says which. */
bool machine_namesake_runs(const struct machine *, const char *word, const struct record_io *records, struct error *err);
bool machine_is_profile(const char *word, struct store *);	/* broken or not */

#endif
