/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plan_step *step_add(struct build *b, enum plan_step_kind kind, char *path, char *what)
{
	struct plan *plan = b->plan;
	struct plan_step *step;

	if (plan->step_count == plan->step_size) {
		plan->step_size = plan->step_size ? 2 * plan->step_size : 8;
		plan->steps = mem_resize(plan->steps, plan->step_size, sizeof(*plan->steps));
	}
	step = &plan->steps[plan->step_count++];
	*step = (struct plan_step){ .kind = kind, .path = path, .what = what };
	return step;
}

static void add_write(struct build *b, const char *name, const char *text)
{
	char *path = layout_in_state(b->facts, name);
	struct plan_step *step = step_add(b, STEP_WRITE, path, mem_printf("writing %s", path));

	step->mode = 0600;
	step->bytes = mem_strdup(text);
	step->bytes_len = strlen(text);
}

static bool in_state_missing(const struct build *b, const char *name)
{
	char *path = layout_in_state(b->facts, name);
	bool missing = host_file(b->facts, path)->kind == FILE_MISSING;

	free(path);
	return missing;
}

/* Is the image that the record names gone, or ours by another name? */
static bool record_is_stale(const struct build *b)
{
	char *path = layout_in_state(b->facts, KEPT_IMAGE);
	const char *record = host_file(b->facts, path)->text;
	bool stale = !record || (strcmp(record, b->plan->image) && !b->facts->state_other);

	free(path);
	return stale;
}

static void check_state(struct build *b, const char *written)
{
	const struct file_fact *place = host_file(b->facts, written);
	const char *other = b->facts->state_other;
	const struct problem *image = problems_of(b->problems, SET_IMAGE, -1);

	/* Named after an image that is none: what is wrong is said already. */
	if (!b->spec->state && image && image->severity == PROBLEM_ERROR)
		return;
	if (place->error && place->error != ENOENT)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s: %s", written, strerror(place->error));
	else if (place->kind != FILE_MISSING && place->kind != FILE_DIRECTORY)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s: %s", written, strerror(ENOTDIR));
	if (b->facts->state_distrust)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "%s", b->facts->state_distrust);
	else if (b->facts->state_unwritable && !place->error && (place->kind == FILE_MISSING || place->kind == FILE_DIRECTORY))
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1, "you cannot write to %s: %s; use another directory", written,
		            strerror(b->facts->state_unwritable));
	if (!other || b->spec->origin == CONFIG_PROFILE)
		return;
	if (!b->spec->state)
		problem_add(b->problems, PROBLEM_ERROR, SET_STATE, -1,
		            "%s belongs to %s; give another directory with --state", b->facts->state, other);
	else
		problem_add(b->problems, PROBLEM_WARNING, SET_STATE, -1, "%s was made for %s", b->facts->state, other);
}

void build_keep_format(struct build *b, const char *path, const char *format, bool given)
{
	struct plan_step *step = step_add(b, STEP_KEEP_FORMAT, mem_strdup(path), mem_printf("noting the format of %s", path));

	step->mode = given;
	step->bytes = mem_strdup(format);
	step->bytes_len = strlen(format);
}

/*
 * A guest that owns a raw disk can write a header onto it that names any file of the host (D16).
 * false: the file looks like something else than it was when it was first used, which is then said.
 */
static bool check_format(struct build *b, enum vm_setting setting, int index, const struct file_fact *file)
{
	const char *kept = file->kept_format;
	const char *record = b->facts->formats;
	const char *remedy = setting == SET_DISK ? "set format=" : b->boot == BOOT_ISO ? ""
	                     : b->spec->origin == CONFIG_PROFILE ? "set format =" : "give --boot-format";

	/* On a disk of the guest's the bytes are the guest's business. */
	if (!kept && file->not_disk && !b->spec->force_raw) {
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s %s; %s uses it as a raw disk all the same",
		            file->path, file->not_disk,
		            setting == SET_DISK ? "format=raw" : b->spec->origin == CONFIG_PROFILE ? "force_raw = yes" : "--force-raw");
		return false;
	}
	if (!kept || !file->format || !strcmp(kept, file->format))
		return true;
	if (file->kind == FILE_BLOCK)
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s is a device that holds a %s image, which a guest may have written%s%s", file->path,
		            file->format, *remedy ? "; if that is meant, " : "", remedy);
	else
		problem_add(b->problems, PROBLEM_ERROR, setting, index,
		            "%s was %s when it was first used and looks like %s now, which a guest may have written; if you changed it, %s%sremove its line from %s",
		            file->path, kept, file->format, remedy, *remedy ? " or " : "", record ? record : "the record of formats");
	return false;
}

/* The root of a guest is never anything but the bytes themselves. */
static bool check_squashfs(struct build *b, const struct file_fact *file)
{
	const char *given = b->spec->boot_format;

	if (given && strcmp(given, "raw"))
		problem_add(b->problems, PROBLEM_ERROR, SET_BOOT_FORMAT, -1, "a squashfs is always raw, not %s", given);
	else if (strcmp(file->format, "raw"))
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s is not a squashfs but a %s image", file->path,
		            file->format);
	else
		return true;
	return false;
}

static void check_image(struct build *b, const struct file_fact *file)
{
	const char *given = b->spec->boot_format;

	if (!file_is_image(file) || !file->format)
		return;
	build_check_access(b, SET_IMAGE, -1, file->path, &file->access,
	                   b->boot != BOOT_ISO && !build_root_is_read_only(b) && build_writes_disks(b));
	/* A profile's CD is raw; QEMU probes that of a command line. */
	if (b->boot == BOOT_ISO) {
		if (check_format(b, SET_IMAGE, -1, file) && b->spec->origin == CONFIG_COMMAND_LINE)
			build_check_chain(b, SET_IMAGE, -1, file);
		return;
	}
	if (b->boot == BOOT_SQUASHFS && !check_squashfs(b, file))
		return;
	if (!given && !check_format(b, SET_IMAGE, -1, file))
		return;
	build_keep_format(b, file->path, given ? given : file->format, given != NULL);
	build_check_chain(b, SET_IMAGE, -1, file);
}

static void plan_state(struct build *b)
{
	char *written = layout_state_written(b->spec, b->facts);
	struct plan_step *step;

	check_state(b, written);
	if (host_file(b->facts, written)->kind != FILE_DIRECTORY) {
		step = step_add(b, STEP_MKDIR, mem_strdup(written), mem_printf("making %s", written));
		step->mode = 0700;
	}
	free(written);
	if (!b->spec->uuid && !b->facts->kept_uuid)
		add_write(b, KEPT_UUID, b->plan->uuid);
	if (record_is_stale(b))
		add_write(b, KEPT_IMAGE, b->plan->image);
	if (b->boot == BOOT_DISK || b->boot == BOOT_SQUASHFS || b->boot == BOOT_ISO) {
		char *path = mem_printf("%s%s", b->spec->image, b->boot == BOOT_SQUASHFS ? "-squashfs.img" : "");

		check_image(b, host_file(b->facts, path));
		free(path);
	}
	if (b->spec->net != NET_NONE && !b->spec->mac && in_state_missing(b, KEPT_MAC))
		add_write(b, KEPT_MAC, b->plan->mac);
}

bool build_has_data(const struct build *b)
{
	const struct vm_spec *spec = b->spec;

	return (spec->data && *spec->data) || (spec->data_file && *spec->data_file);
}

/* User data for cloud-init, whose first line says so (docs.cloud-init.io, "User data formats"). */
static bool is_cloud_config(const char *bytes, size_t len)
{
	static const char mark[] = "#cloud-config";
	size_t word = sizeof(mark) - 1;

	return len >= word && !memcmp(bytes, mark, word) && (len == word || strchr(" \t\r\n", bytes[word]));
}

static void plan_metadata(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const char *bytes = spec->data;
	struct plan_step *step;
	size_t len;
	char *path;

	if (!build_has_data(b))
		return;
	if (bytes && *bytes) {
		len = strlen(bytes);
	} else {
		const struct file_fact *file = host_file(b->facts, spec->data_file);
		const char *trouble = file->text && !file->error ? NULL : file_trouble(file);

		if (trouble)
			problem_add(b->problems, PROBLEM_ERROR, SET_DATA_FILE, -1, "%s: %s", spec->data_file, trouble);
		bytes = file->text ? file->text : "";
		len = file->text_len;
	}
	if (!spec->nocloud && is_cloud_config(bytes, len))
		problem_add(b->problems, PROBLEM_WARNING, SET_NOCLOUD, -1,
		            "the data begins with #cloud-config, which cloud-init finds only with %s",
		            spec->origin == CONFIG_PROFILE ? "nocloud = yes" : "--nocloud");
	path = layout_in_state(b->facts, "data.iso");
	step = step_add(b, STEP_METADATA_ISO, path, mem_printf("writing %s", path));
	step->mode = 0600;
	/* cloud-init takes a new instance for a new machine: a clone is set up anew. */
	if (spec->nocloud)
		step->meta = mem_printf("instance-id: %s\n", b->plan->uuid);
	step->bytes = mem_alloc(len + 1);
	memcpy(step->bytes, bytes, len);
	step->bytes_len = len;
}

/* The image of which the one that is named is a part, or the beginning of one; NULL: of none. The caller's. */
static char *whole_image(const struct build *b)
{
	char *stem = layout_stem(b->spec->image);
	char *kernel = stem ? mem_printf("%s-kernel", stem) : NULL;
	bool there = kernel && file_is_image(host_file(b->facts, kernel));

	free(kernel);
	if (there)
		return stem;
	free(stem);
	return NULL;
}

/* "; did you mean web.iso?" for who left the ending out or said too much, else ""; the caller's. */
static char *meant_image(const struct build *b)
{
	char *whole = whole_image(b);

	if (whole) {
		char *hint = mem_printf("; did you mean %s?", whole);

		free(whole);
		return hint;
	}
	for (const char *const *ending = layout_endings(); *ending; ending++) {
		char *path = mem_printf("%s%s", b->spec->image, *ending);
		bool there = file_is_image(host_file(b->facts, path));
		char *hint = there ? mem_printf("; did you mean %s?", path) : NULL;

		free(path);
		if (hint)
			return hint;
	}
	return mem_strdup("");
}

static void need_file(struct build *b, const char *suffix, const char *what)
{
	char *path = mem_printf("%s%s", b->spec->image, suffix);
	const char *trouble = file_trouble(host_file(b->facts, path));
	bool first = !*suffix || strcmp(suffix, "-kernel") == 0;
	char *hint = first ? meant_image(b) : mem_strdup("");

	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s %s: %s%s", what, path, trouble, hint);
	free(hint);
	free(path);
}

static void check_auto_boot(struct build *b)
{
	const char *image = b->spec->image;
	const struct file_fact *file = host_file(b->facts, image);

	char *kernel = mem_printf("%s-kernel", image), *hint = meant_image(b);

	if (file_is_image(file) || file_is_image(host_file(b->facts, kernel)))
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s boots only in ways that are ruled out", image);
	else if (file->kind == FILE_MISSING && file->error == ENOENT)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1,
		            "%s does not exist, nor does %s%s", image, kernel, hint);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "%s: %s", image, file_trouble(file));
	free(hint);
	free(kernel);
}

/* A shell completes "demo" to the file of its kernel, which is a file and so would be a disk. */
static void check_disk(struct build *b)
{
	char *whole = whole_image(b);

	if (whole && b->spec->boot == BOOT_AUTO)
		problem_add(b->problems, PROBLEM_WARNING, SET_IMAGE, -1, "%s is a part of the image %s, not a disk; did you mean %s?",
		            b->spec->image, path_base(whole), whole);
	free(whole);
}

/* A guest that its firmware does not find is a blank screen. */
static void check_iso(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const struct file_fact *iso = host_file(b->facts, spec->image);

	if (iso->format && strcmp(iso->format, "raw"))
		problem_add(b->problems, PROBLEM_WARNING, SET_IMAGE, -1, "%s is no ISO but a disk image in %s", spec->image,
		            iso->format);
	if (spec->uefi && iso->boots_bios && !iso->boots_efi)
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "%s boots by BIOS only", spec->image);
	if (spec->uefi || !iso->boots_efi || iso->boots_bios)
		return;
	if (b->arch == ARCH_S390X)
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "%s boots by UEFI, which s390x has not", spec->image);
	else if (spec->uefi_given)
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "%s boots by UEFI only", spec->image);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_UEFI, -1, "%s boots by UEFI only: %s", spec->image,
		            spec->origin == CONFIG_PROFILE ? "set this to yes" : "use --uefi");
}

/* QEMU has a BIOS for x86_64 and s390x only; raw arguments may bring another. */
static void check_bios(struct build *b)
{
	const struct vm_spec *spec = b->spec;

	if ((b->arch != ARCH_AARCH64 && b->arch != ARCH_RISCV64) || spec->uefi_given || spec->args.count)
		return;
	if (!problems_of(b->problems, SET_UEFI, -1))
		problem_add(b->problems, PROBLEM_WARNING, SET_UEFI, -1, "a machine of %s boots disks and ISOs by UEFI only%s",
		            vm_arch_name(b->arch), spec->origin == CONFIG_PROFILE ? "" : ": use --uefi");
}

/* It becomes an argument of QEMU's. */
static void need_command_line(struct build *b)
{
	char *path = mem_printf("%s-cmdline", b->spec->image);
	const struct file_fact *file = host_file(b->facts, path);

	need_file(b, "-cmdline", "command line");
	if (file->text && strlen(file->text) < file->text_len)
		problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "command line %s: has a NUL byte", path);
	free(path);
}

/* What the machine of the architecture cannot have; QEMU for s390x has no NVMe controller. */
static void check_bus(struct build *b, const char *bus, enum vm_setting setting, int index)
{
	if (!bus)
		return;
	if (!strcmp(bus, "ide") && !build_has_ide(b))
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "machines of %s have no IDE: virtio or scsi",
		            vm_arch_name(b->arch));
	if (!strcmp(bus, "nvme") && build_is_ccw(b))
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "machines of %s have no NVMe: virtio or scsi",
		            vm_arch_name(b->arch));
}

static void check_unused(struct build *b, const char *value, enum vm_setting setting)
{
	if (value && (b->boot == BOOT_ISO || b->boot == BOOT_KERNEL))
		problem_add(b->problems, PROBLEM_WARNING, setting, -1, "not used: %s is no disk of the guest's", b->spec->image);
}

static void check_boot(struct build *b)
{
	if (!*b->spec->image) {
		if (!problems_of(b->problems, SET_IMAGE, -1))
			problem_add(b->problems, PROBLEM_ERROR, SET_IMAGE, -1, "nothing to boot is named");
		return;
	}
	switch (b->boot) {
	case BOOT_KERNEL:
		need_file(b, "-kernel", "kernel");
		need_file(b, "-initrd.img", "initrd");
		need_command_line(b);
		break;
	case BOOT_SQUASHFS:
		need_file(b, "-kernel", "kernel");
		need_file(b, "-squashfs.img", "root image");
		need_command_line(b);
		break;
	case BOOT_DISK:
	case BOOT_ISO:
		need_file(b, "", "boot image");
		break;
	default:
		check_auto_boot(b);
	}
	if (b->boot == BOOT_DISK)
		check_disk(b);
	if (b->boot == BOOT_ISO)
		check_iso(b);
	if (b->boot == BOOT_ISO || b->boot == BOOT_DISK)
		check_bios(b);
	if (b->boot == BOOT_DISK || b->boot == BOOT_SQUASHFS)
		check_bus(b, b->spec->boot_bus, SET_BOOT_BUS, -1);
	check_unused(b, b->spec->boot_bus, SET_BOOT_BUS);
	check_unused(b, b->spec->boot_format, SET_BOOT_FORMAT);
}

static void plan_new_disk(struct build *b, size_t i, const char *path)
{
	uint64_t mib = b->spec->disks[i].size_mib;
	const char *format = build_disk_format(b, i, host_file(b->facts, path));
	char *parent = path_parent(path);
	const struct file_fact *place = host_file(b->facts, parent);
	struct plan_step *step;

	if (mib == 0)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s does not exist and no size is given: with size=4G, or another, it is made", path);
	else if (!b->facts->qemu_img)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "qemu-img is not in PATH, %s can't be made: install it (Debian: qemu-utils)", path);
	else if (strcmp(parent, b->facts->state) && place->path && place->kind != FILE_DIRECTORY)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s: %s", parent,
		            place->error ? strerror(place->error) : strerror(ENOTDIR));
	free(parent);
	step = step_add(b, STEP_CREATE_DISK, mem_strdup(path),
	                mem_printf("creating disk %s, %" PRIu64 " MiB", path, mib));
	strv_add(&step->argv, b->facts->qemu_img ? b->facts->qemu_img : "qemu-img");
	strv_add(&step->argv, "create");
	strv_add(&step->argv, "-f");
	strv_add(&step->argv, format ? format : "qcow2");
	strv_take(&step->argv, layout_img_path(path));
	strv_addf(&step->argv, "%" PRIu64 "M", mib);
	build_keep_format(b, path, format ? format : "qcow2", true);
}

static void check_old_disk(struct build *b, size_t i, const char *path, const struct file_fact *file)
{
	const struct vm_disk *disk = &b->spec->disks[i];
	const char *trouble = file_trouble(file);

	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s: %s", path, trouble);
	else if (disk->size_mib && file->size && file->size != disk->size_mib << 20)
		problem_add(b->problems, PROBLEM_WARNING, SET_DISK, (int)i,
		            "%s exists with %.10g MiB and keeps that size, not %" PRIu64 " MiB", path,
		            (double)file->size / (1 << 20), disk->size_mib);
	else if (disk->size_mib && file->empty)
		problem_add(b->problems, PROBLEM_WARNING, SET_DISK, (int)i,
		            "%s is empty: without it a new one would be made", path);
	if (trouble || !file->format)
		return;
	build_check_access(b, SET_DISK, (int)i, path, &file->access, build_writes_disks(b));
	/* An empty file is in no format yet. */
	if (disk->format)
		build_keep_format(b, path, disk->format, true);
	else if (!file->empty && check_format(b, SET_DISK, (int)i, file))
		build_keep_format(b, path, file->format, false);
	else
		return;
	build_check_chain(b, SET_DISK, (int)i, file);
}

static void plan_disks(struct build *b)
{
	for (size_t i = 0; i < b->spec->disk_count; i++) {
		const struct vm_disk *disk = &b->spec->disks[i];
		const struct file_fact *file;
		char *path;

		if (!disk->path && !disk->size_mib) {
			if (!problems_of(b->problems, SET_DISK, (int)i))
				problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "neither a file nor a size is given");
			continue;
		}
		check_bus(b, disk->bus, SET_DISK, (int)i);
		path = layout_disk(b->spec, b->facts, i);
		file = host_file(b->facts, path);
		if (file->kind == FILE_MISSING && file->error == ENOENT)
			plan_new_disk(b, i, path);
		else
			check_old_disk(b, i, path, file);
		free(path);
	}
}

void build_steps(struct build *b)
{
	check_boot(b);
	plan_state(b);
	plan_metadata(b);
	plan_disks(b);
	build_flash_steps(b);
	build_share_steps(b);
}
