/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_IO_H
#define CORE_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct str;

/* Complete reads and writes of blocking descriptors. On failure they return false or -1 and set errno. */

bool io_write(int fd, const void *bytes, size_t len);
/* Appends everything up to the end. Fails with EFBIG, after appending some of it, if there are more than `limit` bytes. */
bool io_read(int fd, size_t limit, struct str *out);
/* Reads the first size - 1 bytes of a file and adds a NUL. Returns their number, or -1 if that fails (buf is then ""). */
ssize_t io_head(const char *path, char *buf, size_t size);
/* The same for an open file. */
ssize_t io_read_head(int fd, char *buf, size_t size);

#endif
