/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_IDENTITY_H
#define CORE_MACHINES_IDENTITY_H

#include <stdbool.h>

struct registry_entry;

/*
 * The one rule that says which running VM is which: is this entry of the
 * registry that profile, image or state directory? Pure, but for what same_path does.
 */
enum vm_ref_kind {
	VM_REF_PROFILE,
	VM_REF_IMAGE,		/* as a quick launch starts it: in the state directory that follows from its path */
	VM_REF_STATE
};

/* What a VM is known by; NULL: not known. Borrowed. */
struct vm_ref {
	enum vm_ref_kind kind;
	const char *name;	/* of a profile */
	const char *uuid;	/* of a profile */
	const char *state;	/* state directory, absolute */
};

/* text_equal where both are spelled by us; path_same where a user wrote one of them. */
typedef bool same_path_fn(const char *a, const char *b);

bool vm_ref_is(const struct vm_ref *, const struct registry_entry *, same_path_fn *same_path);

#endif
