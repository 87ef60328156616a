/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_DATA_H
#define CORE_QEMU_PLAN_PLAN_DATA_H

#include "core/base/strv.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * All that a start will do, as a value. The keeper carries the
 * steps out in order under the lock of the state directory, then runs argv.
 */
enum plan_step_kind {
	STEP_MKDIR,		/* path (as written, parents too), mode */
	STEP_WRITE,		/* path, bytes, mode; by temporary file and rename */
	STEP_CREATE_DISK,	/* argv of qemu-img, of which the last but one names the disk; path is the disk; skipped if it exists by now */
	STEP_METADATA_ISO,	/* path, data or data_file's bytes, meta */
	STEP_COPY_VARS,		/* from -> path, only if path is not there */
	STEP_KEEP_FORMAT,	/* path of an image, bytes: its format; mode not 0: the user named it (formats.h) */
	STEP_ACCEPT_CHAIN,	/* path of an image, bytes: a hash of the files outside that it may refer to (formats.h) */
	STEP_HELPER		/* argv[0] is the program; socket is waited for */
};

struct plan_step {
	enum plan_step_kind kind;
	char *path;
	char *from;
	unsigned mode;
	char *bytes;		/* may hold NULs */
	size_t bytes_len;
	char *meta;		/* meta-data of NoCloud; NULL: not asked for */
	struct strv argv;
	char *socket;		/* a helper's */
	char *log;		/* a helper's */
	char *what;		/* for people: "creating disk web-state/disk.img, 4096 MiB" */
};

/* Whether it is worth a line to whoever waits for the start. */
bool plan_step_takes_time(const struct plan_step *);

struct plan_arg {
	char *text;
	char *origin;		/* "[network] publish", "--publish", "default", "host: no KVM: ..." */
};

struct plan {
	char *name;
	char *uuid;
	char *mac;		/* NULL: no network */
	char *image;		/* absolute, for the record */
	char *state;		/* state directory as used in argv */
	char *state_absolute;
	char *cwd;		/* where QEMU runs; relative paths in argv count from here */
	char *kind;		/* "profile" or "run" */
	char *qemu;		/* program to execute; args[0] is it too */
	struct strv settings;	/* what it was made from, as in a profile: pairs of "section.key" and value, without metadata */
	bool gui;
	bool ends_with_starter;	/* the keeper shuts it down when the client that started it is gone */
	struct plan_arg *args;
	size_t arg_count, arg_size;
	size_t own_from;	/* index of -name: our own block begins here */
	struct plan_step *steps;
	size_t step_count, step_size;
};

void plan_finish(struct plan *);
/* Wipe what was to be written, once it is: metadata may hold passwords. */
void plan_forget_data(struct plan *);

/* QMP's fd number as the child sees it: the keeper maps its socket there. */
#define PLAN_QMP_FD 3
/* and the lock's */
#define PLAN_LOCK_FD 4

#endif
