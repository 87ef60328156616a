/* SPDX-License-Identifier: MIT */
#include "core/machines/clone.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/control/drives.h"
#include "core/machines/idle_disks.h"
#include "core/machines/new_profile.h"
#include "core/qemu/host/layout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct cloning {
	bool linked;
	struct idle_disks from;
	struct job *job;
};

static struct job_step *begin_step(struct cloning *c, const char *file, uint64_t size, const char *what)
{
	struct job_step *step = job_add_step(c->job, file, size);

	step->what = mem_printf("%s %s", what, file);
	strv_add(&step->argv, c->from.facts.qemu_img ? c->from.facts.qemu_img : "qemu-img");
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
	uint64_t size = host_file(&c->from.facts, drive->path)->size;
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

static void clone_image(struct cloning *c, const struct drive_plan *drive)
{
	struct vm_config *profile = &c->job->profile;
	const char *format;
	char *file = add_disk(c, drive, "boot-disk", &format);
	char *path = path_join(c->job->directory, file);

	vm_config_set(profile, SET_IMAGE, path);
	vm_config_set(profile, SET_BOOT_FORMAT, format);
	free(path);
	free(file);
}

static void clone_disk(struct cloning *c, size_t i, const struct drive_plan *drive)
{
	struct vm_disk *disk = &c->from.spec.disks[i];
	char *stem = mem_printf("disk-%zu", i + 1), *text;
	const char *format = NULL;

	/* One that the first start creates is the clone's own then, too. */
	free(disk->path);
	disk->path = drive->creates ? mem_printf("%s.%s", stem, disk->format ? disk->format : "qcow2")
	                            : add_disk(c, drive, stem, &format);
	if (format) {
		free(disk->format);
		disk->format = mem_strdup(format);
	}
	text = vm_disk_format(disk);
	strv_replace(&c->job->profile.value[SET_DISK], i, text);
	free(text);
	free(stem);
}

static void copy_uefi(struct cloning *c)
{
	static const char *const names[] = { LAYOUT_UEFI_VARS, LAYOUT_UEFI_COMBINED };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_join(c->from.state, names[i]);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
			add_copy(c, path, "raw", names[i], (uint64_t)st.st_size);
		free(path);
	}
}

static bool describe(struct cloning *c, struct error *err)
{
	for (size_t i = 0; i < c->from.count; i++) {
		const struct idle_disk *disk = &c->from.items[i];

		if (disk->index == DRIVE_IMAGE_INDEX)
			clone_image(c, &disk->drive);
		else
			clone_disk(c, (size_t)disk->index, &disk->drive);
	}
	copy_uefi(c);
	return !c->job->step_count || c->from.facts.qemu_img ||
	       error_set(err, "qemu-img is not in PATH; install it (Debian: qemu-utils)");
}

bool clone_prepare(struct store *store, const struct vm_config *from, const char *to, bool linked, struct job *out,
                   struct error *err)
{
	struct cloning c = { .linked = linked, .job = out };
	bool good;

	job_init(out);
	good = new_profile_name_check(store, to, err) && idle_disks_open(from, &c.from, err);
	if (good) {
		const char *place;
		char *expanded;

		new_profile_clone(store, from, to, &out->profile);
		place = vm_config_get(&out->profile, SET_STATE);
		expanded = path_expand(place ? place : "");
		out->title = mem_printf("cloning %s to %s", from->name, to);
		out->vm = mem_strdup(from->name);
		out->directory = path_full(expanded);
		free(expanded);
		strv_add(&out->states, c.from.state);
		good = describe(&c, err);
	}
	idle_disks_finish(&c.from);
	return good;
}
