/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_UNIX_TABLE_H
#define CORE_BASE_UNIX_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds out whether a UNIX socket accepts connections. Its file exists before it
 * listens, and a vhost-user daemon accepts only one connection, so connecting
 * is not possible. The table of the kernel shows it without a connection.
 */

/* Returns true if the socket listens. If the table cannot be read (as in some containers), checks only that the file
 * exists. */
bool unix_listens(const char *path);
/* The same for the given content of the table. */
bool unix_table_listens(const char *table, size_t len, const char *path);

#endif
