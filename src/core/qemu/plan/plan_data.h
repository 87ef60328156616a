/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_DATA_H
#define CORE_QEMU_PLAN_PLAN_DATA_H

#include "core/base/strv.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Everything that a start will do, as a value. The keeper runs the steps in
 * order while it holds the lock of the state directory, then runs argv.
 */
enum plan_step_kind {
	STEP_MKDIR,		/* path (as written), mode; creates parents too */
	STEP_WRITE,		/* path, bytes, mode; atomic, with a temporary file and rename */
	STEP_CREATE_DISK,	/* path of the disk, argv of qemu-img, whose last argument but one is the disk; skipped if the disk exists */
	STEP_METADATA_ISO,	/* path, bytes of data or data_file, meta */
	STEP_COPY_VARS,		/* from -> path, only if path does not exist */
	STEP_KEEP_FORMAT,	/* path of an image, bytes: its format; mode is not 0 if the user set the format (formats.h) */
	STEP_ACCEPT_CHAIN,	/* path of an image, bytes: a hash of the files outside its directory that it may refer to (formats.h) */
	STEP_HELPER		/* argv, whose first element is the program; waits for the socket */
};

struct plan_step {
	enum plan_step_kind kind;
	char *path;
	char *from;
	unsigned mode;
	char *bytes;		/* may hold NULs */
	size_t bytes_len;
	char *meta;		/* NoCloud meta-data, or NULL */
	struct strv argv;
	char *socket;		/* of a helper */
	char *log;		/* of a helper */
	char *what;		/* description for the user: "creating disk web-state/disk.img, 4096 MiB" */
};

/* Returns true if the step can take long enough to be reported while it runs. */
bool plan_step_takes_time(const struct plan_step *);

struct plan_arg {
	char *text;
	char *origin;		/* "[network] publish", "--publish", "default", "host: no KVM: ..." */
};

struct plan {
	char *name;
	char *uuid;
	char *mac;		/* NULL: no network */
	char *image;		/* absolute, as recorded in the state directory */
	char *state;		/* state directory as used in argv */
	char *state_absolute;
	char *cwd;		/* working directory of QEMU; relative paths in argv start here */
	char *kind;		/* "profile" or "run" */
	char *qemu;		/* program to run, the same as args[0] */
	struct strv settings;	/* settings that the plan was made from: pairs of "section.key" and value, without metadata */
	bool gui;
	bool ends_with_starter;	/* the keeper shuts the VM down when the client that started it disconnects */
	struct plan_arg *args;
	size_t arg_count, arg_size;
	size_t first_extra_arg;	/* index of -name, the first argument that the reference does not have */
	struct plan_step *steps;
	size_t step_count, step_size;
};

/* Returns true if argv has the port of the guest agent. */
bool plan_has_agent(const struct plan *);

void plan_finish(struct plan *);
/* Wipes data that has been written: metadata may hold passwords. */
void plan_forget_data(struct plan *);

/* File descriptors of QEMU, as set up by the keeper: the QMP socket */
#define PLAN_QMP_FD 3
/* and the lock. */
#define PLAN_LOCK_FD 4
/* The socket of the guest agent's port, if plan_has_agent. */
#define PLAN_AGENT_FD 5
#define PLAN_AGENT_ID "paddock-agent"
#define PLAN_AGENT_CHARDEV "socket,id=paddock-agent,fd=5"
/* The id of the network backend of a VM's card. */
#define PLAN_NETDEV_ID "t0"
/* The ids of what profiles get for changes while they run (devices/live.c): the balloon, and the slots, each with its number. */
#define PLAN_BALLOON_ID "paddock-balloon"
#define PLAN_SLOT_ID "paddock-slot"

#endif
