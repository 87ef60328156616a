/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct log {
	char *path, *older;
	log_notice_fn *notice;
	void *data;
	int fd;			/* -1 if not open */
	uint64_t size;		/* of the open file */
	bool failing;		/* writing fails, and the user was informed */
	int why;		/* errno of the failure */
	uint64_t missing;	/* number of bytes dropped since */
	size_t used;
	char buffer[LOG_BUFFER];
};

static char *part_path(const char *directory, unsigned boot, const char *part)
{
	return boot ? mem_printf("%s/console.%u.%slog", directory, boot, part)
		    : mem_printf("%s/console.%slog", directory, part);
}

char *log_path(const char *directory, unsigned boot)
{
	return part_path(directory, boot, "");
}

char *log_older_path(const char *directory, unsigned boot)
{
	return part_path(directory, boot, "older.");
}

/* A missing file need not be moved; other errors are noticed when the log is opened. */
static void move(char *from, char *to)
{
	if (rename(from, to) && errno == ENOENT)
		unlink(to);
	free(from);
	free(to);
}

static void next_boot(const char *directory)
{
	for (unsigned boot = LOG_BOOTS; boot > 0; boot--) {
		move(log_path(directory, boot - 1), log_path(directory, boot));
		move(log_older_path(directory, boot - 1), log_older_path(directory, boot));
	}
}

struct log *log_new(const char *directory, log_notice_fn *notice, void *data)
{
	struct log *log = mem_alloc(sizeof(*log));

	log->path = log_path(directory, 0);
	log->older = log_older_path(directory, 0);
	log->notice = notice;
	log->data = data;
	log->fd = -1;
	next_boot(directory);
	return log;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	log_flush(log);
	if (log->fd >= 0)
		close(log->fd);
	free(log->path);
	free(log->older);
	free(log);
}

static bool open_part(struct log *log)
{
	struct stat st;

	log->fd = own_file_open(log->path, O_WRONLY | O_CREAT | O_APPEND);
	if (log->fd < 0)
		return false;
	log->size = fstat(log->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	return true;
}

/* Makes sure that a file with room is open. */
static bool have_part(struct log *log)
{
	if (log->fd >= 0 && log->size >= LOG_PART) {
		if (rename(log->path, log->older))
			return false;
		close(log->fd);
		log->fd = -1;
	}
	return log->fd >= 0 || open_part(log);
}

/* Returns the number of bytes written; sets errno if that is less than len. */
static size_t write_out(struct log *log, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		if (!have_part(log))
			return done;

		uint64_t room = LOG_PART - log->size;
		ssize_t n = write(log->fd, bytes + done, len - done < room ? len - done : (size_t)room);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (n == 0)
				errno = ENOSPC;
			return done;
		}
		done += (size_t)n;
		log->size += (uint64_t)n;
	}
	return done;
}

static void failed(struct log *log)
{
	struct error err;

	log->why = errno;
	if (log->failing)
		return;
	log->failing = true;
	error_errno(&err, "cannot write the console log: %s", log->path);
	log->notice(log->data, err.text);
}

/* Called when the buffer is written after a failure: informs the user and marks the gap in the log. */
static bool recovered(struct log *log)
{
	char text[256];
	int len = snprintf(text, sizeof(text), "\r\n[paddock: %" PRIu64 " bytes are missing here: %s]\r\n",
	                   log->missing, strerror(log->why));
	size_t want = len < (int)sizeof(text) ? (size_t)len : sizeof(text) - 1;

	if (log->missing && write_out(log, text, want) < want)
		return false;
	snprintf(text, sizeof(text), "the console log is being written again; %" PRIu64 " bytes are missing from it",
	         log->missing);
	log->failing = false;
	log->missing = 0;
	log->notice(log->data, text);
	return true;
}

void log_flush(struct log *log)
{
	if (!log_pending(log))
		return;

	size_t done = write_out(log, log->buffer, log->used);

	if (done < log->used) {
		failed(log);
		log->used -= done;
		memmove(log->buffer, log->buffer + done, log->used);
		return;
	}
	log->used = 0;
	if (log->failing && !recovered(log))
		failed(log);
}

void log_add(struct log *log, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		if (log->used == sizeof(log->buffer) && !log->failing)
			log_flush(log);
		/* While writing fails, only the timer retries. Nothing may follow a gap before the gap is marked. */
		if (log->missing || log->used == sizeof(log->buffer)) {
			log->missing += len;
			return;
		}

		size_t room = sizeof(log->buffer) - log->used;
		size_t part = len < room ? len : room;

		memcpy(log->buffer + log->used, at, part);
		log->used += part;
		at += part;
		len -= part;
	}
}

size_t log_pending(const struct log *log)
{
	return log->used + (log->missing ? 1 : 0);
}
