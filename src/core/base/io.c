/* SPDX-License-Identifier: MIT */
#include "core/base/io.h"

#include "core/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifndef IO_CHUNK
#define IO_CHUNK 16384
#endif

bool io_write(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		len -= (size_t)done;
	}
	return true;
}

bool io_read(int fd, size_t limit, struct str *out)
{
	size_t total = 0;
	char buf[IO_CHUNK];

	for (;;) {
		ssize_t got = read(fd, buf, sizeof(buf));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		total += (size_t)got;
		if (total > limit) {
			errno = EFBIG;
			return false;
		}
		str_add(out, buf, (size_t)got);
	}
}

ssize_t io_read_head(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t got;

	do {
		got = read(fd, buf + len, size - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	} while (got > 0 && len < size - 1);
	buf[got < 0 ? 0 : len] = '\0';
	return got < 0 ? -1 : (ssize_t)len;
}

bool io_read_at(int fd, void *buf, size_t len, uint64_t offset)
{
	return offset < INT64_MAX - len && pread(fd, buf, len, (off_t)offset) == (ssize_t)len;
}

ssize_t io_head(const char *path, char *buf, size_t size)
{
	/* O_NONBLOCK: opening a FIFO must not block. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	buf[0] = '\0';
	if (fd < 0)
		return -1;

	ssize_t len = io_read_head(fd, buf, size);
	int reason = errno;

	close(fd);
	errno = reason;
	return len;
}
