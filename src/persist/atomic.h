/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_ATOMIC_H
#define PERSIST_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;

/*
 * Whole files, in and out. A write either replaces the file (mode 0600) or
 * leaves the old one as it was and no trace of the new.
 */
enum atomic_sync {
	ATOMIC_FAST,		/* records: whole against a crash of ours, not of the host; a symbolic link is replaced */
	ATOMIC_DURABLE		/* profiles: file and directory are on the disk on return; a symbolic link stays
				 * one, and the file that it leads to is replaced */
};

bool atomic_write(const char *path, const void *bytes, size_t len, enum atomic_sync, struct error *);

/* Append the file to out; refuses what is no regular file or has more than limit bytes. err->code is errno's. */
bool file_read(const char *path, size_t limit, struct str *out, struct error *);

/* The same for a record of ours, which is never a symbolic link. */
bool file_read_own(const char *path, size_t limit, struct str *out, struct error *);

/* A directory's entries as they are on disk by now; what cannot be synced is left. */
void directory_sync(const char *path);

#endif
