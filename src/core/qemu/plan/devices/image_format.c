/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

void build_keep_format(struct build *b, const char *path, const char *format, bool given)
{
	struct plan_step *step = step_add(b, STEP_KEEP_FORMAT, mem_strdup(path), mem_printf("recording the format of %s", path));

	step->mode = given;
	step->bytes = mem_strdup(format);
	step->bytes_len = strlen(format);
}

static bool is_one_of(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names;
}

bool build_check_given_format(struct build *b, enum vm_setting setting, int index, const char *given, const struct file_fact *file)
{
	static const char *const known[] = {
		"raw", "qcow2", "vmdk", "vdi", "vhdx", "vpc", "qed", "qcow", "parallels", "luks", "dmg", "bochs", "cloop", NULL,
	};
	/* QEMU opens nothing as one of these that does not begin as they do. */
	static const char *const marked[] = { "qcow2", "vdi", "vhdx", "qed", NULL };

	if (!is_one_of(known, given))
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "'%s' is not a format that QEMU has for disks, such as raw, qcow2, vmdk or vdi", given);
	else if (file->format && !file->empty && is_one_of(marked, given) && strcmp(file->format, given))
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s is not a %s image; it looks like %s", file->path, given,
		            file->format);
	else
		return true;
	return false;
}

/* A guest can write a header to its raw disk that refers to any file of the host (D16). */
bool build_check_format(struct build *b, enum vm_setting setting, int index, const struct file_fact *file)
{
	const char *kept = file->kept_format;
	const char *record = b->facts->formats;
	const char *remedy = setting == SET_DISK ? "set format=" : b->boot == BOOT_ISO ? ""
	                     : b->spec->origin == CONFIG_PROFILE ? "set format =" : "give --boot-format";

	/* Once a file has been used as a disk, its content is up to the guest. */
	if (!kept && file->not_disk && !b->spec->force_raw) {
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s %s; to use it as a raw disk anyway, set %s",
		            file->path, file->not_disk,
		            setting == SET_DISK ? "format=raw" : b->spec->origin == CONFIG_PROFILE ? "force_raw = yes" : "--force-raw");
		return false;
	}
	if (!kept || !file->format || !strcmp(kept, file->format))
		return true;
	if (file->kind == FILE_BLOCK)
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s is a device that holds a %s image, which a guest may have written%s%s", file->path,
		            file->format, *remedy ? "; if this is intended, " : "", remedy);
	else
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s was %s when it was first used and now looks like %s, which a guest may have written; if you changed it, %s%sremove its line from %s",
		            file->path, kept, file->format, remedy, *remedy ? " or " : "", record ? record : "the record of formats");
	return false;
}

static void check_boot_image(struct build *b, const struct file_fact *file)
{
	const char *given = b->spec->boot_format;

	if (!file_is_image(file) || !file->format)
		return;
	build_check_access(b, SET_IMAGE, -1, file->path, &file->access,
	                   b->boot != BOOT_ISO && !build_root_is_read_only(b) && build_writes_disks(b));
	/* The CD of a profile is always raw; on a command line, QEMU probes its format. */
	if (b->boot == BOOT_ISO) {
		if (build_check_format(b, SET_IMAGE, -1, file) && b->spec->origin == CONFIG_COMMAND_LINE)
			build_check_chain(b, SET_IMAGE, -1, file);
		return;
	}
	/* A squashfs root is always used as a raw disk. */
	if (b->boot == BOOT_SQUASHFS && given && strcmp(given, "raw")) {
		problem_add(b->problems, PROBLEM_ERROR, SET_BOOT_FORMAT, -1, "a squashfs is always raw, not %s", given);
		return;
	}
	if (b->boot == BOOT_SQUASHFS && strcmp(file->format, "raw")) {
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s is not a squashfs but a %s image", file->path,
		            file->format);
		return;
	}
	if (given ? !build_check_given_format(b, SET_BOOT_FORMAT, -1, given, file) : !build_check_format(b, SET_IMAGE, -1, file))
		return;
	build_keep_format(b, file->path, given ? given : file->format, given != NULL);
	build_check_chain(b, SET_IMAGE, -1, file);
}

void build_boot_format_steps(struct build *b)
{
	if (b->boot != BOOT_DISK && b->boot != BOOT_SQUASHFS && b->boot != BOOT_ISO)
		return;

	char *path = mem_printf("%s%s", b->spec->image, b->boot == BOOT_SQUASHFS ? "-squashfs.img" : "");

	check_boot_image(b, host_file(b->facts, path));
	free(path);
}

const char *build_kept_format(const struct file_fact *file)
{
	return file->kept_format ? file->kept_format : file->format;
}
