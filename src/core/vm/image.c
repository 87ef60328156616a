/* SPDX-License-Identifier: MIT */
#include "core/vm/image.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define ISO_EXTENSION ".iso"
/* The first volume descriptor is in sector 16; its identifier follows a type byte (ECMA-119, 8.1). */
#define ISO_MARK "CD001"
#define ISO_MARK_AT (16 * 2048 + 1)

static bool has_extension(const char *name, const char *extension)
{
	size_t len = strlen(name), tail = strlen(extension);

	return len >= tail && strcasecmp(name + len - tail, extension) == 0;
}

char *image_state_dir(const char *path, bool is_prefix)
{
	size_t len = strlen(path), tail = strlen(ISO_EXTENSION);

	if (!is_prefix && len >= tail && strcmp(path + len - tail, ISO_EXTENSION) == 0)
		len -= tail;
	return mem_printf("%.*s-state", (int)len, path);
}

static bool has_iso_mark(const char *path)
{
	char mark[sizeof(ISO_MARK) - 1];
	/* O_NONBLOCK: opening a FIFO or a tape must not wait. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return false;

	bool is = pread(fd, mark, sizeof(mark), ISO_MARK_AT) == (ssize_t)sizeof(mark) &&
	          memcmp(mark, ISO_MARK, sizeof(mark)) == 0;
	close(fd);
	return is;
}

static bool has_part(const char *path, const char *suffix)
{
	char *full = mem_printf("%s%s", path, suffix);
	struct stat st;
	bool is = stat(full, &st) == 0 && S_ISREG(st.st_mode);

	free(full);
	return is;
}

bool image_is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno == EACCES || has_part(path, "-kernel");
}

bool image_is_prefix(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 && has_part(path, "-kernel");
}

enum boot_mode image_detect(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)))
		return has_extension(path, ISO_EXTENSION) || has_iso_mark(path) ? BOOT_ISO : BOOT_DISK;
	if (!has_part(path, "-kernel"))
		return BOOT_AUTO;
	return has_part(path, "-squashfs.img") ? BOOT_SQUASHFS : BOOT_KERNEL;
}

enum boot_mode image_kind_of_name(const char *name, size_t *prefix_len)
{
	static const char *const disks[] = { ".img", ".raw", ".qcow2", ".qcow", ".vmdk", ".vdi", ".vhd", ".vhdx" };
	/* These belong to a kernel and are not images of their own. */
	static const char *const parts[] = { "-initrd.img", "-squashfs.img" };
	static const char kernel[] = "-kernel";
	size_t len = strlen(name);

	*prefix_len = len;
	if (len > strlen(kernel) && strcmp(name + len - strlen(kernel), kernel) == 0) {
		*prefix_len = len - strlen(kernel);
		return BOOT_KERNEL;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (has_extension(name, parts[i]))
			return BOOT_AUTO;
	}
	/* ".img" alone is a hidden file without an extension. */
	if (len > strlen(ISO_EXTENSION) && has_extension(name, ISO_EXTENSION))
		return BOOT_ISO;
	for (size_t i = 0; i < sizeof(disks) / sizeof(disks[0]); i++) {
		if (len > strlen(disks[i]) && has_extension(name, disks[i]))
			return BOOT_DISK;
	}
	return BOOT_AUTO;
}
