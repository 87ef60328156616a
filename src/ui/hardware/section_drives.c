/* SPDX-License-Identifier: MIT */
/* Disks and CD drives. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/control/cd.h"
#include "core/control/disk_add.h"
#include "core/control/disk_grow.h"
#include "core/control/disk_remove.h"
#include "core/control/drives.h"
#include "core/machines/profile_disk.h"
#include "core/vm/spec.h"
#include "ui/hardware/hardware_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ids of rows: the CD drive that can be changed, with and without a locked tray; the boot image and disks, with their files. */
#define CD_LOCKED "cd locked"
#define CD "cd"
#define IMAGE "image "
#define DISK "disk "

static const char *file_of(const char *id)
{
	return id + (text_starts(id, IMAGE) ? strlen(IMAGE) : strlen(DISK));
}

/* What core/control calls the disk. Its number could be another disk's by the time of an answer. */
static const char *word_of(const char *id)
{
	return text_starts(id, IMAGE) ? "image" : file_of(id);
}

static void add_disk_row(struct hardware *hardware, const struct drive *drive)
{
	char name[32] = "disk", size[32], used[32], *file = path_shorten(drive->file), *id = mem_printf("%s%s", drive->role == DRIVE_IMAGE ? IMAGE : DISK, drive->file);

	if (drive->role == DRIVE_IMAGE)
		snprintf(name, sizeof(name), "image");
	else if (drive->role == DRIVE_DISK)
		snprintf(name, sizeof(name), "disk %zu", drive->disk + 1);
	hardware_row(hardware, &hardware_drives, STYLE_NORMAL, drive->role == DRIVE_OTHER ? NULL : id, "%-7s %s  %s, %s of %s used%s", name, file, drive->format ? drive->format : "?",
	             format_size(drive->used, used, sizeof(used)), format_size(drive->size, size, sizeof(size)),
	             drive->read_only ? ", read-only" : "");
	free(file);
	free(id);
}

static void add_cd_row(struct hardware *hardware, const struct drive *drive, bool changes)
{
	char *file = drive->file ? path_shorten(drive->file) : mem_strdup(drive->tray_open ? "open" : "empty");

	hardware_row(hardware, &hardware_drives, STYLE_NORMAL, !changes ? NULL : drive->locked ? CD_LOCKED : CD, "%-7s %s%s",
	             drive->role == DRIVE_METADATA ? "data CD" : "CD", file, drive->locked ? ", locked by the guest" : "");
	free(file);
}

static void drives_came(void *data, const struct drives *drives, const struct error *err)
{
	struct hardware *hardware = data;
	const struct drive *cd = drives ? cd_drive_of(drives) : NULL;

	hardware_rows_begin(hardware, &hardware_drives);
	if (err)
		hardware_row(hardware, &hardware_drives, STYLE_DIM, NULL, "%s", err->text);
	for (size_t i = 0; drives && i < drives->count; i++) {
		const struct drive *drive = &drives->items[i];

		if (drive->is_cd)
			add_cd_row(hardware, drive, drive == cd);
		else if (drive->file)
			add_disk_row(hardware, drive);
	}
	hardware_rows_end(hardware, &hardware_drives);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;
	struct control_job *job;
	struct error err;

	if (!hardware_vm(hardware, &vm))
		return;
	job = control_drives(&vm, drives_came, hardware, &err);
	hardware_asks(hardware, section, job);
	if (!job)
		drives_came(hardware, NULL, &err);
}

/* Disks. */

static bool save_removed(struct store *store, const char *profile, const char *state, const struct hardware_change *change,
                         struct error *err)
{
	return profile_disk_remove(store, profile, state, change->value, err);
}

static bool save_grown(struct store *store, const char *profile, const char *state, const struct hardware_change *change,
                       struct error *err)
{
	return profile_disk_grow(store, profile, state, change->value, change->mib, err);
}

static bool check_disk(struct app *app, const void *data, const char *text, struct error *err)
{
	(void)app;
	(void)data;
	return vm_value_check(SET_DISK, text, err);
}

static void on_disk(struct app *app, const void *nothing, const char *text)
{
	struct hardware *hardware = hardware_top(app);
	struct hardware_change change = { .save = hardware_save_value, .setting = SET_DISK, .action = SETTING_ADD, .said = "the disk is added" };
	struct vm_config running;
	struct control_vm vm;
	struct error err;
	char *disk = NULL;
	void *data;

	(void)nothing;
	if (!hardware || !hardware_vm(hardware, &vm))
		return;
	vm_config_init(&running, CONFIG_PROFILE);
	if (control_running(&vm, &running, &err))
		disk = control_disk_complete(&running, vm.state, text, &err);
	vm_config_finish(&running);
	if (!disk) {
		message_open(app, "Not added", err.text);
		return;
	}
	change.value = disk;
	data = hardware_begin(hardware, &change, &vm);
	if (data)
		hardware_begun(data, control_disk_add(&vm, disk, hardware_done, data, &err), &err);
	free(disk);
}

static void run_add(struct hardware *hardware)
{
	ask_text(hardware_app(hardware), "A disk for the running VM, as FILE[,size=SIZE], such as data.qcow2,size=10G:", "", check_disk,
	         (struct ask_then){ on_disk, NULL, NULL });
}

static void on_remove(struct app *app, const void *id, const char *answer)
{
	struct hardware *hardware = hardware_top(app);
	struct hardware_change change = { .save = save_removed, .value = file_of(id), .said = "the disk is removed; its file stays" };
	struct control_vm vm;
	struct error err;
	void *data = hardware ? hardware_begin(hardware, &change, &vm) : NULL;

	(void)answer;
	if (data)
		hardware_begun(data, control_disk_remove(&vm, word_of(id), hardware_done, data, &err), &err);
}

static bool check_size(struct app *app, const void *data, const char *text, struct error *err)
{
	uint64_t mib;

	(void)app;
	(void)data;
	return vm_size_parse(text, 'G', &mib, err);
}

static void on_size(struct app *app, const void *id, const char *size)
{
	struct hardware *hardware = hardware_top(app);
	struct hardware_change change = { .save = save_grown, .value = file_of(id), .said = "the disk has grown; the guest's file system has not" };
	struct control_vm vm;
	struct error err;
	void *data;

	if (!hardware || !vm_size_parse(size, 'G', &change.mib, &err))
		return;
	data = hardware_begin(hardware, &change, &vm);
	if (data)
		hardware_begun(data, control_disk_grow(&vm, word_of(id), size, hardware_done, data, &err), &err);
}

/* CDs. Which one is inserted is not recorded. */

static void eject(struct hardware *hardware, bool force)
{
	struct hardware_change change = { .said = "ejected" };
	struct control_vm vm;
	struct error err;
	void *data = hardware_begin(hardware, &change, &vm);

	if (data)
		hardware_begun(data, control_cd_eject(&vm, force, hardware_done, data, &err), &err);
}

static void on_eject(struct app *app, const void *nothing, const char *answer)
{
	struct hardware *hardware = hardware_top(app);

	(void)nothing;
	(void)answer;
	if (hardware)
		eject(hardware, true);
}

static void on_cd(struct app *app, const void *locked, const char *path)
{
	struct hardware *hardware = hardware_top(app);
	struct hardware_change change = { .said = "the CD is inserted" };
	struct control_vm vm;
	struct error err;
	char *file = path_expand(path);
	void *data = hardware ? hardware_begin(hardware, &change, &vm) : NULL;

	if (data)
		hardware_begun(data, control_cd_insert(&vm, file, text_equal(locked, CD_LOCKED), hardware_done, data, &err), &err);
	free(file);
}

static bool check_cd(struct app *app, const void *data, const char *text, struct error *err)
{
	(void)app;
	(void)data;
	return text[0] == '/' || text_starts(text, "~/") || error_set(err, "an absolute path, or one that begins with ~/");
}

static void run_remove(struct hardware *hardware, const char *id)
{
	struct app *app = hardware_app(hardware);
	char *question;

	if (text_equal(id, CD)) {
		eject(hardware, false);
	} else if (text_equal(id, CD_LOCKED)) {
		ask_yes_no(app, "The guest has locked the tray, probably because the CD is mounted. Eject it by force?",
		           (struct ask_then){ on_eject, NULL, NULL });
	} else {
		question = mem_printf("Remove %s from the running VM? Unmount it in the guest first. Its file stays.", path_base(id));
		ask_yes_no(app, question, ask_then_text(on_remove, id));
		free(question);
	}
}

static void run_change(struct hardware *hardware, const char *id)
{
	struct app *app = hardware_app(hardware);
	char *prompt;

	if (text_starts(id, CD)) {
		ask_text(app, text_equal(id, CD_LOCKED) ? "The guest has locked the tray; by force, insert the CD:" : "Insert the CD:", "", check_cd,
		         ask_then_text(on_cd, id));
		return;
	}
	prompt = mem_printf("New size of %s, which must be larger, such as 20G:", path_base(id));
	ask_text(app, prompt, "", check_size, ask_then_text(on_size, id));
	free(prompt);
}

static const char *row_keys(const char *id)
{
	return text_starts(id, CD) ? "Enter insert   d eject" : "Enter grow   d remove";
}

const struct hardware_section hardware_drives = {
	.title = "Drives", .add = "add a disk", .row_keys = row_keys, .query = query,
	.run_add = run_add, .run_remove = run_remove, .run_change = run_change,
};
