/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_STORE_H
#define CORE_VM_STORE_H

#include "core/base/strv.h"
#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct error;

/*
 * Where things are kept between runs, as core and ui see it: src/persist
 * implements it on files, tests in memory with failures on demand
 * (tests/fake/store_memory.c). Nothing here blocks for long; scans go in
 * slices.
 */

/* What a profile's file was when it was read; an opaque value to give back to save. */
struct store_revision {
	bool exists;
	uint64_t hash;		/* of the whole file */
	uint64_t size;
};

enum store_outcome {
	STORE_OK,
	STORE_FAILED,		/* the error says why; the old file is whole */
	STORE_CHANGED		/* not written: the file is no longer the revision; text() gives what is there */
};

/* An image or a state directory found in the library. */
struct library_item {
	char *path;		/* absolute; for kernels the prefix */
	enum boot_mode kind;	/* BOOT_AUTO: a state directory */
	uint64_t size;		/* bytes, of the image or of kernel + initrd */
};

struct store {
	void *data;

	/* Names of all profiles, sorted; from the directory alone, no file is opened. */
	bool (*names)(struct store *, struct strv *out, struct error *);
	/* Read one. config is filled and revision set; on failure the error names the line ("line 7: ..."). */
	bool (*load)(struct store *, const char *name, struct vm_config *, struct store_revision *, struct error *);
	/* Write one, atomically; comments, order and unknown keys of the file stay. expected NULL: whatever is there. */
	enum store_outcome (*save)(struct store *, const struct vm_config *, const struct store_revision *expected,
	                           struct store_revision *now, struct error *);
	/* The text save would write, for showing beside what is there. The caller's. */
	char *(*preview)(struct store *, const struct vm_config *, struct error *);
	char *(*text)(struct store *, const char *name, struct error *);	/* the file as it is; the caller's */
	char *(*path)(struct store *, const char *name);			/* of the file; the caller's */
	bool (*remove)(struct store *, const char *name, struct error *);
	bool (*rename)(struct store *, const char *from, const char *to, struct error *);	/* refuses an existing one */
	/* Readable when a profile or the settings changed; -1 if that cannot happen. changed() drains it. */
	int (*change_fd)(struct store *);
	void (*changed)(struct store *);

	/* The library: begin, then slices until more is false; items come in any order. begin says what cannot be
	 * read (a directory, the settings); what can be is found by the slices all the same. */
	bool (*scan_begin)(struct store *, struct error *);
	bool (*scan_step)(struct store *, unsigned entries, void (*found)(void *, const struct library_item *),
	                  void *data, bool *more);
	const struct strv *(*directories)(struct store *);	/* of the library, absolute */

	/* A setting of paddock.ini, e.g. "keys", "prefix"; NULL: not set. Borrowed until changed(). */
	const char *(*setting)(struct store *, const char *section, const char *key);
};

/*
 * Small files of key = value that core writes and reads (run/UUID.ini,
 * last-run.ini): in the INI scheme, written atomically, mode 0600.
 * keys and values go in pairs.
 */
struct record_io {
	bool (*write)(const char *path, const char *section, const struct strv *keys, const struct strv *values,
	              struct error *);
	bool (*read)(const char *path, struct strv *keys, struct strv *values, struct error *);
};

#endif
