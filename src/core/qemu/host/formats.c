/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/formats.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/replace.h"
#include "core/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_MAX (64U << 20)
#define FORMAT_MAX 32

struct file_identity {
	int64_t changed;	/* in seconds */
	uint32_t changed_ns;
	uint64_t inode;
	int64_t born;		/* in seconds; 0 with born_ns 0 if not known */
	uint32_t born_ns;
	uint32_t major, minor;
	bool regular, block;
};

static bool identify(int fd, struct file_identity *out)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &st) < 0)
		return false;
	*out = (struct file_identity){
		.inode = st.stx_ino, .major = st.stx_dev_major, .minor = st.stx_dev_minor,
		.regular = S_ISREG(st.stx_mode), .block = S_ISBLK(st.stx_mode),
		.changed = st.stx_ctime.tv_sec, .changed_ns = st.stx_ctime.tv_nsec,
	};
	if (st.stx_mask & STATX_BTIME) {
		out->born = st.stx_btime.tv_sec;
		out->born_ns = st.stx_btime.tv_nsec;
	}
	return true;
}

/* Device numbers may change at each boot; a birth time never does, not even by a write. */
static bool same_file(const struct file_identity *a, const struct file_identity *b)
{
	bool known = b->born != 0 || b->born_ns != 0;

	if (a->inode != b->inode || a->born != b->born || a->born_ns != b->born_ns)
		return false;
	return known || (a->major == b->major && a->minor == b->minor);
}

/* Returns false if the line is malformed. */
static bool parse_line(const char *line, struct file_identity *file, char format[FORMAT_MAX])
{
	return sscanf(line, "%" SCNu64 " %" SCNd64 ".%" SCNu32 " %" SCNu32 ":%" SCNu32 " %31s", &file->inode,
	              &file->born, &file->born_ns, &file->major, &file->minor, format) == 6;
}

static void add_line(struct str *out, const struct file_identity *file, const char *format, const char *path)
{
	str_addf(out, "%" PRIu64 " %" PRId64 ".%" PRIu32 " %" PRIu32 ":%" PRIu32 " %s ", file->inode, file->born,
	         file->born_ns, file->major, file->minor, format);
	for (; *path; path++)
		str_addc(out, (unsigned char)*path < ' ' || *path == 0x7f ? '?' : *path);
	str_addc(out, '\n');
}

/* Reads the whole record; a missing record is empty. */
static bool read_record(const char *record, struct str *out, struct error *err)
{
	struct stat st;
	int fd = own_file_open(record, O_RDONLY);
	bool good;

	if (fd < 0)
		return errno == ENOENT || error_errno(err, "%s", record);
	good = fstat(fd, &st) == 0;
	if (good && (!S_ISREG(st.st_mode) || (st.st_uid != geteuid() && st.st_uid != 0))) {
		close(fd);
		return error_set(err, "%s is not a regular file of this user", record);
	}
	good = good && io_read(fd, RECORD_MAX, out);
	if (!good)
		error_errno(err, "%s", record);
	close(fd);
	return good;
}

/* Stores the recorded format in `format`. Appends the lines of other files to `rest` unless it is NULL. */
static bool find_line(const struct str *record, const struct file_identity *file, char format[FORMAT_MAX], struct str *rest)
{
	const char *line = record->text;
	bool found = false;

	while (*line) {
		size_t len = strcspn(line, "\n");
		struct file_identity other;
		char word[FORMAT_MAX];

		len += line[len] == '\n';
		if (parse_line(line, &other, word) && same_file(&other, file)) {
			memcpy(format, word, FORMAT_MAX);
			found = true;
		} else if (rest) {
			str_add(rest, line, len);
		}
		line += len;
	}
	return found;
}

char *formats_file(void)
{
	return path_state("formats");
}

static char *kept_in(const char *record, const struct file_identity *file)
{
	char word[FORMAT_MAX], *kept = NULL;
	struct error ignored;	/* keep_in reports errors of the record before a start */
	struct str all;

	str_init(&all);
	if (record && read_record(record, &all, &ignored) && find_line(&all, file, word, NULL))
		kept = mem_strdup(word);
	str_finish(&all);
	return kept;
}

char *formats_of(int fd)
{
	char *record = formats_file(), *kept = NULL;
	struct file_identity file;

	if (identify(fd, &file))
		kept = file.block ? mem_strdup("raw") : kept_in(record, &file);
	free(record);
	return kept;
}

char *formats_accepted(int fd)
{
	char *record = path_state("backing"), *kept = NULL;
	struct file_identity file;

	if (identify(fd, &file))
		kept = kept_in(record, &file);
	free(record);
	return kept;
}

/* Removes the lines of other files that had this path. */
static void drop_path(struct str *lines, const char *path)
{
	struct str rest, end;
	struct file_identity none = { 0 };

	str_init(&rest);
	str_init(&end);
	add_line(&end, &none, "", path);

	const char *tail = strstr(end.text, "  ") + 1;	/* " PATH" and the end of the line */

	for (const char *line = lines->text; *line;) {
		size_t len = strcspn(line, "\n"), tail_len = strlen(tail);

		len += line[len] == '\n';
		if (len < tail_len || memcmp(line + len - tail_len, tail, tail_len))
			str_add(&rest, line, len);
		line += len;
	}
	str_clear(lines);
	str_add(lines, rest.text, rest.len);
	str_finish(&rest);
	str_finish(&end);
}

struct record_line {
	const char *path;
	const char *format;
	bool given;
	bool one_line;		/* keep only this line for the path, and remove those of other files; a start does not wait for the disk */
	struct file_identity file;
};

static bool keep_locked(const char *record, const struct record_line *line, struct error *err)
{
	char kept[FORMAT_MAX];
	struct str all, rest;
	bool good, found;
	int fd;

	str_init(&all);
	str_init(&rest);
	good = read_record(record, &all, err);
	found = good && find_line(&all, &line->file, kept, &rest);
	if (found && strcmp(kept, line->format) && !line->given) {
		good = error_set(err, "%s is %s now, but was %s when it was first used", line->path, line->format,
		                 kept);
	} else if (good && !(found && !strcmp(kept, line->format))) {
		if (line->one_line)
			drop_path(&rest, line->path);
		add_line(&rest, &line->file, line->format, line->path);
		fd = replace_begin(record, 0600);
		good = (fd >= 0 && (line->one_line ? replace_end_unsynced : replace_end)(fd, record, io_write(fd, rest.text, rest.len))) ||
		       error_errno(err, "%s", record);
	}
	str_finish(&all);
	str_finish(&rest);
	return good;
}

/* Several starts may change the record at once. The lock is held for one write. */
static int lock_record(const char *record, struct error *err)
{
	char *dir = path_parent(record), *path = mem_printf("%s.lock", record);
	int fd = -1;

	/* Anyone who can write to the directory can replace the record. */
	if (path_make_dirs(dir, 0700, err) && own_dir_check(dir, err)) {
		fd = own_file_open(path, O_RDWR | O_CREAT);
		if (fd < 0 || flock(fd, LOCK_EX) < 0) {
			error_errno(err, "%s", path);
			if (fd >= 0)
				close(fd);
			fd = -1;
		}
	}
	free(path);
	free(dir);
	return fd;
}

/* The buffer is large enough for any time. */
static void change_time(const struct file_identity *file, char word[FORMAT_MAX])
{
	snprintf(word, FORMAT_MAX, "%" PRId64 ".%" PRIu32, file->changed, file->changed_ns);
}

/* Takes ownership of `record`. If `word` is NULL, records the change time of the file. */
static bool keep_in(char *record, const char *path, const char *word, bool given, struct error *err)
{
	struct record_line line = { .path = path, .format = word, .given = given, .one_line = !word };
	char time[FORMAT_MAX];
	int image = open(path, O_PATH | O_CLOEXEC), lock = -1;
	bool good = image >= 0 && identify(image, &line.file);

	if (good && !word) {
		change_time(&line.file, time);
		line.format = time;
	}

	if (!good) {
		error_errno(err, "%s", path);
	} else if (!record) {
		good = error_set(err, "neither XDG_STATE_HOME nor HOME is set to an absolute path");
	} else if (line.file.regular) {
		lock = lock_record(record, err);
		good = lock >= 0 && keep_locked(record, &line, err);
	}
	if (lock >= 0)
		close(lock);
	if (image >= 0)
		close(image);
	free(record);
	return good;
}

bool formats_keep(const char *path, const char *format, bool given, struct error *err)
{
	return keep_in(formats_file(), path, format, given, err);
}

bool formats_accept(const char *path, const char *hash, struct error *err)
{
	return keep_in(path_state("backing"), path, hash, true, err);
}

bool formats_note_written(const char *path, struct error *err)
{
	return keep_in(path_state("starts"), path, NULL, true, err);
}

bool formats_unchanged(const char *path)
{
	char *record = path_state("starts"), *kept = NULL;
	char time[FORMAT_MAX];
	struct file_identity file;
	int fd = own_file_open(path, O_RDONLY);

	if (fd >= 0 && identify(fd, &file)) {
		kept = kept_in(record, &file);
		change_time(&file, time);
	}

	bool same = kept && !strcmp(kept, time);

	if (fd >= 0)
		close(fd);
	free(kept);
	free(record);
	return same;
}
