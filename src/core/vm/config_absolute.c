/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

static void absolute_value(struct vm_config *config, enum vm_setting setting, const char *cwd)
{
	const char *path = vm_config_get(config, setting);

	if (!path || !*path || path[0] == '/')
		return;

	char *full = path_join(cwd, path);

	vm_config_set(config, setting, full);
	free(full);
}

/* Takes ownership of path; the caller frees the result. */
static char *absolute(char *path, const char *cwd)
{
	char *full;

	if (!path || path[0] == '/')
		return path;
	full = path_join(cwd, path);
	free(path);
	return full;
}

void vm_config_absolute(struct vm_config *config, const char *cwd)
{
	static const enum vm_setting files[] = { SET_IMAGE, SET_DATA_FILE, SET_QMP, SET_STATE };
	static const enum vm_setting programs[] = { SET_QEMU, SET_VIRTIOFSD };
	struct strv *disks = &config->value[SET_DISK], *shares = &config->value[SET_SHARE];
	const char *firmware = vm_config_get(config, SET_FIRMWARE);
	struct error ignored;

	if (config->origin == CONFIG_PROFILE)
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		absolute_value(config, files[i], cwd);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		const char *program = vm_config_get(config, programs[i]);

		/* A name without a slash is searched for in PATH. */
		if (program && strchr(program, '/'))
			absolute_value(config, programs[i], cwd);
	}
	if (firmware && strcmp(firmware, "auto") != 0)
		absolute_value(config, SET_FIRMWARE, cwd);
	/* An invalid disk or share is left unchanged, so that vm_spec_read reports it. */
	for (size_t i = 0; i < disks->count; i++) {
		struct vm_disk disk = { 0 };

		if (vm_disk_parse(disks->items[i], &disk, &ignored) && disk.path) {
			disk.path = absolute(disk.path, cwd);
			char *text = vm_disk_format(&disk);
			strv_replace(disks, i, text);
			free(text);
		}
		vm_disk_finish(&disk);
	}
	for (size_t i = 0; i < shares->count; i++) {
		struct vm_share share = { 0 };

		if (vm_share_parse(shares->items[i], &share, &ignored)) {
			share.path = absolute(share.path, cwd);
			char *text = vm_share_format(&share);
			strv_replace(shares, i, text);
			free(text);
		}
		vm_share_finish(&share);
	}
	/* In a profile, an empty option counts as not set. */
	for (int i = 0; i < VM_SETTINGS; i++)
		if (config->value[i].count == 1 && !*config->value[i].items[0])
			vm_config_set(config, (enum vm_setting)i, NULL);
	config->origin = CONFIG_PROFILE;
}
