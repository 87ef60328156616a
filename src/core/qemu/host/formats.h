/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FORMATS_H
#define CORE_QEMU_HOST_FORMATS_H

#include <stdbool.h>

struct error;

/*
 * A record of the format that each disk image had when paddock first used it.
 * A guest can write the header of another format to its raw disk, and that
 * header can refer to any file of the host. Therefore the format is never
 * taken from bytes that a guest may have written. The record is
 * $XDG_STATE_HOME/paddock/formats, one line a file: inode, birth time, device,
 * format and, for the user, the path. A file is identified by inode and birth
 * time or, on file systems without birth times, by inode and device: all its
 * names share a record, and a copy is a new file. host_gather reads the
 * record, the keeper writes it.
 */

/* Returns the recorded format of an open file, or NULL. A block device is always raw. The caller frees the result. */
char *formats_of(int fd);
/*
 * Records the format of the file at path. Fails if another format is recorded, unless `given`
 * is true (the user set this one), or if the record cannot be read or written.
 */
bool formats_keep(const char *path, const char *format, bool given, struct error *);
/*
 * The same for the files outside its directory that an image refers to: a hash of their
 * names when the user allowed them. The record is paddock/backing.
 */
char *formats_accepted(int fd);
bool formats_accept(const char *path, const char *hash, struct error *);
/*
 * formats_unchanged returns true if the file at path is still as formats_note_written recorded it: the same inode and
 * change time, which programs cannot set. For files in a state directory that decide what is executed: the directory
 * may be shared with a guest or come from an archive. The record is paddock/starts, one line a path.
 */
bool formats_note_written(const char *path, struct error *);
bool formats_unchanged(const char *path);
/* Returns the path of the record, or NULL without a home directory. The caller frees it. */
char *formats_file(void);

#endif
