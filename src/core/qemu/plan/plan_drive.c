/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan_drive.h"

#include "core/base/alloc.h"
#include "core/qemu/plan/build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct build begin(const struct vm_spec *spec, const struct host_facts *facts, struct plan *plan,
                          struct problems *problems)
{
	struct build b = { .spec = spec, .facts = facts, .plan = plan, .problems = problems };

	b.arch = layout_arch(spec, facts);
	b.boot = layout_boot(spec, facts);
	return b;
}

void plan_disk(const struct vm_spec *spec, const struct host_facts *facts, size_t i, struct drive_plan *out,
               struct problems *problems)
{
	*out = (struct drive_plan){ .path = layout_disk(spec, facts, i) };

	struct build b = begin(spec, facts, &out->plan, problems);
	const struct file_fact *file = host_file(facts, out->path);
	const char *format = build_disk_format(&b, i, file);

	build_disk_steps(&b, i);
	out->is_device = file->kind == FILE_BLOCK;
	out->creates = file->kind == FILE_MISSING;
	/* `run` lets QEMU probe the format of a disk; a running VM's disk has been used by a guest by the next time. */
	out->format = mem_strdup(format ? format : build_kept_format(file));
}

void plan_boot_disk(const struct vm_spec *spec, const struct host_facts *facts, struct drive_plan *out, struct problems *problems)
{
	*out = (struct drive_plan){ .path = mem_strdup(spec->image) };

	struct build b = begin(spec, facts, &out->plan, problems);
	const struct file_fact *file = host_file(facts, out->path);
	const char *trouble = file_trouble(file);

	if (trouble)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s: %s", out->path, trouble);
	else if (b.boot != BOOT_DISK)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s does not boot as a disk", out->path);
	else
		build_boot_format_steps(&b);
	out->is_device = file->kind == FILE_BLOCK;
	out->format = mem_strdup(spec->boot_format ? spec->boot_format : build_kept_format(file));
}

void plan_cd(const struct vm_spec *spec, const struct host_facts *facts, const char *path, struct problems *problems)
{
	const struct file_fact *file = host_file(facts, path);
	const char *trouble = file_trouble(file);
	struct plan plan = { 0 };
	struct build b = begin(spec, facts, &plan, problems);

	if (trouble)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s: %s", path, trouble);
	else if (file->empty)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s is empty", path);
	else if (file->format && strcmp(file->format, "raw"))
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s is not an ISO but a %s disk image", path, file->format);
	else if (file->not_disk)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s %s", path, file->not_disk);
	else
		build_check_access(&b, SET_IMAGE, -1, path, &file->access, false);
	plan_finish(&plan);
}

void plan_resize_args(const struct host_facts *facts, const char *path, const char *format, uint64_t bytes, struct strv *argv)
{
	strv_add(argv, facts->qemu_img ? facts->qemu_img : "qemu-img");
	strv_add(argv, "resize");
	strv_add(argv, "-q");
	strv_add(argv, "-f");
	strv_add(argv, format);
	strv_take(argv, layout_img_path(path));
	strv_addf(argv, "%" PRIu64, bytes);
}

void drive_plan_finish(struct drive_plan *drive)
{
	plan_finish(&drive->plan);
	free(drive->path);
	free(drive->format);
	*drive = (struct drive_plan){ 0 };
}
