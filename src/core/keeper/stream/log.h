/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_LOG_H
#define CORE_KEEPER_STREAM_LOG_H

#include <stddef.h>

/*
 * console.log in the state directory: the console's bytes as they came, 0600,
 * one file a boot (console.1.log is the boot before, up to LOG_BOOTS). Of each
 * boot the newest LOG_PART bytes are kept for certain: a file that reaches
 * that size becomes console.older.log (console.N.older.log), so nothing is
 * ever copied. Never fsynced; allocates once. A log that cannot be written
 * (full disk, directory gone) is retried at each flush and stops nobody; the
 * owner ignores SIGXFSZ, so that a limit is an error as a full disk is.
 */
#ifndef LOG_PART
#define LOG_PART (64 * 1024 * 1024)
#endif
#ifndef LOG_BUFFER
#define LOG_BUFFER (64 * 1024)
#endif
#define LOG_BOOTS 5

struct log;

/* One line for the user: when writing begins to fail, and when it works again. */
typedef void log_notice_fn(void *data, const char *text);

/* A new boot in the directory: older logs move on by one. directory is copied. */
struct log *log_new(const char *directory, log_notice_fn *, void *data);
void log_free(struct log *);		/* flushes; NULL is fine */
/* Buffers; writes when the buffer is full. Bytes that find no room while writing fails are counted, not kept. */
void log_add(struct log *, const void *bytes, size_t len);
void log_flush(struct log *);
/* Bytes not yet written: when this is not 0 after log_add, arm a timer (if it is not armed) for log_flush. Not
 * again after the flush: a full disk is tried anew when the guest says more, not while it is silent. */
size_t log_pending(const struct log *);

/* The file of N boots ago (0: this one), or its older part; the caller's. Either may be missing. */
char *log_path(const char *directory, unsigned boot);
char *log_older_path(const char *directory, unsigned boot);

#endif
