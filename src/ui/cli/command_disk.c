/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/control/disk_add.h"
#include "core/control/disk_grow.h"
#include "core/control/disk_remove.h"
#include "core/control/drives.h"
#include "core/machines/grow_disk.h"
#include "core/machines/profile_disk.h"
#include "core/qemu/host/probe.h"
#include "ui/cli/cli_control.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The state directory of what runs, or else of what would be started. */
static const char *state_of(const struct cli_control *control)
{
	return control->target.running ? control->vm.state : control->target.state;
}

/* In the largest unit in which it is a whole number. */
static char *size_text(uint64_t bytes)
{
	return bytes == 0 ? mem_strdup("?") : bytes % (1 << 20) == 0 ? vm_size_format(bytes >> 20) : mem_printf("%" PRIu64, bytes);
}

static void print_row(const char *name, const char *format, uint64_t size, const char *used, const char *file)
{
	char *text = size_text(size);

	cli_line("%-6s  %-8s  %10s  %10s  %s", name, format ? format : "?", text, used, file);
	free(text);
}

static void print_title(void)
{
	printf("%-6s  %-8s  %10s  %10s  %s\n", "DISK", "FORMAT", "SIZE", "USED", "FILE");
}

static void print_all(void *data, const struct drives *drives, const struct error *err)
{
	bool any = false;

	for (size_t i = 0; drives && i < drives->count; i++) {
		const struct drive *drive = &drives->items[i];
		char name[32] = "-", used[32];

		if (drive->is_cd || !drive->file)
			continue;
		if (!any)
			print_title();
		any = true;
		if (drive->role == DRIVE_IMAGE)
			snprintf(name, sizeof(name), "image");
		else if (drive->role == DRIVE_DISK)
			snprintf(name, sizeof(name), "%zu", drive->disk + 1);
		print_row(name, drive->format, drive->size, format_size(drive->used, used, sizeof(used)), drive->file);
	}
	cli_control_heard(data, err);
}

/* Of a VM that is off: the disks of its settings. */
static int list_saved(const struct cli_control *control)
{
	struct drive_files files;

	drive_files_of(&control->target.config, state_of(control), &files);
	if (files.disks.count)
		print_title();
	for (size_t i = 0; i < files.disks.count; i++) {
		struct host_facts facts = { 0 };
		const struct file_fact *file = probe_file(&facts, files.disks.items[i], PROBE_CONTENT);
		char name[32];

		snprintf(name, sizeof(name), "%zu", i + 1);
		print_row(name, file->kept_format ? file->kept_format : file->format, file->size, "-", files.disks.items[i]);
		host_facts_finish(&facts);
	}
	drive_files_finish(&files);
	return 0;
}

static int list(struct cli_control *control)
{
	struct error err;

	if (!control->target.running)
		return list_saved(control);
	return cli_control_wait(control, control_drives(&control->vm, print_all, control, &err), &err);
}

/* Returns the file of the disk that the user names, of what runs or, of a VM that is off, of its profile. NULL: see err. */
static char *file_of(const struct cli_control *control, const char *word, int *disk, struct error *err)
{
	struct vm_config running;
	struct drive_files files;
	char *file = NULL;

	vm_config_init(&running, CONFIG_PROFILE);
	if (!control->target.running || control_running(&control->vm, &running, err)) {
		drive_files_of(control->target.running ? &running : &control->target.config, state_of(control), &files);
		if (drive_files_find(&files, word, disk, err))
			file = mem_strdup(*disk == DRIVE_IMAGE_INDEX ? files.image : files.disks.items[*disk]);
		drive_files_finish(&files);
	}
	vm_config_finish(&running);
	return file;
}

/* mib: the new size; 0: the disk is removed. */
static int save(struct cli_control *control, int status, const char *file, uint64_t mib)
{
	struct store *store = control->context->store;
	const char *name = control->target.config.name, *state = state_of(control);
	struct error err;

	if (status || !control->save)
		return status;
	if (mib ? profile_disk_grow(store, name, state, file, mib, &err) : profile_disk_remove(store, name, state, file, &err))
		return 0;
	return cli_error("%s: %s%s", control->word, control->target.running ? "done, but the profile was not changed: " : "", err.text);
}

static int add(struct cli_control *control, const char *spec)
{
	struct vm_config given, running;
	struct error err;
	char *cwd = getcwd(NULL, 0), *text = NULL;
	int status = 1;

	vm_config_init(&given, CONFIG_COMMAND_LINE);
	vm_config_init(&running, CONFIG_PROFILE);
	vm_config_add(&given, SET_DISK, spec);
	vm_config_absolute(&given, cwd ? cwd : "/");
	if (!vm_value_check(SET_DISK, spec, &err)) {
		cli_error("%s: disk %s: %s", control->word, spec, err.text);
	} else if (cli_control_may_change(control)) {
		bool good = !control->target.running || control_running(&control->vm, &running, &err);

		if (good)
			text = control_disk_complete(control->target.running ? &running : &control->target.config, state_of(control),
			                             vm_config_get(&given, SET_DISK), &err);
		if (!text)
			cli_error("%s: %s", control->word, err.text);
		else if (!control->target.running)
			status = 0;
		else
			status = cli_control_wait(control, control_disk_add(&control->vm, text, cli_control_done, control, &err), &err);
		status = cli_control_save(control, status, SET_DISK, SETTING_ADD, text);
	}
	free(text);
	free(cwd);
	vm_config_finish(&given);
	vm_config_finish(&running);
	return status;
}

static int remove_one(struct cli_control *control, const char *word)
{
	struct error err;
	int disk, status = 0;
	char *file;

	if (!cli_control_may_change(control))
		return 1;
	file = file_of(control, word, &disk, &err);
	if (!file)
		return cli_error("%s: %s", control->word, err.text);
	if (!control->target.running && disk == DRIVE_IMAGE_INDEX)
		status = cli_error("%s: a profile cannot do without its boot image", control->word);
	else if (control->target.running)
		status = cli_control_wait(control, control_disk_remove(&control->vm, word, cli_control_done, control, &err), &err);
	status = save(control, status, file, 0);
	free(file);
	return status;
}

static int grow(struct cli_control *control, const char *word, const char *size)
{
	struct error err;
	uint64_t mib;
	int disk, status = 0;
	char *file;

	if (!vm_size_parse(size, 'G', &mib, &err))
		return cli_error("%s: %s", control->word, err.text);
	file = file_of(control, word, &disk, &err);
	if (!file)
		return cli_error("%s: %s", control->word, err.text);
	if (control->target.running)
		status = cli_control_wait(control, control_disk_grow(&control->vm, word, size, cli_control_done, control, &err), &err);
	else if (!grow_disk(&control->target.config, state_of(control), disk, mib, &err))
		status = cli_error("%s: grow %s to %s: %s", control->word, word, size, err.text);
	status = save(control, status, file, mib);
	free(file);
	return status;
}

int command_disk(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	int status;

	if (!command_read_words(context, 4, argc, argv, &words))
		return 2;

	const char *action = words.count > 1 ? words.words[1] : "";
	bool adds = words.count == 3 && !strcmp(action, "add"), removes = words.count == 3 && !strcmp(action, "remove");
	bool grows = words.count == 4 && !strcmp(action, "grow");

	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count > 1 && !adds && !removes && !grows)
		return command_usage(context, "after NAME comes `add DISK`, `remove DISK` or `grow DISK SIZE`");
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	status = adds ? add(&control, words.words[2]) : removes ? remove_one(&control, words.words[2])
	         : grows ? grow(&control, words.words[2], words.words[3]) : list(&control);
	cli_control_close(&control);
	return status;
}
