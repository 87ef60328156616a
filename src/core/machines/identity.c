/* SPDX-License-Identifier: MIT */
#include "core/machines/identity.h"

#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "core/qemu/host/gather.h"

#include <stdlib.h>
#include <strings.h>

bool vm_entry_is_of_profile(const struct registry_entry *entry)
{
	return text_equal(entry->kind, "profile");
}

bool vm_entry_is_of_image(const struct registry_entry *entry, const char *image, same_path_fn *same_path)
{
	return image && entry->image && !vm_entry_is_of_profile(entry) && same_path(image, entry->image);
}

bool vm_entry_stands_for_image(const struct registry_entry *entry)
{
	struct vm_ref ref = { .kind = VM_REF_IMAGE };
	bool elsewhere, stands;
	char *place;

	if (!entry->image || vm_entry_is_of_profile(entry))
		return false;
	ref.state = place = host_state_place(entry->image, path_base(entry->image), &elsewhere);
	stands = vm_ref_is(&ref, entry, text_equal);
	free(place);
	return stands;
}

static bool is_profile(const struct vm_ref *ref, const struct registry_entry *entry, same_path_fn *same_path)
{
	bool same_state = ref->state && entry->state && same_path(ref->state, entry->state);
	bool same_name = ref->name && text_equal(ref->name, entry->name);

	/* A copied profile has the UUID of another VM, but not its directory or its name. */
	if (ref->uuid && !strcasecmp(ref->uuid, entry->uuid))
		return !ref->state || same_state || same_name;
	/* If the profile is not read yet, or cannot be, only its name is known. */
	if (!ref->state)
		return same_name && vm_entry_is_of_profile(entry);
	return same_state;
}

bool vm_ref_is(const struct vm_ref *ref, const struct registry_entry *entry, same_path_fn *same_path)
{
	if (ref->kind == VM_REF_PROFILE)
		return is_profile(ref, entry, same_path);
	return ref->state && entry->state && same_path(ref->state, entry->state);
}
