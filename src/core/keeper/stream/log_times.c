/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_times.h"

#include "core/base/alloc.h"
#include "core/base/own_dir.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_MOST	44		/* bytes of a record; a longer line is malformed */
#define WINDOW		1024		/* bytes read at once in a search */

char *log_times_path(const char *log_path)
{
	size_t len = strlen(log_path);

	assert(len > 4 && strcmp(log_path + len - 4, ".log") == 0);
	return mem_printf("%.*s.times", (int)(len - 4), log_path);
}

/* Writing. */

/*
 * A guest that writes a few bytes at a time would need more room for times than for its output. The times get as much
 * room as the log at first, and a quarter later; when that is used up, records are left out until the log has grown.
 */
uint64_t log_times_most(uint64_t log_size)
{
	const uint64_t first = UINT64_C(64 * 1024) + log_size, later = UINT64_C(4 * 1024 * 1024) + log_size / 4;

	return first < later ? first : later;
}

void log_times_open(struct log_times *times, const char *log_path)
{
	char *path = log_times_path(log_path);
	struct stat st;

	times->fd = own_file_open(path, O_WRONLY | O_CREAT | O_APPEND);
	times->size = times->fd >= 0 && fstat(times->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	times->torn = times->size > 0;
	free(path);
}

void log_times_close(struct log_times *times)
{
	if (times->fd >= 0)
		close(times->fd);
	times->fd = -1;
}

void log_times_put(struct log_times *times, uint64_t position, int64_t ms)
{
	char record[RECORD_MOST + 2];
	int len = snprintf(record, sizeof(record), "%s%" PRIu64 " %" PRId64 "\n", times->torn ? "\n" : "", position, ms);

	if (times->fd < 0 || ms < 0 || times->size + (uint64_t)len > log_times_most(position))
		return;

	ssize_t n = write(times->fd, record, (size_t)len);

	if (n > 0)
		times->size += (uint64_t)n;
	times->torn = n != len;
}

/* Reading. */

struct record {
	uint64_t position;
	int64_t ms;
};

/* Reads digits up to `end`. Returns false if there are none, or too many. */
static bool take_number(const char **at, const char *end, uint64_t *out)
{
	const char *from = *at;

	*out = 0;
	while (*at < end && **at >= '0' && **at <= '9')
		*out = *out * 10 + (uint64_t)(*(*at)++ - '0');
	return *at > from && *at - from <= 18;
}

static bool parse(const char *line, const char *end, struct record *out)
{
	uint64_t ms;
	bool good = take_number(&line, end, &out->position) && line < end && *line++ == ' ' && take_number(&line, end, &ms) &&
	            line == end;

	if (good)
		out->ms = (int64_t)ms;
	return good;
}

/*
 * Finds the first whole record that begins in [*at, end), *at being the beginning of a line or, with `inside`, any
 * place. Sets *at to the end of the record. Returns false if there is none in the next bytes.
 */
static bool next_record(int fd, uint64_t *at, uint64_t end, bool inside, struct record *out)
{
	char window[WINDOW];
	ssize_t got = pread(fd, window, sizeof(window), (off_t)*at);
	const char *line = window, *limit = window + (got > 0 ? got : 0), *close;

	for (; line < limit && *at + (uint64_t)(line - window) < end; line = close + 1) {
		close = memchr(line, '\n', (size_t)(limit - line));
		if (!close)
			return false;
		if (!inside && parse(line, close, out)) {
			*at += (uint64_t)(close + 1 - window);
			return true;
		}
		inside = false;
	}
	return false;
}

static void take(struct log_times_reader *reader, const struct record *record, uint64_t offset)
{
	reader->known = true;
	reader->position = record->position;
	reader->next = record->position + 1;
	reader->ms = record->ms;
	reader->offset = offset;
}

/* Looks behind the last answer. Returns false if the record is not among the next ones. */
static bool find_near(struct log_times_reader *reader, uint64_t size, uint64_t position)
{
	struct record record;

	if (!reader->known || position < reader->position)
		return false;
	for (int i = 0; i < 8; i++) {
		uint64_t at = reader->offset;

		if (position < reader->next || at >= size)
			return true;
		if (!next_record(reader->fd, &at, size, false, &record))
			return false;
		if (record.position > position) {
			reader->next = record.position;
			return true;
		}
		take(reader, &record, at);
	}
	return false;
}

static bool find_far(struct log_times_reader *reader, uint64_t size, uint64_t position)
{
	/* Records that end at or before `from` are at or before the position; those that begin at `to` or later are not. */
	uint64_t from = 0, to = size;
	struct record record;

	reader->known = false;
	while (from < to) {
		uint64_t middle = to - from <= WINDOW / 2 ? from : from + (to - from) / 2;
		bool inside = middle > from;
		uint64_t at = inside ? middle - 1 : middle;	/* a line begins behind a line end */

		if (!next_record(reader->fd, &at, to, inside, &record) || record.position > position) {
			to = middle;
			continue;
		}
		take(reader, &record, at);
		from = at;
	}
	return reader->known;
}

bool log_times_at(struct log_times_reader *reader, uint64_t position, int64_t *ms)
{
	struct stat st;

	if (reader->fd < 0 || fstat(reader->fd, &st) || st.st_size <= 0)
		return false;
	if (!find_near(reader, (uint64_t)st.st_size, position) && !find_far(reader, (uint64_t)st.st_size, position))
		return false;
	*ms = reader->ms;
	return true;
}

bool log_times_since(int fd, int64_t ms, uint64_t *position)
{
	char buf[65536];
	struct record record;
	size_t held = 0;
	off_t at = 0;
	ssize_t got;

	while (fd >= 0 && (got = pread(fd, buf + held, sizeof(buf) - held, at)) > 0) {
		const char *line = buf, *limit = buf + held + got, *close;

		at += got;
		for (; (close = memchr(line, '\n', (size_t)(limit - line))) != NULL; line = close + 1)
			if (parse(line, close, &record) && record.ms >= ms) {
				*position = record.position;
				return true;
			}
		/* A line that fills the buffer is malformed; the rest of it will be too, or one record is lost. */
		held = (size_t)(limit - line) < sizeof(buf) ? (size_t)(limit - line) : 0;
		memmove(buf, line, held);
	}
	return false;
}
