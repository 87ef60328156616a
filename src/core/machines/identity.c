/* SPDX-License-Identifier: MIT */
#include "core/machines/identity.h"

#include "core/base/str.h"
#include "core/keeper/run/registry.h"

#include <strings.h>

static bool is_profile(const struct vm_ref *ref, const struct registry_entry *entry, same_path_fn *same_path)
{
	bool same_state = ref->state && entry->state && same_path(ref->state, entry->state);
	bool same_name = ref->name && text_equal(ref->name, entry->name);

	/* A copied profile has the UUID of another VM, but not its directory or its name. */
	if (ref->uuid && !strcasecmp(ref->uuid, entry->uuid))
		return !ref->state || same_state || same_name;
	/* If the profile is not read yet, or cannot be, only its name is known. */
	if (!ref->state)
		return same_name && text_equal(entry->kind, "profile");
	return same_state;
}

bool vm_ref_is(const struct vm_ref *ref, const struct registry_entry *entry, same_path_fn *same_path)
{
	if (ref->kind == VM_REF_PROFILE)
		return is_profile(ref, entry, same_path);
	return ref->state && entry->state && same_path(ref->state, entry->state);
}
