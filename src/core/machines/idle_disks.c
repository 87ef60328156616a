/* SPDX-License-Identifier: MIT */
#include "core/machines/idle_disks.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/drives.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/state_dir.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/layout.h"
#include "core/vm/config.h"

#include <stdlib.h>

static bool is_idle(const struct vm_config *config, const char *state, struct error *err)
{
	char *holder = state_holder(state);
	pid_t pid;

	if (holder)
		error_set(err, "%s is in use by %s; this needs its disks, and can be done when it is off", config->name, holder);
	else if (foreign_qemu_probe(state, &pid) == FOREIGN_RUNS)
		error_set(err, "QEMU (pid %d) is running in %s; stop it first", (int)pid, state);
	else
		return true;
	free(holder);
	return false;
}

/* The first problem of this setting that a start would report. index -1: any. */
static bool is_fine(const struct idle_disks *disks, enum vm_setting setting, int index, struct error *err)
{
	for (size_t i = 0; i < disks->problems.count; i++) {
		const struct problem *problem = &disks->problems.items[i];

		/* What is only read need not be writable. */
		if (problem->setting == setting && (index < 0 || problem->index == index) && problem->severity == PROBLEM_ERROR)
			return error_set(err, "%s", problem->text);
	}
	return true;
}

static bool is_unused(const struct idle_disks *disks, const char *path, struct error *err)
{
	const struct image_access *access = &host_file(&disks->facts, path)->access;

	return access->use != IMAGE_WRITTEN ||
	       error_set(err, "%s is in use by %s, which writes to it", path, access->holder ? access->holder : "another process");
}

static bool add(struct idle_disks *disks, int index, struct error *err)
{
	disks->items = mem_resize(disks->items, disks->count + 1, sizeof(*disks->items));

	struct idle_disk *disk = &disks->items[disks->count++];

	disk->index = index;
	if (index == DRIVE_IMAGE_INDEX)
		plan_boot_disk(&disks->spec, &disks->facts, &disk->drive, &disks->problems);
	else
		plan_disk(&disks->spec, &disks->facts, (size_t)index, &disk->drive, &disks->problems);
	return (index == DRIVE_IMAGE_INDEX ? is_fine(disks, SET_IMAGE, -1, err) && is_fine(disks, SET_BOOT_FORMAT, -1, err)
	                                   : is_fine(disks, SET_DISK, index, err)) &&
	       is_unused(disks, disk->drive.path, err);
}

bool idle_disks_open(const struct vm_config *config, struct idle_disks *out, struct error *err)
{
	static const enum vm_setting read[] = { SET_IMAGE, SET_DISK, SET_BOOT_MODE, SET_BOOT_FORMAT, SET_STATE };

	*out = (struct idle_disks){ .state = state_dir_of(config) };
	if (!out->state)
		return error_set(err, "%s has no image", config->name);
	if (!is_idle(config, out->state, err))
		return false;
	vm_spec_read(config, NULL, &out->spec, &out->problems);
	host_gather(&out->spec, false, &out->facts, &out->problems);
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		if (!is_fine(out, read[i], -1, err))
			return false;
	if (layout_boot(&out->spec, &out->facts) == BOOT_DISK && !add(out, DRIVE_IMAGE_INDEX, err))
		return false;
	for (size_t i = 0; i < out->spec.disk_count; i++)
		if (!add(out, (int)i, err))
			return false;
	return out->facts.qemu_img || out->count == 0 ||
	       error_set(err, "qemu-img is not in PATH; install it (Debian: qemu-utils)");
}

void idle_disks_finish(struct idle_disks *disks)
{
	for (size_t i = 0; i < disks->count; i++)
		drive_plan_finish(&disks->items[i].drive);
	free(disks->items);
	free(disks->state);
	problems_finish(&disks->problems);
	host_facts_finish(&disks->facts);
	vm_spec_finish(&disks->spec);
	*disks = (struct idle_disks){ 0 };
}
