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
 * Finds the VM that a word on the command line refers to: the name of a profile, the first
 * digits of a UUID (at least 4), the path of an image, of a kernel prefix or of a state
 * directory, or the name of a running VM without a profile.
 */
struct vm_target {
	struct vm_config config;
	bool has_config;		/* false: it is running, but neither a profile nor an image was found */
	bool is_profile;
	char *broken;			/* why the profile of a running VM cannot be read; there is then no config */
	char *state;			/* absolute; NULL if not known */
	bool running;
	struct registry_entry entry;	/* valid if running */
};

bool vm_target_find(const char *word, struct store *, const struct record_io *, struct vm_target *out, struct error *);
/* The VM of an entry. Only for one without a profile is there a configuration: its image, if it has one. */
void vm_target_of_entry(const struct registry_entry *, struct vm_target *out);
void vm_target_finish(struct vm_target *);
/*
 * Returns true, with the reason in err, if a VM without a registered keeper may be running anyway: its state
 * directory is in use, because the registry entry was removed or another VM uses the directory.
 */
bool vm_target_is_held(const struct vm_target *, const char *word, struct error *);
/* Returns true, with the reason in err, if a profile is off but another VM with its name is running. */
bool vm_target_namesake_runs(const struct vm_target *, const char *word, const struct record_io *records, struct error *err);
bool vm_target_is_profile(const char *word, struct store *);	/* true even if the profile is invalid */

#endif
