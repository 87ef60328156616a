/* SPDX-License-Identifier: MIT */
#include "core/machines/profile_disk.h"

#include "core/base/error.h"
#include "core/control/disk_grow.h"
#include "core/control/disk_remove.h"
#include "core/control/drives.h"
#include "core/machines/profile_change.h"

#include <stdlib.h>

struct saved_disk {
	const char *state;
	const char *file;
	uint64_t mib;		/* its new size; 0: to be removed */
};

static bool edit_disk(struct vm_config *config, void *data)
{
	const struct saved_disk *saved = data;
	struct strv now = { 0 };
	struct drive_files files;
	struct error ignored;
	int disk;
	bool changed;

	drive_files_of(config, saved->state, &files);
	changed = drive_files_find(&files, saved->file, &disk, &ignored) && disk != DRIVE_IMAGE_INDEX;
	if (changed && saved->mib) {
		char *text = disk_text_grown(files.values.items[disk], saved->mib);

		strv_copy(&now, &files.values);
		strv_replace(&now, (size_t)disk, text);
		free(text);
	} else if (changed) {
		disks_without(&files, (size_t)disk, &now);
	}
	changed = changed && !strv_equal(&now, &files.values);
	if (changed)
		strv_copy(&config->value[SET_DISK], &now);
	strv_finish(&now);
	drive_files_finish(&files);
	return changed;
}

bool profile_disk_grow(struct store *store, const char *name, const char *state, const char *file, uint64_t mib, struct error *err)
{
	return profile_edit_saved(store, name, edit_disk, &(struct saved_disk){ state, file, mib }, err);
}

bool profile_disk_remove(struct store *store, const char *name, const char *state, const char *file, struct error *err)
{
	return profile_edit_saved(store, name, edit_disk, &(struct saved_disk){ state, file, 0 }, err);
}
