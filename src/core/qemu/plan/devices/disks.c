/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/strv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CD_INDEX 2		/* the index of -cdrom on the default bus */
#define IDE_PORTS 6		/* of the controller of q35 */

/* A drive as it goes into argv. */
struct drive {
	char *value;		/* "file=...[,format=...]", commas doubled */
	const char *bus;	/* NULL: the machine's default */
	size_t number;		/* from 1, for the names of drives */
	const char *origin;
	bool boots;		/* boot from it first, whatever its index */
};

/* Returns "file=PATH[,format=FORMAT]"; the caller frees it. */
static char *file_value(const char *path, const char *format)
{
	char *file = layout_block_value(path);
	char *value = mem_printf("file=%s%s%s", file, format ? ",format=" : "", format ? format : "");

	free(file);
	return value;
}

static void put_scsi_controller(struct build *b, const char *origin)
{
	if (b->scsi_controller)
		return;
	b->scsi_controller = true;
	build_option(b, origin, "-device", "virtio-scsi-%s", build_is_ccw(b) ? "ccw" : "pci");
}

/* Attaches a drive with -device instead of an index: for an explicit bus, and when the default bus is full. */
static void put_on_bus(struct build *b, const struct drive *drive, const char *bus)
{
	const char *origin = drive->origin, *first = drive->boots ? ",bootindex=0" : "";
	size_t n = drive->number;

	if (!strcmp(bus, "scsi"))
		put_scsi_controller(b, origin);
	build_option(b, origin, "-drive", "%s,if=none,id=drive%zu", drive->value, n);
	if (!strcmp(bus, "scsi"))
		build_option(b, origin, "-device", "scsi-hd,drive=drive%zu%s", n, first);
	else if (!strcmp(bus, "nvme"))
		build_option(b, origin, "-device", "nvme,drive=drive%zu,serial=drive%zu%s", n, n, first);
	else
		build_option(b, origin, "-device", "virtio-blk-%s,drive=drive%zu%s", build_is_ccw(b) ? "ccw" : "pci", n, first);
}

/*
 * What the guest discards, or fills with zeros, is given back to this host, so that images do not only grow. The recorded
 * argv of `run` has no such options.
 */
static const char *hygiene(const struct build *b)
{
	return b->spec->origin == CONFIG_PROFILE ? ",discard=unmap,detect-zeroes=unmap" : "";
}

/* Before QEMU 8, the virt machine of riscv64 did not attach drives without an interface. */
static const char *default_interface(const struct build *b)
{
	return b->arch == ARCH_RISCV64 ? ",if=virtio" : "";
}

static void put_drive(struct build *b, const struct drive *drive)
{
	unsigned index;

	if (drive->bus && strcmp(drive->bus, "ide")) {
		put_on_bus(b, drive, drive->bus);
		return;
	}
	/* Index 2 is for the first CD. Without IDE, the CD with metadata is on SCSI and has no index. */
	if (b->index == CD_INDEX && (b->boot == BOOT_ISO || (build_has_ide(b) && build_has_data(b))))
		b->index++;
	index = b->index++;
	if (build_has_ide(b) && index >= IDE_PORTS) {
		if (drive->bus)
			problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)drive->number - 1,
			            "no free IDE port; the machine has %d, shared with CDs and disks without bus=", IDE_PORTS);
		put_on_bus(b, drive, "virtio");
		return;
	}
	b->last_index = index;
	build_option(b, drive->origin, "-drive", "%s,index=%u,media=disk%s", drive->value, index, default_interface(b));
}

/* The content is not that of a disk image, but the user wants to use it as a raw disk. */
static bool is_forced(const struct build *b, const struct file_fact *file)
{
	return b->spec->force_raw && file->not_disk;
}

/* Returns the format to pass for the boot disk. NULL lets QEMU probe it, which never happens for a profile (D16). */
static const char *boot_format(const struct build *b, const struct file_fact *file)
{
	if (b->spec->boot_format)
		return b->spec->boot_format;
	if (is_forced(b, file) || build_root_is_read_only(b))
		return "raw";
	return b->spec->origin == CONFIG_PROFILE ? build_kept_format(file) : NULL;
}

/* The reference attaches the root as an ordinary disk, so `run` does too unless a bus is given. */
bool build_root_is_read_only(const struct build *b)
{
	return b->boot == BOOT_SQUASHFS && (b->spec->origin == CONFIG_PROFILE || b->spec->boot_bus);
}

static void put_boot_drive(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	char *path = b->boot == BOOT_SQUASHFS ? mem_printf("%s-squashfs.img", spec->image) : mem_strdup(spec->image);
	const struct file_fact *file = host_file(b->facts, path);
	char *value = file_value(path, boot_format(b, file));
	char origin[sizeof(b->label)];
	bool ide = spec->boot_bus ? !strcmp(spec->boot_bus, "ide") : build_has_ide(b);
	/* An IDE disk cannot be read-only; with snapshot=on, writes are discarded. */
	const char *mode = !build_root_is_read_only(b) ? hygiene(b) : ide ? ",snapshot=on" : ",readonly=on";
	/* With a kernel, the disk is its root, and QEMU's own loader has boot index 0. */
	struct drive drive = { .value = mem_printf("%s%s", value, mode), .bus = spec->boot_bus,
	                       .origin = origin, .boots = b->boot == BOOT_DISK };

	snprintf(origin, sizeof(origin), "%s", build_origin(b, SET_IMAGE));
	put_drive(b, &drive);
	free(drive.value);
	free(value);
	free(path);
}

const char *build_disk_format(const struct build *b, size_t i, const struct file_fact *file)
{
	const struct vm_disk *disk = &b->spec->disks[i];

	if (disk->format)
		return disk->format;
	if (is_forced(b, file))
		return "raw";
	/* An empty file is left when creating a disk fails; it has no format yet. */
	if (file_is_image(file) && !(disk->size_mib && file->empty))
		return disk->size_mib || b->spec->origin == CONFIG_PROFILE ? build_kept_format(file) : NULL;
	return disk->size_mib ? "qcow2" : NULL;
}

/*
 * Without IDE, a drive with an index is a virtio disk: firmware can boot from
 * it, but the guest does not see a CD, and zIPL does not see a boot device. The
 * CD for cloud-init is never on IDE, because cloud kernels have no IDE driver.
 */
static void put_cd(struct build *b, const char *path, const char *origin, bool boots)
{
	unsigned last = b->last_index > CD_INDEX ? b->last_index : CD_INDEX;
	unsigned index = b->cds == 0 ? CD_INDEX : last + b->cds;
	bool indexed = build_has_ide(b) ? index < IDE_PORTS : boots && !build_is_ccw(b);
	/* The first CD is -cdrom, which has index 2. QEMU probes its format, which must not happen for a profile (D16). */
	const char *format = b->spec->origin == CONFIG_PROFILE ? "raw" : NULL;
	char *value;

	b->cds++;
	if (!indexed || (!boots && b->spec->nocloud)) {
		put_scsi_controller(b, origin);
		value = layout_block_value(path);
		build_option(b, origin, "-device", "scsi-cd,drive=cd%u", b->cds);
		build_option(b, origin, "-drive", "file=%s,format=raw,if=none,id=cd%u", value, b->cds);
	} else if (index == CD_INDEX && !format && !*default_interface(b)) {
		value = layout_block_path(path);
		build_option(b, origin, "-cdrom", "%s", value);
	} else {
		value = file_value(path, format);
		build_option(b, origin, "-drive", "%s,index=%u,media=cdrom%s", value, index, default_interface(b));
	}
	free(value);
}

void build_disks_args(struct build *b)
{
	char origin[sizeof(b->label)];

	if (b->boot == BOOT_DISK || b->boot == BOOT_SQUASHFS)
		put_boot_drive(b);
	snprintf(origin, sizeof(origin), "%s", build_origin(b, SET_DISK));
	for (size_t i = 0; i < b->spec->disk_count; i++) {
		char *path = layout_disk(b->spec, b->facts, i);
		char *value = file_value(path, build_disk_format(b, i, host_file(b->facts, path)));
		struct drive drive = { .value = mem_printf("%s%s", value, hygiene(b)),
		                       .bus = b->spec->disks[i].bus, .number = i + 1, .origin = origin };

		put_drive(b, &drive);
		free(drive.value);
		free(value);
		free(path);
	}
	if (b->boot == BOOT_ISO) {
		snprintf(origin, sizeof(origin), "%s", build_origin(b, SET_IMAGE));
		build_option(b, origin, "-boot", "d");
		put_cd(b, b->spec->image, origin, true);
	}
	if (build_has_data(b)) {
		char *data = layout_in_state(b->facts, "data.iso");

		snprintf(origin, sizeof(origin), "%s",
		         build_origin(b, b->spec->data && *b->spec->data ? SET_DATA : SET_DATA_FILE));
		put_cd(b, data, origin, false);
		free(data);
	}
}

/* QEMU for s390x has no NVMe controller. */
void build_check_bus(struct build *b, const char *bus, enum vm_setting setting, int index)
{
	if (!bus)
		return;
	if (!strcmp(bus, "ide") && !build_has_ide(b))
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s machines have no IDE; use virtio or scsi",
		            vm_arch_name(b->arch));
	if (!strcmp(bus, "nvme") && build_is_ccw(b))
		problem_add(b->problems, PROBLEM_ERROR, setting, index, "%s machines have no NVMe; use virtio or scsi",
		            vm_arch_name(b->arch));
}

static void plan_new_disk(struct build *b, size_t i, const char *path)
{
	uint64_t mib = b->spec->disks[i].size_mib;
	const char *format = build_disk_format(b, i, host_file(b->facts, path));
	char *parent = path_parent(path);
	const struct file_fact *place = host_file(b->facts, parent);
	struct plan_step *step;

	if (mib == 0)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s does not exist; to create it, give a size such as size=4G", path);
	else if (!b->facts->qemu_img)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "cannot create %s: qemu-img is not in PATH; install it (Debian: qemu-utils)", path);
	else if (strcmp(parent, b->facts->state) && place->path && place->kind != FILE_DIRECTORY)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s: %s", parent,
		            place->error ? strerror(place->error) : strerror(ENOTDIR));
	else if (strcmp(parent, b->facts->state) && place->unwritable)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "you cannot write to %s: %s", parent,
		            strerror(place->unwritable));
	else if (format)
		build_check_given_format(b, SET_DISK, (int)i, format, host_file(b->facts, path));
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
	bool whole_mib = file->size % (1 << 20) == 0;

	if (trouble)
		problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "%s: %s", path, trouble);
	else if (disk->size_mib && file->size && file->size != disk->size_mib << 20)
		problem_add(b->problems, PROBLEM_WARNING, SET_DISK, (int)i,
		            "%s already exists with %" PRIu64 " %s and keeps that size, not %" PRIu64 " MiB", path,
		            whole_mib ? file->size >> 20 : file->size, whole_mib ? "MiB" : "bytes", disk->size_mib);
	else if (disk->size_mib && file->empty)
		problem_add(b->problems, PROBLEM_WARNING, SET_DISK, (int)i,
		            "%s is empty; remove it to have a new disk created", path);
	if (trouble || !file->format)
		return;
	build_check_access(b, SET_DISK, (int)i, path, &file->access, build_writes_disks(b));
	/* An empty file has no format yet. */
	if (disk->format && build_check_given_format(b, SET_DISK, (int)i, disk->format, file))
		build_keep_format(b, path, disk->format, true);
	else if (!disk->format && !file->empty && build_check_format(b, SET_DISK, (int)i, file))
		build_keep_format(b, path, file->format, false);
	else
		return;
	build_check_chain(b, SET_DISK, (int)i, file);
}

void build_disk_steps(struct build *b, size_t i)
{
	const struct vm_disk *disk = &b->spec->disks[i];
	const struct file_fact *file;
	char *path;

	if (!disk->path && !disk->size_mib) {
		if (!problems_of(b->problems, SET_DISK, (int)i))
			problem_add(b->problems, PROBLEM_ERROR, SET_DISK, (int)i, "a disk needs a file or a size");
		return;
	}
	build_check_bus(b, disk->bus, SET_DISK, (int)i);
	path = layout_disk(b->spec, b->facts, i);
	file = host_file(b->facts, path);
	if (file->kind == FILE_MISSING && file->error == ENOENT)
		plan_new_disk(b, i, path);
	else
		check_old_disk(b, i, path, file);
	free(path);
}

void build_disks_steps(struct build *b)
{
	for (size_t i = 0; i < b->spec->disk_count; i++)
		build_disk_steps(b, i);
}
