/* SPDX-License-Identifier: MIT */
#include "core/machines/run_program.h"

#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/str.h"
#include "core/base/strv.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 4096
#define OUTPUT_MAX (1024 * 1024)

/* Waits for the program, whose standard error is the pipe. */
static bool wait_for(pid_t pid, int words, struct error *err)
{
	struct str said, line;
	char text[64];
	int status = 0;

	str_init(&said);
	/* What is behind the limit stays unread, and ends the program with SIGPIPE. */
	io_read(words, WORDS_MAX, &said);
	close(words);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0) {
		str_init(&line);
		str_join_lines(said.text, &line);
		error_set(err, "%s", line.len ? line.text : child_status_text(status, text, sizeof(text)));
		str_finish(&line);
	}
	str_finish(&said);
	return status == 0;
}

bool run_program(const struct strv *argv, struct str *out, struct error *err)
{
	struct child_spec spec = { .path = argv->items[0], .argv = argv->items, .in = -1, .out = -1 };
	/* A file, so that the program never waits for a reader of one of the two. */
	int file = out ? memfd_create("output", MFD_CLOEXEC) : -1, words[2];
	bool good = false;
	pid_t pid;

	if ((out && file < 0) || pipe2(words, O_CLOEXEC) < 0) {
		error_errno(err, "cannot start %s", spec.path);
	} else {
		spec.out = file;
		spec.err = words[1];
		pid = child_spawn(&spec, err);
		close(words[1]);
		if (pid < 0)
			close(words[0]);
		else
			good = wait_for(pid, words[0], err);
	}
	if (good && out && (lseek(file, 0, SEEK_SET) < 0 || !io_read(file, OUTPUT_MAX, out)))
		good = error_errno(err, "the output of %s", spec.path);
	if (file >= 0)
		close(file);
	return good;
}
