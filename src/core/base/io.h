/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_IO_H
#define CORE_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct str;

/* Complete reads and writes of blocking descriptors. On failure they return false or -1 and set errno. */

bool io_write(int fd, const void *bytes, size_t len);
/* Appends everything up to the end. Fails with EFBIG, after appending some of it, if there are more than `limit` bytes. */
bool io_read(int fd, size_t limit, struct str *out);
/* Reads exactly len bytes at an offset, which may be any number. Returns false if the file has fewer there. */
bool io_read_at(int fd, void *buf, size_t len, uint64_t offset);
/* Reads the first size - 1 bytes of a file and adds a NUL. Returns their number, or -1 if that fails (buf is then ""). */
ssize_t io_head(const char *path, char *buf, size_t size);
/* The same for an open file. */
ssize_t io_read_head(int fd, char *buf, size_t size);

#endif
