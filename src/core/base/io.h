/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_IO_H
#define CORE_BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct str;

/* Whole reads and writes of descriptors that block. false (or -1) comes with errno. */

bool io_write(int fd, const void *bytes, size_t len);
/* Append all up to its end. EFBIG: more than limit, of which some was appended. */
bool io_read(int fd, size_t limit, struct str *out);
/* The first size - 1 bytes of a file and a NUL; how many, -1 if it cannot be read (buf is then ""). */
ssize_t io_head(const char *path, char *buf, size_t size);
/* The same of an open file. */
ssize_t io_read_head(int fd, char *buf, size_t size);

#endif
