/* SPDX-License-Identifier: MIT */
#ifndef FAKE_SCENES_H
#define FAKE_SCENES_H

#include "core/base/strv.h"

#include <stdbool.h>

/*
 * Files of test cases that a person can read: "== NAME", lines that set the
 * scene, and from the first line that begins with "--" what comes of it. A
 * blank line stands between two cases.
 */
struct scene {
	char *name;
	struct strv lines;
	struct strv result;
};

struct scenes {
	struct scene *items;
	size_t count;
};

/* Aborts when the file cannot be read. */
void scenes_read(const char *path, struct scenes *);
void scenes_finish(struct scenes *);
/* The whole file again, with results[i] (lines, each with its newline) instead of what was there. */
void scenes_write(const char *path, const struct scenes *, const struct strv *results);

void scenes_split(const char *text, struct strv *lines);	/* a copy of each line, without its newline */

#endif
