/* SPDX-License-Identifier: MIT */
#include "core/keeper/stream/log_file.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/own_dir.h"
#include "core/keeper/stream/log.h"
#include "core/keeper/stream/log_times.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS 8			/* blocks that are kept; two neighbours are never in the same slot */

struct part {
	int fd;			/* -1: there is none */
	struct log_times_reader times;
	uint64_t size;
};

struct slot {
	uint64_t block;
	size_t len;		/* 0: empty */
	char *bytes;
};

struct log_file {
	char *directory;
	unsigned boot;
	char *path;		/* of the newest part */
	struct part older, newest;
	struct slot slots[SLOTS];
	uint64_t bytes_read;
};

/* Returns false and sets errno if the file cannot be opened. */
static bool open_part(struct part *part, const char *path)
{
	char *times = log_times_path(path);
	struct stat st;
	int why;

	part->fd = own_file_open(path, O_RDONLY);
	why = errno;
	part->times = (struct log_times_reader){ .fd = part->fd >= 0 ? own_file_open(times, O_RDONLY) : -1 };
	part->size = part->fd >= 0 && fstat(part->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	free(times);
	errno = why;
	return part->fd >= 0;
}

static void close_part(struct part *part)
{
	if (part->fd >= 0)
		close(part->fd);
	if (part->times.fd >= 0)
		close(part->times.fd);
}

struct log_file *log_file_open(const char *directory, unsigned boot, struct error *err)
{
	static const struct part none = { .fd = -1, .times.fd = -1 };
	struct log_file *file = mem_alloc(sizeof(*file));
	char *older = log_older_path(directory, boot);

	file->directory = mem_strdup(directory);
	file->boot = boot;
	file->path = log_path(directory, boot);
	file->older = file->newest = none;
	if (!open_part(&file->newest, file->path)) {
		error_errno(err, "%s", file->path);
		log_file_close(file);
		file = NULL;
	} else {
		open_part(&file->older, older);
	}
	free(older);
	return file;
}

void log_file_close(struct log_file *file)
{
	if (!file)
		return;
	close_part(&file->older);
	close_part(&file->newest);
	for (size_t i = 0; i < SLOTS; i++)
		free(file->slots[i].bytes);
	free(file->directory);
	free(file->path);
	free(file);
}

static bool same_file(int a, int b)
{
	struct stat one, other;

	return a >= 0 && b >= 0 && fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_ino == other.st_ino &&
	       one.st_dev == other.st_dev;
}

bool log_file_reopen(struct log_file *file, uint64_t *dropped)
{
	struct error ignored;
	struct log_file *next = log_file_open(file->directory, file->boot, &ignored), old = *file;

	if (!next)
		return false;
	*dropped = same_file(file->newest.fd, next->older.fd) ? file->older.size : log_file_size(file);
	*file = *next;
	*next = old;
	log_file_close(next);
	return true;
}

bool log_file_look(struct log_file *file)
{
	struct stat here, there;

	if (fstat(file->newest.fd, &here))
		return false;
	if ((uint64_t)here.st_size > file->newest.size)
		file->newest.size = (uint64_t)here.st_size;
	if (file->newest.times.fd < 0) {
		char *times = log_times_path(file->path);

		file->newest.times.fd = own_file_open(times, O_RDONLY);
		free(times);
	}
	return stat(file->path, &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev &&
	       (uint64_t)here.st_size >= file->newest.size;
}

uint64_t log_file_size(const struct log_file *file)
{
	return file->older.size + file->newest.size;
}

uint64_t log_file_bytes_read(const struct log_file *file)
{
	return file->bytes_read;
}

size_t log_file_read(struct log_file *file, uint64_t position, void *buf, size_t len)
{
	size_t done = 0;

	while (done < len && position < log_file_size(file)) {
		bool older = position < file->older.size;
		const struct part *part = older ? &file->older : &file->newest;
		uint64_t at = older ? position : position - file->older.size, left = part->size - at;
		ssize_t got = pread(part->fd, (char *)buf + done, len - done < left ? len - done : (size_t)left, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
		position += (uint64_t)got;
		file->bytes_read += (uint64_t)got;
	}
	return done;
}

/* Lines. */

/* The bytes of a block; fewer than LOG_FILE_BLOCK only at the end. Valid until another block needs its slot. */
static const char *block_bytes(struct log_file *file, uint64_t block, size_t *len)
{
	struct slot *slot = &file->slots[block % SLOTS];
	uint64_t begin = block * LOG_FILE_BLOCK, size = log_file_size(file);
	size_t want = size <= begin ? 0 : size - begin < LOG_FILE_BLOCK ? (size_t)(size - begin) : LOG_FILE_BLOCK;

	if (!slot->bytes)
		slot->bytes = mem_alloc(LOG_FILE_BLOCK);
	if (slot->block != block || slot->len < want) {
		slot->block = block;
		slot->len = log_file_read(file, begin, slot->bytes, want);
	}
	*len = slot->len;
	return slot->bytes;
}

/* The position behind the last line feed before `end` in a block, or 0 if there is none. */
static uint64_t after_last_feed(struct log_file *file, uint64_t block, size_t end)
{
	size_t len;
	const char *bytes = block_bytes(file, block, &len);
	const char *feed = memrchr(bytes, '\n', end < len ? end : len);

	return feed ? block * LOG_FILE_BLOCK + (uint64_t)(feed - bytes) + 1 : 0;
}

/* The position behind the first line feed from `from` on in a block, or 0 if there is none. */
static uint64_t after_feed(struct log_file *file, uint64_t block, size_t from)
{
	size_t len;
	const char *bytes = block_bytes(file, block, &len);
	const char *feed = from < len ? memchr(bytes + from, '\n', len - from) : NULL;

	return feed ? block * LOG_FILE_BLOCK + (uint64_t)(feed - bytes) + 1 : 0;
}

uint64_t log_file_line(struct log_file *file, uint64_t position)
{
	if (position > log_file_size(file))
		position = log_file_size(file);

	uint64_t block = position / LOG_FILE_BLOCK;
	uint64_t line = after_last_feed(file, block, position % LOG_FILE_BLOCK);

	if (!line && block > 0)
		line = after_last_feed(file, block - 1, LOG_FILE_BLOCK);
	return line ? line : block * LOG_FILE_BLOCK;
}

uint64_t log_file_next(struct log_file *file, uint64_t line)
{
	uint64_t block = line / LOG_FILE_BLOCK, size = log_file_size(file);
	uint64_t next = after_feed(file, block, line % LOG_FILE_BLOCK);

	/* Only a block without any line feed ends its last line. */
	if (!next && after_last_feed(file, block, LOG_FILE_BLOCK))
		next = after_feed(file, ++block, 0);
	if (!next)
		next = (block + 1) * LOG_FILE_BLOCK;
	return next < size ? next : size;
}

size_t log_file_text(struct log_file *file, uint64_t line, char *buf, uint64_t *next)
{
	size_t done = 0, want;

	*next = log_file_next(file, line);
	want = (size_t)(*next - line);
	while (done < want) {
		uint64_t at = line + done;
		size_t offset = at % LOG_FILE_BLOCK, len;
		const char *bytes = block_bytes(file, at / LOG_FILE_BLOCK, &len);

		if (offset >= len)
			break;
		len = len - offset < want - done ? len - offset : want - done;
		memcpy(buf + done, bytes + offset, len);
		done += len;
	}
	return done > 0 && buf[done - 1] == '\n' ? done - 1 : done;
}

/* Times. */

bool log_file_time(struct log_file *file, uint64_t position, int64_t *ms)
{
	if (position >= file->older.size && log_times_at(&file->newest.times, position - file->older.size, ms))
		return true;
	/* The newest part may begin in the middle of what was written together. */
	return log_times_at(&file->older.times, position, ms);
}

bool log_file_since(const struct log_file *file, int64_t ms, uint64_t *position)
{
	if (log_times_since(file->older.times.fd, ms, position))
		return true;
	if (!log_times_since(file->newest.times.fd, ms, position))
		return false;
	*position += file->older.size;
	return true;
}

bool log_file_has_times(const struct log_file *file)
{
	uint64_t position;

	return log_file_since(file, 0, &position);
}
