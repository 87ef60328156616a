/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_TIMES_H
#define CORE_KEEPER_STREAM_LOG_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * console.times next to console.log: when the guest wrote what, as lines
 * "POSITION MILLISECONDS": from this byte of the log on, at this time (since
 * 1970). A line of the log has the time of the last record at or before its
 * first byte. Every part of the log has its own file, which moves with it.
 * Written with the log, never synced, mode 0600. A file that is missing, torn
 * or malformed is not an error: the lines then have no times.
 */
#define LOG_TIMES_MS 100	/* two records of a boot are at least this far apart */

/* The path of the times of a log, which ends in ".log". The caller frees it. */
char *log_times_path(const char *log_path);

/* The writer of one file, for log.c. */
struct log_times {
	int fd;			/* -1: not open */
	uint64_t size;
	bool torn;		/* the file may end in a part of a record */
};

void log_times_open(struct log_times *, const char *log_path);
void log_times_close(struct log_times *);
/* Adds a record. Leaves it out if the file would grow larger than log_times_most, or cannot be written. */
void log_times_put(struct log_times *, uint64_t position, int64_t ms);
/* The largest size of the file in bytes, for a log of this size. */
uint64_t log_times_most(uint64_t log_size);

/* The reader of one file. Zeroed but for fd, which is borrowed; -1: there is none. */
struct log_times_reader {
	int fd;
	bool known;		/* the rest is that of the last answer, from which the next one is near */
	uint64_t position, next;
	int64_t ms;
	uint64_t offset;
};

/* The time of the byte at this position. Returns false if there is none. Reads a few KiB of a file of any size. */
bool log_times_at(struct log_times_reader *, uint64_t position, int64_t *ms);
/* The position of the first record whose time is not before ms. Returns false if there is none. Reads up to there. */
bool log_times_since(int fd, int64_t ms, uint64_t *position);

#endif
