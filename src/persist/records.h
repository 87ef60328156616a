/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_RECORDS_H
#define PERSIST_RECORDS_H

struct record_io;

/*
 * The small INI files of core (run/UUID.ini, last-run.ini): mode 0600, written
 * atomically, but not synced, because they describe processes and a start must
 * not wait for a disk. Reading an invalid file fails with the number of the line.
 */
const struct record_io *records_on_files(void);

#endif
