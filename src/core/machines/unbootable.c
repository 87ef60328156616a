/* SPDX-License-Identifier: MIT */
#include "core/machines/unbootable.h"

#include "core/base/str.h"
#include "core/qemu/host/probe.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

const char *unbootable_disk(const char *path)
{
	/* O_NONBLOCK: opening a FIFO must not wait. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unsigned char head[512] = { 0 };
	const char *words = NULL;
	struct stat st;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		got = pread(fd, head, sizeof(head), 0);
		words = got == 0 ? "empty" : got > 0 ? probe_not_disk(head, (size_t)got) : NULL;
	}
	close(fd);
	if (words == NULL || words[0] == 'e')
		return words;
	return text_starts(words, "is compressed") ? "compressed" : text_starts(words, "is an initial RAM disk") ? "initrd" : "not a disk";
}
