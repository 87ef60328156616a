/* SPDX-License-Identifier: MIT */
#include "ui/console/console_copy.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/vm/store.h"
#include "ui/kit/screen.h"

#include <stdio.h>
#include <stdlib.h>

static void count(const struct str *text, size_t *lines, size_t *characters)
{
	*lines = 1;
	*characters = 0;
	for (size_t i = 0; i < text->len; i++) {
		*lines += text->text[i] == '\n';
		*characters += text->text[i] != '\n' && ((unsigned char)text->text[i] & 0xc0) != 0x80;
	}
}

/* Returns the path as shown to the user, which the caller frees; NULL, with err set, if it could not be written. */
static char *write_file(const struct record_io *io, const struct str *text, struct error *err)
{
	char *path = path_state("copied.txt"), *shown = NULL;

	if (!path)
		error_set(err, "neither XDG_STATE_HOME nor HOME is set to an absolute path");
	else if (io->write_text(path, text->text, text->len, err))
		shown = path_shorten(path);
	free(path);
	return shown;
}

void console_copy(const struct record_io *io, const struct str *text, char *said, size_t size)
{
	size_t lines, characters;
	struct error err;
	char what[80];

	if (text->len == 0) {
		snprintf(said, size, "nothing to copy: the selection is blank");
		return;
	}
	count(text, &lines, &characters);
	snprintf(what, sizeof(what), "%zu line%s (%zu character%s)", lines, lines == 1 ? "" : "s", characters,
	         characters == 1 ? "" : "s");

	enum screen_copied copied = screen_copy(text->text, text->len);
	char *path = write_file(io, text, &err);

	if (path && copied == COPY_IMPOSSIBLE)
		snprintf(said, size, "copied %s to %s", what, path);
	else if (path && copied == COPY_SENT)
		snprintf(said, size, "copied %s. Also in %s", what, path);
	else if (path)
		snprintf(said, size, "copied %s", what);
	else if (copied == COPY_IMPOSSIBLE)
		snprintf(said, size, "cannot copy: %s", err.text);
	else
		snprintf(said, size, "copied %s, only to the terminal: %s", what, err.text);
	free(path);
}
