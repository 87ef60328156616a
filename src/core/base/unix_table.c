/* SPDX-License-Identifier: MIT */
#include "core/base/unix_table.h"

#include "core/base/io.h"
#include "core/base/str.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACCEPTS 0x10000		/* __SO_ACCEPTCON in the kernel: the socket listens */

bool unix_table_listens(const char *table, size_t len, const char *path)
{
	size_t path_len = strlen(path);
	const char *at = table, *end = table + len;

	/* A path may contain any byte, even newlines, so search for the path first, then for its line. */
	while ((at = memmem(at, (size_t)(end - at), path, path_len))) {
		const char *line = memrchr(table, '\n', (size_t)(at - table));
		unsigned flags;

		if (line && at[-1] == ' ' && at + path_len < end && at[path_len] == '\n' &&
		    sscanf(line + 1, "%*s %*s %*s %x", &flags) == 1 && flags & ACCEPTS)
			return true;
		at++;
	}
	return false;
}

bool unix_listens(const char *path)
{
	struct str table;
	struct stat st;
	bool listens;
	int fd;

	if (stat(path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	str_init(&table);
	fd = open("/proc/net/unix", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		io_read(fd, SIZE_MAX, &table);
		close(fd);
	}
	listens = table.len == 0 || unix_table_listens(table.text, table.len, path);
	str_finish(&table);
	return listens;
}
