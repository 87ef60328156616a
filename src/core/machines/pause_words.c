/* SPDX-License-Identifier: MIT */
#include "core/machines/pause_words.h"

#include "core/base/alloc.h"
#include "core/base/format.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define NO_SPACE "No space left on device"	/* of strerror(3), which QEMU passes on */

const char *pause_full_file(const char *why)
{
	if (!text_starts(why, NO_SPACE))
		return NULL;
	why += strlen(NO_SPACE);
	return text_starts(why, ": ") ? why + strlen(": ") : why;
}

struct file_room file_room_of(const char *path)
{
	struct file_room room = { 0 };
	struct statvfs system;
	struct stat here, above;
	/* Symbolic links may lead to another file system. */
	char *at = path[0] == '/' ? realpath(path, NULL) : NULL, *slash;

	if (!at || stat(at, &here) < 0 || statvfs(at, &system) < 0) {
		free(at);
		return room;
	}
	room.free = (uint64_t)system.f_bavail * system.f_frsize;
	room.total = (uint64_t)system.f_blocks * system.f_frsize;
	/* Upwards until the directory above is on another file system. */
	while ((slash = strrchr(at, '/')) != NULL && at[1]) {
		char *parent = slash == at ? mem_strdup("/") : mem_strndup(at, (size_t)(slash - at));
		bool same = stat(parent, &above) == 0 && above.st_dev == here.st_dev;

		if (!same) {
			free(parent);
			break;
		}
		free(at);
		at = parent;
	}
	room.mount = at;
	return room;
}

char *pause_words_with(const char *why, const struct file_room *room)
{
	const char *file = pause_full_file(why);
	char left[32], total[32];

	if (!file || *file != '/' || !room->mount)
		return mem_strdup(why);
	return mem_printf("no space left on %s (%s of %s free) for %s", room->mount, format_size(room->free, left, sizeof(left)),
	                  format_size(room->total, total, sizeof(total)), path_base(file));
}

char *pause_words(const char *why)
{
	const char *file = pause_full_file(why);
	struct file_room room = { 0 };
	char *words;

	if (file)
		room = file_room_of(file);
	words = pause_words_with(why, &room);
	free(room.mount);
	return words;
}
