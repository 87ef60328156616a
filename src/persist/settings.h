/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_SETTINGS_H
#define PERSIST_SETTINGS_H

#include "core/base/error.h"
#include "core/base/strv.h"
#include "persist/ini/ini_read.h"

/* paddock.ini as it was when last looked at. A missing file is an empty one. */
struct settings {
	struct ini_file file;
	bool bad;
	struct error error;	/* if bad */
};

void settings_load(struct settings *, const char *path);	/* replaces what was there; zeroed is fine */
void settings_finish(struct settings *);
/* false: a key is none that we know, and so does nothing: which, and what may have been meant. */
bool settings_known(const struct settings *, struct error *);

/* The library: what the command line said, else [library] directory, else "."; absolute and clean. */
void settings_directories(const struct settings *, const struct strv *told, struct strv *out);

#endif
