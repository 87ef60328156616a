/* SPDX-License-Identifier: MIT */
#include "core/keeper/run/plan_runner_files.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/replace.h"
#include "core/qemu/plan/plan_data.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool files_write(const struct plan_step *step, struct error *err)
{
	int fd = replace_begin(step->path, step->mode);

	return (fd >= 0 && replace_end(fd, step->path, io_write(fd, step->bytes, step->bytes_len))) ||
	       error_errno(err, "%s", step->path);
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
	int from = open(step->from, O_RDONLY | O_CLOEXEC);

	if (from < 0)
		return error_errno(err, "%s", step->from);

	int to = replace_begin(step->path, step->mode ? step->mode : 0600);
	bool good = to >= 0 && replace_end(to, step->path, copy_bytes(from, to));

	if (!good)
		error_errno(err, "%s", step->path);
	close(from);
	return good;
}
