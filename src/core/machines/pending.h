/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_PENDING_H
#define CORE_MACHINES_PENDING_H

#include "core/vm/config.h"

#include <stdbool.h>
#include <stddef.h>

struct plan;
struct record_io;
struct store;

/*
 * The settings in which a profile differs from the VM that runs from it, and
 * what becomes of such a change: a description counts at once, QEMU can change
 * some settings while it runs (live, core/control/change.h), the others wait for
 * a restart, each for its own reason.
 *
 * Spellings of the same value are equal (512 and 512M, an unset value and its
 * default), and so are settings that a save only adds to a profile: its UUID,
 * its state directory, the format of a disk. Of metadata, only whether there is
 * a text is compared and shown, because the text may contain passwords.
 */
struct pending_change {
	enum vm_setting setting;
	char *now, *next;	/* values as in a profile; NULL: not set, or not an element of a repeatable setting */
	bool live;		/* QEMU can change it while it runs */
};

struct pending {
	struct pending_change *items;	/* in the order of the settings; of one setting, removed elements come first */
	size_t count, size;
};

/*
 * Appends the differences. runs: the settings of the start, as started_read reads them; argv: the arguments of the
 * start, perhaps none; uuid: that of the running VM. A changed element of a repeatable setting is one that is removed
 * and one that is added.
 */
void pending_compare(struct pending *, const struct vm_config *runs, const struct plan *argv, const char *uuid,
                     const struct vm_config *next);
/* The same with the record in a state directory. Returns false, and appends nothing, if it cannot be read. */
bool pending_read(struct pending *, const struct record_io *, const char *state_dir, const char *uuid,
                  const struct vm_config *next);
/* The same with a saved profile. Fails, with nothing appended, if that or the record cannot be read. */
bool pending_of_profile(struct pending *, struct store *, const struct record_io *, const char *name, const char *state_dir,
                        const char *uuid, struct error *);
/* Returns true if there is a change of this setting with these values. */
bool pending_has(const struct pending *, const struct pending_change *);
void pending_finish(struct pending *);	/* leaves it empty */

/*
 * The settings whose changes are live, or that wait for a restart, each once, as one line of words for people: "memory,
 * boot mode". count: how many. The caller frees it.
 */
char *pending_words(const struct pending *, bool live, size_t *count);
/* All changed settings, each once, as named in messages: "vm.memory", "boot.mode". */
void pending_names(const struct pending *, struct strv *out);
/* One word or two for a setting on the screen: "memory", "network mode". */
const char *pending_word(enum vm_setting);
/* The value for people, with a default where none is set: "512", "1024 (default)". The caller frees it. */
char *pending_value(const struct pending_change *, bool next);
/* Why such a change waits for a restart; NULL if it is live. */
const char *pending_why(const struct pending_change *);

#endif
