/* SPDX-License-Identifier: MIT */
/* Disks and CDs, whichever way they are written: -hda, -cdrom, -drive, or -drive or -blockdev with a -device. */
#include "core/import/qemu_line_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What has a boot index comes before what has none. */
#define UNORDERED 1000

struct drive {
	struct qemu_option *source;
	struct qemu_option *file;	/* the -blockdev below that of the format; NULL: none */
	struct qemu_option *device;	/* NULL: the drive names its interface itself */
	char *path;
	char *format;			/* NULL: not given */
	const char *bus;		/* NULL: the machine's default */
	char *rest;			/* what no setting can hold; NULL: nothing */
	bool is_cd;
	bool discards;			/* what is written is not kept */
	long order;			/* the lowest boots */
};

struct drives {
	struct qemu_line *line;
	struct drive *items;
	size_t count;
};

static void finish(struct drives *drives)
{
	for (size_t i = 0; i < drives->count; i++) {
		free(drives->items[i].path);
		free(drives->items[i].format);
		free(drives->items[i].rest);
	}
	free(drives->items);
}

static struct drive *add(struct drives *drives, struct qemu_option *source, char *path)
{
	struct drive *drive;

	drives->items = mem_resize(drives->items, drives->count + 1, sizeof(*drives->items));
	drive = &drives->items[drives->count++];
	*drive = (struct drive){ .source = source, .path = path, .order = UNORDERED + (long)drives->count - 1 };
	return drive;
}

static long number_or(const char *text, long otherwise)
{
	struct error ignored;
	uint64_t number;

	return text && number_parse(text, 0, 900, &number, &ignored) ? (long)number : otherwise;
}

static void join_rest(struct drive *drive, char *more)
{
	char *both = drive->rest && more ? mem_printf("%s,%s", drive->rest, more) : NULL;

	if (!both) {
		drive->rest = drive->rest ? drive->rest : more;
		return;
	}
	free(drive->rest);
	free(more);
	drive->rest = both;
}

/* paddock asks for both of a profile's disks. */
static void take_ours(struct option_list *list)
{
	static const char *const keys[] = { "discard", "detect-zeroes" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = option_list_get(list, keys[i]);

		if (value && (!strcmp(value, "unmap") || !strcmp(value, "on")))
			option_list_take(list, keys[i]);
	}
}

/* --- devices --- */

struct device_kind {
	const char *type;
	const char *bus;
	bool is_cd;
};

static const struct device_kind *kind_of(const char *type)
{
	static const struct device_kind kinds[] = {
		{ "virtio-blk-pci", "virtio", false }, { "virtio-blk-ccw", "virtio", false }, { "virtio-blk", "virtio", false },
		{ "virtio-blk-device", "virtio", false }, { "ide-hd", "ide", false }, { "scsi-hd", "scsi", false }, { "nvme", "nvme", false },
		{ "ide-cd", NULL, true }, { "scsi-cd", NULL, true },
	};

	for (size_t i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(type, kinds[i].type) == 0)
			return &kinds[i];
	return NULL;
}

/* Finds the device of a drive or node, and takes what it says. Returns false if it is not one that paddock adds itself. */
static bool take_device(struct drives *drives, struct drive *drive, const char *id)
{
	struct qemu_option *device = id ? qemu_option_with(drives->line, "-device", "drive", id) : NULL;
	const struct device_kind *kind;
	struct option_list list;

	if (!device)
		return false;
	option_list_read(&list, device->value, "driver");
	kind = kind_of(option_list_take(&list, "driver"));
	if (kind) {
		option_list_take(&list, "drive");
		option_list_take(&list, "id");
		option_list_take(&list, "bus");
		drive->order = number_or(option_list_take(&list, "bootindex"), drive->order);
		if (!strcmp(kind->type, "nvme"))
			option_list_take(&list, "serial");
		drive->bus = kind->bus;
		drive->is_cd = kind->is_cd;
		drive->device = device;
		join_rest(drive, option_list_rest(&list));
	}
	option_list_finish(&list);
	return kind != NULL;
}

/* --- drives --- */

static void read_drive(struct drives *drives, struct qemu_option *option)
{
	struct option_list list;
	const char *interface, *media, *file, *format, *index, *id, *mode;
	struct drive *drive;
	bool wanted, none;
	char *path;

	option_list_read(&list, option->value, NULL);
	interface = option_list_take(&list, "if");
	media = option_list_take(&list, "media");
	file = option_list_take(&list, "file");
	format = option_list_take(&list, "format");
	index = option_list_take(&list, "index");
	id = option_list_take(&list, "id");
	none = interface && !strcmp(interface, "none");
	wanted = !interface || none || !strcmp(interface, "ide") || !strcmp(interface, "virtio") || !strcmp(interface, "scsi");
	path = file && wanted ? qemu_line_path(drives->line, file) : NULL;
	if (!path) {
		option_list_finish(&list);
		return;
	}
	drive = add(drives, option, path);
	drive->format = mem_strdup(format);
	drive->bus = interface && !none ? interface : NULL;
	drive->bus = drive->bus && !strcmp(drive->bus, "virtio") ? "virtio" : drive->bus && !strcmp(drive->bus, "scsi") ? "scsi" : NULL;
	drive->is_cd = media && !strcmp(media, "cdrom");
	/* Numbers of another bus say nothing about the order. */
	if (index && !drive->bus)
		drive->order = UNORDERED + number_or(index, 0);
	mode = option_list_get(&list, "snapshot");
	if (mode && !strcmp(mode, "on") && option_list_take(&list, "snapshot"))
		drive->discards = true;
	mode = option_list_get(&list, "readonly");
	if (mode && !strcmp(mode, "on") && option_list_take(&list, "readonly"))
		drive->discards = !drive->is_cd;
	take_ours(&list);
	drive->rest = option_list_rest(&list);
	if (none && !take_device(drives, drive, id)) {
		free(drive->path);
		free(drive->format);
		free(drive->rest);
		drives->count--;
	}
	option_list_finish(&list);
}

/* A node of -blockdev with its format, on a file that is written in it or is a node of its own. */
static void read_blockdev(struct drives *drives, struct qemu_option *option)
{
	struct option_list list;
	const char *driver, *node, *file, *below;
	struct qemu_option *lower;
	struct drive *drive;
	char *path = NULL;

	if (option->value[0] == '{')
		return;
	option_list_read(&list, option->value, "driver");
	driver = option_list_take(&list, "driver");
	node = option_list_take(&list, "node-name");
	below = option_list_take(&list, "file");
	lower = below ? qemu_option_with(drives->line, "-blockdev", "node-name", below) : NULL;
	file = option_list_take(&list, "file.filename");
	option_list_take(&list, "file.driver");
	if (lower && lower->value[0] != '{') {
		struct option_list lower_list;
		const char *name, *type;

		option_list_read(&lower_list, lower->value, "driver");
		type = option_list_get(&lower_list, "driver");
		name = option_list_get(&lower_list, "filename");
		path = name && type && (!strcmp(type, "file") || !strcmp(type, "host_device")) ? qemu_line_path(drives->line, name) : NULL;
		option_list_finish(&lower_list);
	} else if (file) {
		path = qemu_line_path(drives->line, file);
	}
	if (path) {
		drive = add(drives, option, path);
		drive->file = lower;
		drive->format = mem_strdup(driver);
		take_ours(&list);
		drive->rest = option_list_rest(&list);
		if (!take_device(drives, drive, node)) {
			free(drive->path);
			free(drive->format);
			free(drive->rest);
			drives->count--;
		}
	}
	option_list_finish(&list);
}

static void collect(struct drives *drives)
{
	static const char *const numbered[] = { "-hda", "-hdb", "-hdc", "-hdd" };

	for (size_t i = 0; i < drives->line->count; i++) {
		struct qemu_option *option = &drives->line->options[i];
		char *path;

		if (!option->open)
			continue;
		if (!strcmp(option->name, "-drive"))
			read_drive(drives, option);
		if (!strcmp(option->name, "-blockdev"))
			read_blockdev(drives, option);
		if ((!strcmp(option->name, "-cdrom") || !*option->name) && (path = qemu_line_path(drives->line, option->value))) {
			struct drive *drive = add(drives, option, path);

			drive->is_cd = *option->name;
			drive->order = UNORDERED + (drive->is_cd ? 2 : 0);
		}
		for (long n = 0; n < 4; n++)
			if (!strcmp(option->name, numbered[n]) && (path = qemu_line_path(drives->line, option->value)))
				add(drives, option, path)->order = UNORDERED + n;
	}
}

/* --- settings --- */

/* The one of these that boots first, or NULL. */
static struct drive *first(struct drives *drives, bool cd)
{
	struct drive *best = NULL;

	for (size_t i = 0; i < drives->count; i++)
		if (drives->items[i].is_cd == cd && (!best || drives->items[i].order < best->order))
			best = &drives->items[i];
	return best;
}

/* The disk is used as the settings say, without what they cannot hold. */
static void done(struct drives *drives, struct drive *drive)
{
	drive->source->open = false;
	if (drive->device)
		drive->device->open = false;
	if (drive->file)
		drive->file->open = false;
	if (drive->rest)
		import_leave(drives->line->out, "no setting for it", "%s of %s", drive->rest, drive->path);
}

static void become_image(struct drives *drives, struct drive *drive)
{
	struct imported *out = drives->line->out;

	import_set(out, SET_BOOT_MODE, drive->is_cd ? "iso" : "disk", NULL);
	import_set(out, SET_IMAGE, drive->path, NULL);
	if (!drive->is_cd && drive->bus)
		import_set(out, SET_BOOT_BUS, drive->bus, NULL);
	if (!drive->is_cd && drive->format)
		import_set(out, SET_BOOT_FORMAT, drive->format, NULL);
	if (drive->discards && !drive->is_cd && !qemu_option_next(drives->line, "-snapshot", NULL))
		import_keep(out, "-snapshot", NULL, "what the guest writes to the disks is not kept, as with snapshot=on or readonly=on");
	done(drives, drive);
}

static void become_disk(struct drives *drives, struct drive *drive)
{
	struct vm_disk disk = { .path = mem_strdup(drive->path), .format = mem_strdup(drive->format), .bus = mem_strdup(drive->bus) };
	char *text = vm_disk_format(&disk);

	import_set(drives->line->out, SET_DISK, text, NULL);
	free(text);
	vm_disk_finish(&disk);
	done(drives, drive);
}

/* An argument comes after the disks, so a CD without a place takes one that is free. */
static void keep_cd(struct drives *drives, struct drive *drive)
{
	struct qemu_option *option = drive->source;
	char *file = qemu_line_path(drives->line, drive->path);

	if (strcmp(option->name, "-cdrom") != 0 || !file) {
		free(file);
		return;
	}
	option->name = "-drive";
	free(option->value);
	option->value = mem_printf("media=cdrom,format=raw,readonly=on,file=%s", file);
	option->remark = "a CD next to the image";
	free(file);
}

/* Is a device that stays on the bus of this controller? */
static bool is_used(struct qemu_line *line, const char *controller)
{
	struct option_list list;
	const char *id;
	bool used = false;

	option_list_read(&list, controller, "driver");
	id = option_list_get(&list, "id");
	for (struct qemu_option *option = NULL; id && (option = qemu_option_next(line, "-device", option));) {
		char *bus = mem_printf("bus=%s.", id);

		used |= strstr(option->value, bus) != NULL;
		free(bus);
	}
	option_list_finish(&list);
	return used;
}

/* paddock adds a controller with the first SCSI disk. */
static void leave_controllers(struct drives *drives, bool scsi)
{
	struct qemu_option *option = NULL;

	while (scsi && (option = qemu_option_next(drives->line, "-device", option)))
		if (text_starts(option->value, "virtio-scsi-") && !is_used(drives->line, option->value))
			qemu_option_leave(drives->line, option, "paddock adds a controller for SCSI disks");
}

void qemu_drives_read(struct qemu_line *line)
{
	struct drives drives = { .line = line };
	struct drive *disk, *cd, *boot;
	bool scsi = false, kernel = vm_config_get(&line->out->config, SET_IMAGE);

	collect(&drives);
	disk = first(&drives, false);
	cd = first(&drives, true);
	boot = kernel ? NULL : !disk || (cd && (line->boots_cd || (cd->device && cd->order < disk->order))) ? cd : disk;
	if (boot)
		become_image(&drives, boot);
	for (size_t i = 0; i < drives.count; i++) {
		struct drive *drive = &drives.items[i];

		bool boots = boot && drive == boot;

		if (!boots && drive->is_cd)
			keep_cd(&drives, drive);
		else if (!boots && !drive->discards)
			become_disk(&drives, drive);
		if (!drive->source->open && !drive->is_cd)
			scsi |= drive->bus && !strcmp(drive->bus, "scsi");
	}
	leave_controllers(&drives, scsi);
	if (!boot && !kernel)
		import_leave(line->out, "paddock boots a disk, an ISO, or PREFIX-kernel with PREFIX-initrd.img and PREFIX-cmdline; set image to one of them",
		             "nothing to boot");
	finish(&drives);
}
