/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_RECORDS_H
#define PERSIST_RECORDS_H

struct record_io;

/*
 * core's small files (run/UUID.ini, last-run.ini) in the INI scheme: 0600,
 * by temporary file and rename, but not synced: they tell of processes, and
 * a start must not wait for a disk. A broken one reads as an error with its line.
 */
const struct record_io *records_on_files(void);

#endif
