/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_FILE_H
#define CORE_KEEPER_STREAM_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/*
 * The log of one boot for reading: its older part and the newest one as one
 * sequence of bytes, and the lines in it. Nothing is read at opening, and only
 * the blocks around a position later, so a log of any size opens at once.
 *
 * A line is named by the position of its first byte. It ends behind a line
 * feed, or where a block ends that has none, so that no line is longer than two
 * blocks.
 */
#define LOG_FILE_BLOCK (16 * 1024)

struct log_file;

/* Returns NULL if there is no log of `boot` boots ago, or it cannot be opened; err->code is then the errno. */
struct log_file *log_file_open(const char *directory, unsigned boot, struct error *err);
void log_file_close(struct log_file *);		/* accepts NULL */

/* Looks at the size again. Returns false if the log's name stands for another file now: a new boot, or a new part. */
bool log_file_look(struct log_file *);
/*
 * Opens the log again after that. Returns false and keeps the old one if there is none now. *dropped: how many bytes at
 * the beginning of the old log are not in the new one; after a new boot it is its size.
 */
bool log_file_reopen(struct log_file *, uint64_t *dropped);
uint64_t log_file_size(const struct log_file *);	/* when it was looked at last */
uint64_t log_file_bytes_read(const struct log_file *);	/* since it was opened, without the times */

/* Reads up to len bytes. Returns fewer only at the end, or if the file cannot be read. */
size_t log_file_read(struct log_file *, uint64_t position, void *buf, size_t len);
/* The line with the byte at this position. At the end: the last line, or the end if that is a line's end. */
uint64_t log_file_line(struct log_file *, uint64_t position);
/* The line after this one; the end after the last one. */
uint64_t log_file_next(struct log_file *, uint64_t line);
/* Reads a line without its line feed. buf has 2 * LOG_FILE_BLOCK bytes. Returns its length, and the next line. */
size_t log_file_text(struct log_file *, uint64_t line, char *buf, uint64_t *next);

/* When the byte at this position was written, in ms since 1970. Returns false if that is not known. */
bool log_file_time(struct log_file *, uint64_t position, int64_t *ms);
/* The first position that was written at this time or later. Returns false if there is none. */
bool log_file_since(const struct log_file *, int64_t ms, uint64_t *position);
/* False if no times were kept for this boot. */
bool log_file_has_times(const struct log_file *);

#endif
