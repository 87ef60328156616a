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
 * Persistent storage as core and ui see it. src/persist implements it with
 * files; tests/fake/store_memory.c implements it in memory, with failures on
 * demand. No function blocks for long; scans are done in slices.
 */

/* The state of a profile's file when it was read; opaque, to be passed to save. */
struct store_revision {
	bool exists;
	uint64_t hash;		/* of the whole file */
	uint64_t size;
};

enum store_outcome {
	STORE_OK,
	STORE_FAILED,		/* see the error; the old file is intact */
	STORE_CHANGED		/* not written: the file has changed since the revision; text() returns the new content */
};

/* An image or a state directory found in the library. */
struct library_item {
	char *path;		/* absolute; the prefix for a kernel */
	enum boot_mode kind;	/* BOOT_AUTO for a state directory */
	uint64_t size;		/* in bytes, of the image or of kernel and initrd together */
};

/* An earlier text of a profile, or the one that it has. */
struct revision_item {
	unsigned number;
	time_t when;		/* paddock wrote or noticed it */
	char *changes;		/* "memory, publish": the settings that differ from the revision before, "" none; NULL: unknown */
	bool readable;		/* false: it is not a valid profile */
};

struct revision_list {
	struct revision_item *items;	/* oldest first */
	size_t count;
};

void revision_list_finish(struct revision_list *);	/* accepts a zeroed struct */

/* A deleted profile, with its state directory or without, or a deleted state directory. */
struct trash_item {
	char *id;		/* unique, a file name */
	char *name;		/* of the profile or of the directory */
	char *broken;		/* why the record cannot be read; NULL: it can. It cannot be restored */
	time_t when;
	char *profile, *state;	/* the paths that they had; NULL: it has none */
	bool has_profile, has_state;	/* these are in the trash */
	uint64_t size;		/* in bytes on disk */
};

struct trash_list {
	struct trash_item *items;	/* oldest first */
	size_t count;
};

void trash_list_finish(struct trash_list *);	/* accepts a zeroed struct */

struct store {
	void *data;

	/* Lists the names of all profiles, sorted. Reads only the directory; opens no file. */
	bool (*names)(struct store *, struct strv *out, struct error *);
	/* Reads a profile into the config and sets the revision. On failure the error gives the line ("line 7: ..."). */
	bool (*load)(struct store *, const char *name, struct vm_config *, struct store_revision *, struct error *);
	/* Writes a profile atomically, and preserves comments, order and unknown keys. If `expected` is NULL, overwrites any revision. */
	enum store_outcome (*save)(struct store *, const struct vm_config *, const struct store_revision *expected,
	                           struct store_revision *now, struct error *);
	/* Returns the text that save would write, for comparison with the file; the caller frees it. */
	char *(*preview)(struct store *, const struct vm_config *, struct error *);
	char *(*text)(struct store *, const char *name, struct error *);	/* content of the file; the caller frees it */
	char *(*path)(struct store *, const char *name);			/* of the file; the caller frees it */
	bool (*rename)(struct store *, const char *from, const char *to, struct error *);	/* fails if `to` exists */
	/*
	 * Moves a profile to the trash, and a state directory with it or alone; either may be NULL. Whoever calls it has
	 * checked that they are not in use. On failure nothing has moved. id may be NULL; the caller frees it.
	 */
	bool (*discard)(struct store *, const char *profile, const char *state, char **id, struct error *);
	bool (*trash)(struct store *, struct trash_list *out, struct error *);	/* out: finished by the caller */
	bool (*undelete)(struct store *, const char *id, struct error *);	/* fails if something is at the old places */
	bool (*purge)(struct store *, const char *id, struct error *);		/* for good; may take long */
	/* Removes a slice of what was put there before a time; call it while *more. */
	void (*expire)(struct store *, time_t before, unsigned entries, bool *more);
	/*
	 * The history of a profile, which outlives it: each text that was saved, and the one that it replaced. keep adds
	 * the text as it is now, if it is not the newest there, and sets its number, unless that is NULL; it does not wait
	 * for another paddock. restore makes an old text the profile's again, as it is, and adds what it replaces.
	 */
	bool (*keep)(struct store *, const char *name, unsigned *number, struct error *);
	bool (*revisions)(struct store *, const char *name, struct revision_list *out, struct error *);	/* out: finished by the caller */
	char *(*revision_text)(struct store *, const char *name, unsigned number, struct error *);	/* the caller frees it */
	bool (*restore)(struct store *, const char *name, unsigned number, struct error *);
	/* Becomes readable when a profile or the settings change; -1 if not supported. changed() drains it. */
	int (*change_fd)(struct store *);
	void (*changed)(struct store *);

	/* Scan the library: begin, then step until *more is false. Items come in any order. scan_begin returns false
	 * if something (a directory, the settings) cannot be read; the steps still find everything else. */
	bool (*scan_begin)(struct store *, struct error *);
	bool (*scan_step)(struct store *, unsigned entries, void (*found)(void *, const struct library_item *),
	                  void *data, bool *more);
	const struct strv *(*directories)(struct store *);	/* of the library, absolute */

	/* Returns a setting of paddock.ini, e.g. "keys", "prefix"; NULL if not set. Valid until changed(). */
	const char *(*setting)(struct store *, const char *section, const char *key);
};

/*
 * Reads and writes the small INI files that core keeps (run/UUID.ini,
 * last-run.ini), and whole texts. They are written atomically with mode 0600.
 * keys[i] belongs to values[i].
 */
struct record_io {
	bool (*write)(const char *path, const char *section, const struct strv *keys, const struct strv *values,
	              struct error *);
	bool (*read)(const char *path, struct strv *keys, struct strv *values, struct error *);
	bool (*write_text)(const char *path, const char *text, size_t len, struct error *);
};

#endif
