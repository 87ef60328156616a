/* SPDX-License-Identifier: MIT */
#include "core/machines/clone.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/state_lock.h"
#include "core/machines/foreign_qemu.h"
#include "core/machines/new_profile.h"
#include "core/machines/state_dir.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/plan/plan_drive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct cloning {
	const char *state;		/* of the original */
	bool linked;
	struct vm_spec spec;		/* of the original */
	struct host_facts facts;
	struct problems problems;
	struct job *job;
};

static bool is_idle(const struct vm_config *from, const char *state, struct error *err)
{
	char *holder = state_holder(state);
	pid_t pid;

	if (holder)
		error_set(err, "%s is in use by %s; its disks can be cloned when it is off", from->name, holder);
	else if (foreign_qemu_probe(state, &pid) == FOREIGN_RUNS)
		error_set(err, "QEMU (pid %d) is running in %s; stop it first", (int)pid, state);
	else
		return true;
	free(holder);
	return false;
}

/* The first problem of this setting and index that a start would report; -1: any index. */
static bool is_fine(const struct cloning *c, enum vm_setting setting, int index, struct error *err)
{
	for (size_t i = 0; i < c->problems.count; i++) {
		const struct problem *problem = &c->problems.items[i];

		/* What is only read need not be writable. */
		if (problem->setting == setting && (index < 0 || problem->index == index) && problem->severity == PROBLEM_ERROR)
			return error_set(err, "%s", problem->text);
	}
	return true;
}

static bool is_unused(const struct cloning *c, const char *path, struct error *err)
{
	const struct image_access *access = &host_file(&c->facts, path)->access;

	return access->use != IMAGE_WRITTEN ||
	       error_set(err, "%s is in use by %s, which writes to it", path, access->holder ? access->holder : "another process");
}

static struct job_step *begin_step(struct cloning *c, const char *file, uint64_t size, const char *what)
{
	struct job_step *step = job_add_step(c->job, file, size);

	step->what = mem_printf("%s %s", what, file);
	strv_add(&step->argv, c->facts.qemu_img ? c->facts.qemu_img : "qemu-img");
	return step;
}

static void add_copy(struct cloning *c, const char *path, const char *format, const char *file, uint64_t size)
{
	struct job_step *step = begin_step(c, file, size, "copying");

	/* Written through the page cache, and to the disk before qemu-img exits. */
	static const char *const before[] = { "convert", "-p", "-t", "writeback", "-f" };
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		strv_add(&step->argv, before[i]);
	strv_add(&step->argv, format);
	strv_add(&step->argv, "-O");
	strv_add(&step->argv, format);
	strv_take(&step->argv, layout_img_path(path));
	strv_add(&step->argv, file);
}

static void add_link(struct cloning *c, const char *path, const char *format, const char *file, uint64_t size)
{
	struct job_step *step = begin_step(c, file, size, "creating");

	/* Pinned: the guest of the original decides what a raw disk begins with. */
	static const char *const before[] = { "create", "-q", "-f", "qcow2", "-F" };
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		strv_add(&step->argv, before[i]);
	strv_add(&step->argv, format);
	strv_add(&step->argv, "-b");
	strv_add(&step->argv, path);
	strv_add(&step->argv, file);
	step->accept = true;
}

/* Adds the step for one disk. Returns its new file name, which the caller frees, and sets *format to a static text or drive's. */
static char *add_disk(struct cloning *c, const struct drive_plan *drive, const char *stem, const char **format)
{
	char *full = path_full(drive->path);
	uint64_t size = host_file(&c->facts, drive->path)->size;
	char *file;

	*format = c->linked ? "qcow2" : drive->format;
	file = mem_printf("%s.%s", stem, *format);
	if (c->linked)
		add_link(c, full, drive->format, file, size);
	else
		add_copy(c, full, drive->format, file, size);
	free(full);
	return file;
}

static bool clone_image(struct cloning *c, struct error *err)
{
	struct vm_config *profile = &c->job->profile;
	struct drive_plan drive;
	const char *format;
	bool good;

	if (layout_boot(&c->spec, &c->facts) != BOOT_DISK)
		return true;
	plan_boot_disk(&c->spec, &c->facts, &drive, &c->problems);
	good = is_fine(c, SET_IMAGE, -1, err) && is_fine(c, SET_BOOT_FORMAT, -1, err) && is_unused(c, drive.path, err);
	if (good) {
		char *file = add_disk(c, &drive, "boot-disk", &format);
		char *path = path_join(c->job->directory, file);

		vm_config_set(profile, SET_IMAGE, path);
		vm_config_set(profile, SET_BOOT_FORMAT, format);
		free(path);
		free(file);
	}
	drive_plan_finish(&drive);
	return good;
}

static void set_disk(struct vm_config *profile, size_t index, const struct vm_disk *disk)
{
	char *text = vm_disk_format(disk);

	strv_replace(&profile->value[SET_DISK], index, text);
	free(text);
}

static bool clone_disk(struct cloning *c, size_t i, struct error *err)
{
	struct vm_disk *disk = &c->spec.disks[i];
	struct drive_plan drive;
	bool good;

	plan_disk(&c->spec, &c->facts, i, &drive, &c->problems);
	good = is_fine(c, SET_DISK, (int)i, err) && is_unused(c, drive.path, err);
	if (good) {
		char *stem = mem_printf("disk-%zu", i + 1);
		const char *format = NULL;

		/* One that the first start creates is the clone's own then, too. */
		free(disk->path);
		disk->path = drive.creates ? mem_printf("%s.%s", stem, disk->format ? disk->format : "qcow2")
		                           : add_disk(c, &drive, stem, &format);
		if (format) {
			free(disk->format);
			disk->format = mem_strdup(format);
		}
		set_disk(&c->job->profile, i, disk);
		free(stem);
	}
	drive_plan_finish(&drive);
	return good;
}

static void copy_uefi(struct cloning *c)
{
	static const char *const names[] = { LAYOUT_UEFI_VARS, LAYOUT_UEFI_COMBINED };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(c->state, names[i]);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
			add_copy(c, path, "raw", names[i], (uint64_t)st.st_size);
		free(path);
	}
}

static bool describe(struct cloning *c, const struct vm_config *from, struct error *err)
{
	static const enum vm_setting read[] = { SET_IMAGE, SET_DISK, SET_BOOT_MODE, SET_BOOT_FORMAT, SET_STATE };

	vm_spec_read(from, NULL, &c->spec, &c->problems);
	host_gather(&c->spec, false, &c->facts, &c->problems);
	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		if (!is_fine(c, read[i], -1, err))
			return false;
	if (!clone_image(c, err))
		return false;
	for (size_t i = 0; i < c->spec.disk_count; i++)
		if (!clone_disk(c, i, err))
			return false;
	copy_uefi(c);
	if (c->job->step_count && !c->facts.qemu_img)
		return error_set(err, "qemu-img is not in PATH; install it (Debian: qemu-utils)");
	return true;
}

bool clone_prepare(struct store *store, const struct vm_config *from, const char *to, bool linked, struct job *out,
                   struct error *err)
{
	struct cloning c = { .linked = linked, .job = out };
	char *state = state_dir_of(from);
	const char *place;
	bool good;

	job_init(out);
	c.state = state;
	if (!state) {
		error_set(err, "%s has no image", from->name);
		return false;
	}
	good = new_profile_name_check(store, to, err) && is_idle(from, state, err);
	if (good) {
		new_profile_clone(store, from, to, &out->profile);
		place = vm_config_get(&out->profile, SET_STATE);
		out->title = mem_printf("cloning %s to %s", from->name, to);
		out->vm = mem_strdup(from->name);
		char *expanded = path_expand(place ? place : "");
		out->directory = path_full(expanded);
		free(expanded);
		strv_add(&out->states, state);
		good = describe(&c, from, err);
	}
	problems_finish(&c.problems);
	host_facts_finish(&c.facts);
	vm_spec_finish(&c.spec);
	free(state);
	return good;
}
