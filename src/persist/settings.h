/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_SETTINGS_H
#define PERSIST_SETTINGS_H

#include "core/base/error.h"
#include "core/base/strv.h"
#include "persist/ini/ini_read.h"

/* The content of paddock.ini when it was last read. A missing file counts as empty. */
struct settings {
	struct ini_file file;
	bool bad;
	struct error error;	/* valid if bad */
};

void settings_load(struct settings *, const char *path);	/* replaces the content; accepts a zeroed struct */
void settings_finish(struct settings *);
/* Returns false if there is an unknown key; err names it and suggests the nearest known key. */
bool settings_known(const struct settings *, struct error *);

/* Returns the library directories, absolute and clean: those of the command line, or else [library] directory, or else ".". */
void settings_directories(const struct settings *, const struct strv *told, struct strv *out);

#endif
