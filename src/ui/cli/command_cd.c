/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/control/cd.h"
#include "core/control/drives.h"
#include "core/vm/image.h"
#include "ui/cli/cli_control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_drive(const struct drive *drive)
{
	static const char *const roles[] = {
		[DRIVE_OTHER] = "inserted", [DRIVE_IMAGE] = "image", [DRIVE_DISK] = "disk", [DRIVE_METADATA] = "metadata",
	};

	cli_line("%-6s  %-6s  %-8s  %s", drive->tray_open ? "open" : "closed", drive->locked ? "yes" : "no",
	         drive->file ? roles[drive->role] : "empty", drive->file ? drive->file : "");
}

static void print_all(void *data, const struct drives *drives, const struct error *err)
{
	bool any = false;

	for (size_t i = 0; drives && i < drives->count; i++) {
		if (!drives->items[i].is_cd)
			continue;
		if (!any)
			puts("TRAY    LOCKED  CD        FILE");
		any = true;
		print_drive(&drives->items[i]);
	}
	cli_control_heard(data, err);
}

static bool boots_iso(const struct vm_config *profile)
{
	const char *mode = vm_config_get(profile, SET_BOOT_MODE), *image = vm_config_get(profile, SET_IMAGE);

	return mode && strcmp(mode, "auto") != 0 ? !strcmp(mode, "iso") : image && image_detect(image) == BOOT_ISO;
}

/* Whether the VM runs, or --save can be followed. path: as below. */
static bool may_change(const struct cli_control *control, const char *path)
{
	const struct vm_config *profile = &control->target.config;
	const char *mode = vm_config_get(profile, SET_BOOT_MODE);

	if (!control->save && !control->target.running && !boots_iso(profile))
		cli_error("%s is not running", control->word);
	else if (!control->save)
		return cli_control_may_change(control);
	else if (!path)
		cli_error("%s: a profile cannot do without what it boots; change its boot image instead of --save", control->word);
	else if (!boots_iso(profile))
		cli_error("%s does not boot an ISO; --save has no setting to change", control->word);
	else if ((!mode || !strcmp(mode, "auto")) && image_detect(path) != BOOT_ISO)
		cli_error("%s: %s would not boot as an ISO; --save needs one", control->word, path);
	else
		return true;
	return false;
}

/* path: absolute, or NULL to eject. */
static int change(struct cli_control *control, const char *path, bool force)
{
	struct error err;
	int status = 0;

	if (!may_change(control, path))
		return 1;
	if (!control->target.running && !control_cd_check(&control->target.config, path, &err))
		return cli_error("%s: %s", control->word, err.text);
	if (control->target.running)
		status = cli_control_wait(control, path ? control_cd_insert(&control->vm, path, force, cli_control_done, control, &err)
		                                        : control_cd_eject(&control->vm, force, cli_control_done, control, &err), &err);
	return path ? cli_control_save(control, status, SET_IMAGE, SETTING_SET, path) : status;
}

static int list(struct cli_control *control)
{
	struct error err;

	if (!control->target.running)
		return cli_error("%s is not running", control->word);
	return cli_control_wait(control, control_drives(&control->vm, print_all, control, &err), &err);
}

int command_cd(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	bool inserts, ejects;
	char *path;
	int status;

	if (!command_read_words(context, 3, argc, argv, &words))
		return 2;
	inserts = words.count == 3 && strcmp(words.words[1], "insert") == 0 && words.words[2][0];
	ejects = words.count == 2 && strcmp(words.words[1], "eject") == 0;
	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count > 1 && !inserts && !ejects)
		return command_usage(context, "after NAME comes `insert FILE` or `eject`");
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	path = inserts ? path_full(words.words[2]) : NULL;
	status = inserts || ejects ? change(&control, path, command_words_value(&words, "--force") != NULL) : list(&control);
	free(path);
	cli_control_close(&control);
	return status;
}
