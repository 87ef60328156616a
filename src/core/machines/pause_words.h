/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_PAUSE_WORDS_H
#define CORE_MACHINES_PAUSE_WORDS_H

#include <stdint.h>

/* What a guest that QEMU has paused is waiting for, for people. */

/* The file system with a file. */
struct file_room {
	char *mount;		/* where it is mounted; NULL: unknown */
	uint64_t free, total;	/* in bytes, for this user */
};

/*
 * Finds the file system of an absolute path. A path that is missing, or in another form, has none. Reads only metadata, but
 * like every look at files it waits for a file system that does not answer. The caller frees mount.
 */
struct file_room file_room_of(const char *path);

/*
 * The file that a full disk of this host has no room for, in a keeper's reason for a pause: as QEMU names it, "" while it is
 * not known yet, NULL for any other reason. Borrowed. Pure.
 */
const char *pause_full_file(const char *why);
/*
 * Returns a keeper's reason for a pause in words: for "No space left on device: /srv/data.qcow2" "no space left on /srv (0 of
 * 40 G free) for data.qcow2"; any other reason, or one without a known file system, unchanged. Pure. The caller frees it.
 */
char *pause_words_with(const char *why, const struct file_room *);
/* The same with the file system as it is now. The caller frees it. */
char *pause_words(const char *why);

#endif
