/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_ATOMIC_H
#define PERSIST_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;

/*
 * Reads and writes complete files. A write either replaces the file (mode 0600)
 * or leaves the old one unchanged and removes the new one.
 */
enum atomic_sync {
	ATOMIC_FAST,		/* for records: atomic if paddock crashes, but not if the host does; replaces a symbolic link */
	ATOMIC_DURABLE		/* for profiles: syncs the file and its directory; keeps a symbolic link and replaces
				 * its target */
};

bool atomic_write(const char *path, const void *bytes, size_t len, enum atomic_sync, struct error *);

/* Removes temporary files that killed writers left in a directory. Requires a lock that all writers hold. */
void atomic_remove_leftovers(const char *dir);

/* Appends the content of a file. Fails if it is not a regular file or has more than `limit` bytes. err->code is errno. */
bool file_read(const char *path, size_t limit, struct str *out, struct error *);

/* The same for a record of paddock, which must not be a symbolic link. */
bool file_read_own(const char *path, size_t limit, struct str *out, struct error *);

/* Syncs the entries of a directory to disk; ignores errors. */
void directory_sync(const char *path);

#endif
