/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UNIX_TABLE_H
#define CORE_BASE_UNIX_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Does a unix socket take connections by now? Its file is there a moment
 * before it listens, and a try would be the only connection that a
 * vhost-user daemon takes: the kernel's table tells without one.
 */

/* Where the table cannot be read (a /proc of a container's own), the file must do. */
bool unix_listens(const char *path);
/* The same, of a table that was read. */
bool unix_table_listens(const char *table, size_t len, const char *path);

#endif
