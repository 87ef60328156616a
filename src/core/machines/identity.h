/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_IDENTITY_H
#define CORE_MACHINES_IDENTITY_H

#include <stdbool.h>

struct registry_entry;

/*
 * The rule that decides whether a running VM, an entry of the registry, is that
 * of a given profile, image or state directory. Pure, except for same_path.
 */
enum vm_ref_kind {
	VM_REF_PROFILE,
	VM_REF_IMAGE,		/* started directly, in the default state directory of the image */
	VM_REF_STATE
};

/* The identity of a VM. Members are borrowed, and NULL if not known. */
struct vm_ref {
	enum vm_ref_kind kind;
	const char *name;	/* of a profile */
	const char *uuid;	/* of a profile */
	const char *state;	/* state directory, absolute */
};

/* text_equal if paddock wrote both paths; path_same if the user wrote one of them. */
typedef bool same_path_fn(const char *a, const char *b);

bool vm_ref_is(const struct vm_ref *, const struct registry_entry *, same_path_fn *same_path);

/* Returns true if the VM was started from a profile, which may have been deleted since; otherwise it is a quick launch. */
bool vm_entry_is_of_profile(const struct registry_entry *);
/* Returns true for a quick launch of this image, in any state directory. */
bool vm_entry_is_of_image(const struct registry_entry *, const char *image, same_path_fn *same_path);
/* Returns true for a quick launch in the default state directory of its image. Looks at files. */
bool vm_entry_stands_for_image(const struct registry_entry *);

#endif
