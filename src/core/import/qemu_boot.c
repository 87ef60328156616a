/* SPDX-License-Identifier: MIT */
/* UEFI firmware, and a kernel without a boot loader. */
#include "core/import/qemu_line_impl.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Sets the firmware; path is freed. */
static void become_firmware(struct qemu_line *line, struct qemu_option *option, char *path)
{
	import_set(line->out, SET_UEFI, "yes", NULL);
	qemu_option_become(line, option, SET_FIRMWARE, path, NULL);
	free(path);
}

/* The second flash holds the variables. paddock keeps a copy of the firmware's template for each machine. */
static void leave_variables(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "paddock keeps new UEFI variables; to go on with these, copy the file to uefi-vars.fd in the state directory before the first start");
}

static void read_flash_drive(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *unit, *file;
	char *path;

	option_list_read(&list, option->value, NULL);
	unit = option_list_get(&list, "unit");
	file = option_list_get(&list, "file");
	path = file ? qemu_line_path(line, file) : NULL;
	if (path && vm_config_get(&line->out->config, SET_FIRMWARE)) {
		leave_variables(line, option);
	} else if (path && (!unit || !strcmp(unit, "0"))) {
		become_firmware(line, option, path);
		path = NULL;
	}
	free(path);
	option_list_finish(&list);
}

static bool looks_like_uefi(const char *path)
{
	static const char *const names[] = { "ovmf", "edk2", "efi", "aavmf" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasestr(path, names[i]))
			return true;
	return false;
}

void qemu_flash_read(struct qemu_line *line)
{
	struct qemu_option *option = NULL;

	while ((option = qemu_option_with(line, "-drive", "if", "pflash"))) {
		read_flash_drive(line, option);
		if (option->open)
			break;
	}
	while ((option = qemu_option_next(line, "-pflash", NULL)) && vm_config_get(&line->out->config, SET_FIRMWARE))
		leave_variables(line, option);
	if (option && looks_like_uefi(option->value)) {
		become_firmware(line, option, path_join(line->cwd, option->value));
		if ((option = qemu_option_next(line, "-pflash", NULL)))
			leave_variables(line, option);
	}
	/* A name without a directory is searched for among QEMU's own files. */
	option = qemu_option_next(line, "-bios", NULL);
	if (option && strchr(option->value, '/') && looks_like_uefi(option->value) && !vm_config_get(&line->out->config, SET_FIRMWARE))
		become_firmware(line, option, path_join(line->cwd, option->value));
}

/* PREFIX-kernel with PREFIX-initrd.img is an image of ours, whose command line is in PREFIX-cmdline. */
void qemu_kernel_read(struct qemu_line *line)
{
	struct qemu_option *kernel = qemu_option_next(line, "-kernel", NULL), *initrd = qemu_option_next(line, "-initrd", NULL);
	struct qemu_option *append = qemu_option_next(line, "-append", NULL);
	char *prefix, *wanted;

	if (!kernel || !initrd || !text_ends(kernel->value, "-kernel"))
		return;
	prefix = mem_strndup(kernel->value, strlen(kernel->value) - strlen("-kernel"));
	wanted = mem_printf("%s-initrd.img", prefix);
	if (!strcmp(initrd->value, wanted)) {
		char *image = path_join(line->cwd, prefix);

		import_set(line->out, SET_BOOT_MODE, "kernel", NULL);
		qemu_option_become(line, kernel, SET_IMAGE, image, NULL);
		initrd->open = false;
		if (append) {
			char *reason = mem_printf("the text is read from %s-cmdline at each start", image);

			qemu_option_leave(line, append, reason);
			free(reason);
		}
		free(image);
	}
	free(wanted);
	free(prefix);
}
