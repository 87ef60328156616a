/* SPDX-License-Identifier: MIT */
#include "core/machines/grow_disk.h"

#include "core/base/error.h"
#include "core/control/disk_grow.h"
#include "core/control/drives.h"
#include "core/machines/run_program.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/plan/plan_drive.h"


static bool resize(const struct host_facts *facts, const struct drive_plan *drive, uint64_t mib, struct error *err)
{
	const struct file_fact *file = host_file(facts, drive->path);
	struct strv argv = { 0 };
	bool good;

	if (drive->creates)
		return error_set(err, "%s is created by the first start; change its size in the profile", drive->path);
	/* The size of some formats is not known; qemu-img refuses to shrink too. */
	if (file->size && !disk_grows(file->size, mib, err))
		return false;
	if (!facts->qemu_img)
		return error_set(err, "qemu-img is not in PATH; install it (Debian: qemu-utils)");
	plan_resize_args(facts, drive->path, drive->format, mib << 20, &argv);
	good = run_program(&argv, NULL, err);
	strv_finish(&argv);
	return good;
}

bool grow_disk(const struct vm_config *given, const char *state, int disk, uint64_t mib, struct error *err)
{
	enum vm_setting setting = disk == DRIVE_IMAGE_INDEX ? SET_IMAGE : SET_DISK;
	struct problems problems = { 0 };
	struct drive_plan drive;
	struct vm_spec spec = { 0 };
	struct host_facts facts;
	struct vm_config config;
	bool good = true;

	vm_config_init(&config, given->origin);
	vm_config_copy(&config, given);
	vm_config_set(&config, SET_STATE, state);
	vm_spec_read(&config, NULL, &spec, &problems);
	host_gather(&spec, false, &facts, &problems);
	if (disk == DRIVE_IMAGE_INDEX)
		plan_boot_disk(&spec, &facts, &drive, &problems);
	else
		plan_disk(&spec, &facts, (size_t)disk, &drive, &problems);
	for (size_t i = 0; i < problems.count && good; i++) {
		const struct problem *problem = &problems.items[i];

		if (problem->setting == setting && problem->severity != PROBLEM_WARNING && (disk < 0 || problem->index == disk))
			good = error_set(err, "%s", problem->text);
	}
	good = good && resize(&facts, &drive, mib, err);
	drive_plan_finish(&drive);
	problems_finish(&problems);
	host_facts_finish(&facts);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	return good;
}
