/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FORMATS_H
#define CORE_QEMU_HOST_FORMATS_H

#include <stdbool.h>

struct error;

/*
 * The format of each disk image, as it was when paddock first used the file.
 * A guest that writes to a raw disk can give it the header of another format,
 * which may name any file of the host: so no format is taken from bytes that
 * a guest may have written. The record is $XDG_STATE_HOME/paddock/formats,
 * a line a file: inode, birth time, device, format and, for people, the path.
 * A file is known by its inode and birth time, or where the file system has
 * no birth times by inode and device: other names lead to the same record,
 * a copy is a new file. host_gather looks here, the keeper writes.
 */

/* The format of an open file; NULL: none is kept. A block device is always raw. The caller's. */
char *formats_of(int fd);
/*
 * Keeps the format of the file at path. Fails where another one is kept, unless given says
 * that the user named this one; and where the record cannot be read or written.
 */
bool formats_keep(const char *path, const char *format, bool given, struct error *);
/*
 * The same for the files that an image refers to outside its directory: a hash of their
 * names, as they were when the user allowed them. The record is paddock/backing.
 */
char *formats_accepted(int fd);
bool formats_accept(const char *path, const char *hash, struct error *);
/*
 * Whether the file at path is as formats_note_written found it: the same inode with the same time of its last
 * change, which no program can set. For records in a state directory that decide what is executed: a guest may
 * share that directory, and an archive may bring one. The record is paddock/starts, a line a path.
 */
bool formats_note_written(const char *path, struct error *);
bool formats_unchanged(const char *path);
/* Where the record is; NULL: there is no home. The caller's. */
char *formats_file(void);

#endif
