/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/plan_runner_files.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/qemu/plan/plan_data.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Creates a temporary file next to path. Returns -1 and errno on failure. The caller frees *temporary. */
static int open_beside(const char *path, unsigned mode, char **temporary)
{
	*temporary = path_temporary(path);
	unlink(*temporary);	/* left by an interrupted start */

	int fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0 && fchmod(fd, mode) < 0) {
		close(fd);
		unlink(*temporary);
		fd = -1;
	}
	if (fd < 0) {
		free(*temporary);
		*temporary = NULL;
	}
	return fd;
}

/* Takes ownership of fd and temporary. */
static bool replace(int fd, char *temporary, const char *path, bool good, struct error *err)
{
	good = good && fsync(fd) == 0;
	good = close(fd) == 0 && good;
	good = good && rename(temporary, path) == 0;
	if (!good) {
		error_errno(err, "%s", path);
		unlink(temporary);
	}
	free(temporary);
	return good;
}

bool files_write(const struct plan_step *step, struct error *err)
{
	char *temporary;
	int fd = open_beside(step->path, step->mode, &temporary);

	if (fd < 0)
		return error_errno(err, "%s", step->path);
	return replace(fd, temporary, step->path, io_write(fd, step->bytes, step->bytes_len), err);
}

/* Zeros become holes: templates for aarch64 are 64 MiB of mostly zeros. */
static bool copy_bytes(int from, int to)
{
	char *buf = mem_alloc(65536);
	off_t size = 0;
	ssize_t n;

	while ((n = read(from, buf, 65536)) > 0) {
		bool zeros = buf[0] == 0 && !memcmp(buf, buf + 1, (size_t)n - 1);

		if (zeros ? lseek(to, n, SEEK_CUR) < 0 : !io_write(to, buf, (size_t)n)) {
			n = -1;
			break;
		}
		size += n;
	}
	free(buf);
	return n == 0 && ftruncate(to, size) == 0;
}

bool files_copy_vars(const struct plan_step *step, struct error *err)
{
	char *temporary;
	int from = open(step->from, O_RDONLY | O_CLOEXEC);

	if (from < 0)
		return error_errno(err, "%s", step->from);

	int to = open_beside(step->path, step->mode ? step->mode : 0600, &temporary);

	if (to < 0) {
		error_errno(err, "%s", step->path);
		close(from);
		return false;
	}

	bool ok = replace(to, temporary, step->path, copy_bytes(from, to), err);

	close(from);
	return ok;
}
