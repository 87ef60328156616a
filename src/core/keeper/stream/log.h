/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_H
#define CORE_KEEPER_STREAM_LOG_H

#include <stddef.h>
#include <stdint.h>

/*
 * console.log in the state directory: the unchanged bytes of the console, mode
 * 0600, one file for each boot (console.1.log is the previous boot, up to
 * LOG_BOOTS). At least the newest LOG_PART bytes of each boot are kept: a file
 * of that size is renamed to console.older.log (console.N.older.log), so
 * nothing is copied. log_times.h says when what was written. Never synced;
 * allocates once. If the log cannot be written
 * (disk full, directory removed), each flush tries again, and the VM is not
 * affected. The owner must ignore SIGXFSZ, so that a size limit is an error
 * like a full disk.
 */
#ifndef LOG_PART
#define LOG_PART (64 * 1024 * 1024)
#endif
#ifndef LOG_BUFFER
#define LOG_BUFFER (64 * 1024)
#endif
#define LOG_BOOTS 5

struct log;
struct str;

/* Called with a line for the user when writing begins to fail, and when it works again. */
typedef void log_notice_fn(void *data, const char *text);

/* Begins a new boot: renames the older logs. Copies `directory`. */
struct log *log_new(const char *directory, log_notice_fn *, void *data);
void log_free(struct log *);		/* flushes; accepts NULL */
/* Buffers the bytes, and writes when the buffer is full. While writing fails, bytes that do not fit are only counted. */
void log_add(struct log *, const void *bytes, size_t len);
void log_flush(struct log *);
/* Returns the number of unwritten bytes. If it is not 0 after log_add, arm a timer (unless armed) for log_flush, but
 * not after the flush: a full disk is tried again when the guest prints more, not while it is silent. */
size_t log_pending(const struct log *);
/* Returns the size of console.log, without what is buffered; -1 if bytes are missing from it or it is not open. */
int64_t log_size(const struct log *);

/*
 * Reads the end of a console log: at most `most` of the bytes before position `upto` in console.log, those of its older
 * part included. Appends them; fewer, or none, where the files have no more or cannot be read.
 */
void log_read_end(const char *directory, int64_t upto, size_t most, struct str *out);

/* Return the path of the log of `boot` boots ago (0: this one) or of its older part. The file may be missing. The
 * caller frees the path. */
char *log_path(const char *directory, unsigned boot);
char *log_older_path(const char *directory, unsigned boot);

#endif
