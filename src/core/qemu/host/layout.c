/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/layout.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/image.h"
#include "core/vm/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum vm_arch layout_arch(const struct vm_spec *spec, const struct host_facts *facts)
{
	return spec->arch_given ? spec->arch : facts->arch;
}

bool file_is_image(const struct file_fact *file)
{
	return file->kind == FILE_REGULAR || file->kind == FILE_BLOCK;
}

const char *file_trouble(const struct file_fact *file)
{
	if (file->error)
		return strerror(file->error);
	if (file->kind == FILE_DIRECTORY)
		return "is a directory";
	if (file->kind == FILE_OTHER)
		return "is neither a file nor a block device";
	return NULL;
}

static bool facts_have_part(const struct host_facts *facts, const char *image, const char *suffix)
{
	char *path = mem_printf("%s%s", image, suffix);
	bool there = file_is_image(host_file(facts, path));

	free(path);
	return there;
}

enum boot_mode layout_boot(const struct vm_spec *spec, const struct host_facts *facts)
{
	const struct file_fact *image = host_file(facts, spec->image);
	size_t len = strlen(spec->image);
	bool may[BOOT_MODES];

	if (spec->boot != BOOT_AUTO)
		return spec->boot;
	for (unsigned i = 0; i < BOOT_MODES; i++)
		may[i] = !(spec->boot_excluded & 1U << i);

	if (file_is_image(image)) {
		if (may[BOOT_ISO] && (image->iso9660 || (len >= 4 && !strcasecmp(spec->image + len - 4, ".iso"))))
			return BOOT_ISO;
		return may[BOOT_DISK] ? BOOT_DISK : BOOT_AUTO;
	}
	if (!facts_have_part(facts, spec->image, "-kernel"))
		return BOOT_AUTO;
	if (may[BOOT_SQUASHFS] && facts_have_part(facts, spec->image, "-squashfs.img"))
		return BOOT_SQUASHFS;
	return may[BOOT_KERNEL] ? BOOT_KERNEL : BOOT_AUTO;
}

const char *const *layout_endings(void)
{
	static const char *const endings[] = {
		".iso", ".qcow2", ".img", ".raw", "-efi.iso", "-efi.img", "-efi.qcow2", "-bios.img", NULL,
	};

	return endings;
}

char *layout_stem(const char *image)
{
	static const char *const endings[] = { "-kernel", "-initrd.img", "-squashfs.img", "-cmdline", "-" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t len = strlen(image), tail = strlen(endings[i]);

		if (text_ends(image, endings[i]) && len > tail && image[len - tail - 1] != '/')
			return mem_strndup(image, len - tail);
	}
	return NULL;
}

char *layout_state_written(const struct vm_spec *spec, const struct host_facts *facts)
{
	if (spec->state)
		return mem_strdup(spec->state);
	if (facts->state_fallback)
		return mem_strdup(facts->state);
	return image_state_dir(spec->image, host_file(facts, spec->image)->kind == FILE_MISSING &&
	                                    facts_have_part(facts, spec->image, "-kernel"));
}

char *layout_in_state(const struct host_facts *facts, const char *name)
{
	return path_join(facts->state, name);
}

char *layout_disk(const struct vm_spec *spec, const struct host_facts *facts, size_t i)
{
	const char *path = spec->disks[i].path;
	char name[32] = "disk.img";

	if (path && (spec->origin == CONFIG_COMMAND_LINE || path[0] == '/'))
		return mem_strdup(path);
	if (path)
		return layout_in_state(facts, path);
	if (i > 0)
		snprintf(name, sizeof(name), "disk%zu.img", i);
	return layout_in_state(facts, name);
}

/* A component ".." may follow a symbolic link, so the path cannot be cleaned as text. */
static bool goes_up(const char *path)
{
	for (size_t len; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (len == 2 && !strncmp(path, "..", 2))
			return true;
	}
	return false;
}

char *layout_share(const struct vm_spec *spec, const struct host_facts *facts, size_t i)
{
	const char *path = spec->shares[i].path;

	if (!goes_up(path))
		return path_join(facts->cwd, path);
	return path[0] == '/' ? mem_strdup(path) : mem_printf("%s/%s", facts->cwd, path);
}

char *layout_vars_beside(const char *code)
{
	const char *found = NULL;

	for (const char *at = path_base(code); (at = strstr(at, "CODE")); at++)
		found = at;
	if (!found)
		return NULL;
	return mem_printf("%.*sVARS%s", (int)(found - code), code, found + 4);
}

char *layout_block_path(const char *path)
{
	size_t before_slash = strcspn(path, "/");

	if (memchr(path, ':', before_slash))
		return mem_printf("./%s", path);
	return mem_strdup(path);
}

char *layout_img_path(const char *path)
{
	return path[0] == '-' ? mem_printf("./%s", path) : layout_block_path(path);
}

char *layout_commas(const char *text)
{
	struct str out;

	str_init(&out);
	list_add(&out, text);
	return str_detach(&out);
}

char *layout_block_value(const char *path)
{
	char *plain = layout_block_path(path);
	char *doubled = layout_commas(plain);

	free(plain);
	return doubled;
}
