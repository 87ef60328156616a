/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/base/str.h"
#include "core/keeper/stream/log_times.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STAMPS		64	/* of one buffer; what is written soon after a flush has few */

struct log {
	char *path, *older;
	log_notice_fn *notice;
	void *data;
	int fd;			/* -1 if not open */
	uint64_t size;		/* of the open file */
	bool failing;		/* writing fails, and the user was informed */
	int why;		/* errno of the failure */
	uint64_t missing;	/* number of bytes dropped since */
	struct log_times times;
	struct { size_t at; int64_t ms; } stamps[STAMPS];	/* times of bytes of the buffer, in its order */
	unsigned stamp_count;
	int64_t stamped;	/* the last time; 0: none */
	bool line_ended;	/* a line has begun that the last stamp is too old for */
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

/* Most are missing, which is cheaper to see than to try; other errors are noticed when the log is opened. */
static void move_file(const char *from, const char *to, bool oldest)
{
	struct stat st;

	if (lstat(from, &st) == 0)
		(void)rename(from, to);
	else if (oldest)
		unlink(to);
}

static void move_times(const char *from, const char *to, bool oldest)
{
	char *times_from = log_times_path(from), *times_to = log_times_path(to);

	move_file(times_from, times_to, oldest);
	free(times_from);
	free(times_to);
}

static void move(char *from, char *to, bool oldest)
{
	move_file(from, to, oldest);
	move_times(from, to, oldest);
	free(from);
	free(to);
}

/* From the oldest on, so that each file moves to a name that is free by then. */
static void next_boot(const char *directory)
{
	for (unsigned boot = LOG_BOOTS; boot > 0; boot--) {
		move(log_path(directory, boot - 1), log_path(directory, boot), boot == LOG_BOOTS);
		move(log_older_path(directory, boot - 1), log_older_path(directory, boot), boot == LOG_BOOTS);
	}
}

struct log *log_new(const char *directory, log_notice_fn *notice, void *data)
{
	struct log *log = mem_alloc(sizeof(*log));

	log->path = log_path(directory, 0);
	log->older = log_older_path(directory, 0);
	log->notice = notice;
	log->data = data;
	log->fd = log->times.fd = -1;
	log->line_ended = true;
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
	log_times_close(&log->times);
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
	log_times_open(&log->times, log->path);
	return true;
}

/* Makes sure that a file with room is open. */
static bool have_part(struct log *log)
{
	if (log->fd >= 0 && log->size >= LOG_PART) {
		if (rename(log->path, log->older))
			return false;
		move_times(log->path, log->older, true);
		log_times_close(&log->times);
		close(log->fd);
		log->fd = -1;
	}
	return log->fd >= 0 || open_part(log);
}

/* Writes the stamps of the next n bytes, which are at `from` in the buffer and have been written at log->size. */
static void write_stamps(struct log *log, size_t from, size_t n)
{
	unsigned done = 0;

	for (; done < log->stamp_count && log->stamps[done].at < from + n; done++)
		log_times_put(&log->times, log->size + log->stamps[done].at - from, log->stamps[done].ms);
	log->stamp_count -= done;
	memmove(log->stamps, log->stamps + done, log->stamp_count * sizeof(log->stamps[0]));
}

/*
 * Called before bytes are added to the buffer. A time is needed where a line begins, at most every LOG_TIMES_MS: it is
 * that of the bytes that the guest wrote together, so a stamp may be within a line that ends there.
 */
static void stamp(struct log *log, const char *bytes, size_t len)
{
	struct timespec now;

	if (!log->line_ended)
		log->line_ended = memchr(bytes, '\n', len) != NULL;
	if (!log->line_ended || log->stamp_count == STAMPS)
		return;
	clock_gettime(CLOCK_REALTIME, &now);

	int64_t ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;

	if (ms >= log->stamped && ms < log->stamped + LOG_TIMES_MS)
		return;
	log->stamps[log->stamp_count].at = log->used;
	log->stamps[log->stamp_count++].ms = ms;
	log->stamped = ms;
	log->line_ended = bytes[len - 1] == '\n';
}

/*
 * Writes the beginning of the buffer, or another text while no byte of the buffer is stamped. Returns the number of
 * bytes written; sets errno if that is less than len.
 */
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
		write_stamps(log, done, (size_t)n);
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
		for (unsigned i = 0; i < log->stamp_count; i++)
			log->stamps[i].at -= done;
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

		stamp(log, at, part);
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

int64_t log_size(const struct log *log)
{
	return log->fd < 0 || log->failing || log->used > 0 ? -1 : (int64_t)log->size;
}

/* Appends up to `most` bytes before `upto` of a file. */
static void read_end(const char *path, int64_t upto, size_t most, struct str *out)
{
	int fd = own_file_open(path, O_RDONLY);
	char buf[LOG_BUFFER];
	struct stat st;
	int64_t at;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && upto > st.st_size)
		upto = st.st_size;
	at = upto > (int64_t)most ? upto - (int64_t)most : 0;
	while (at < upto) {
		ssize_t got = pread(fd, buf, upto - at < (int64_t)sizeof(buf) ? (size_t)(upto - at) : sizeof(buf), at);

		if (got <= 0)
			break;
		str_add(out, buf, (size_t)got);
		at += got;
	}
	close(fd);
}

static bool is_shorter(const char *path, int64_t size)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size < size;
}

void log_read_end(const char *directory, int64_t upto, size_t most, struct str *out)
{
	char *path = log_path(directory, 0), *older = log_older_path(directory, 0);

	/* A file that is shorter is the next one: what was asked for has become the older part. */
	if (!is_shorter(path, upto)) {
		if (upto < (int64_t)most)
			read_end(older, INT64_MAX, most - (size_t)upto, out);
		read_end(path, upto, most, out);
	} else {
		read_end(older, upto, most, out);
	}
	free(path);
	free(older);
}
