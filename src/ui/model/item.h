/* SPDX-License-Identifier: MIT */
#ifndef UI_MODEL_ITEM_H
#define UI_MODEL_ITEM_H

#include "core/machines/foreign_qemu.h"
#include "core/machines/identity.h"
#include "core/vm/lifecycle.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/*
 * What the list lists, and what is known about it. Pure: the model
 * (ui/model.h) looks and fills in, views read.
 */
enum item_kind { ITEM_PROFILE, ITEM_IMAGE, ITEM_STATE, ITEM_KINDS };

struct item {
	enum item_kind kind;
	char *name;		/* of the profile; else the absolute path of the image, its prefix or the directory */
	enum boot_mode boot;	/* of an image */
	uint64_t size;		/* of an image, bytes */

	bool read;		/* a profile: its file has been read */
	char *broken;		/* it cannot be: why */
	char *invalid;		/* a setting that no start takes: which, and why */
	char *uuid;
	char *image;		/* absolute; of a state directory what it was made for, if that is there */
	char *state;		/* absolute */
	char *publish;		/* first published port as the list shows it: ":8080" */

	bool looked;		/* what follows is as the state directory has it */
	char *missing;		/* the image of a profile is not there */
	struct last_run *last;	/* NULL: it has not run, as far as is known */
	enum foreign foreign;
	pid_t foreign_pid;

	char *failure;		/* the last start from this screen failed: why */
	bool hidden;		/* a profile or an image stands for it */
	bool elsewhere;		/* not of the library: here because it runs */
	unsigned seen;		/* the scan that found it last */
	unsigned looks;		/* grows with each look: what was read of it before is old */
};

struct item *item_new(enum item_kind, const char *name);
void item_free(struct item *);
void item_unread(struct item *);	/* forget what the profile's file says */
void item_forget(struct item *);	/* forget what the state directory says */

/* What runs, as its keeper tells it. */
struct machine {
	char *uuid, *name, *state, *image, *kind;	/* as in struct registry_entry */
	pid_t keeper;
	pid_t pid;			/* QEMU's, 0: not told yet */
	time_t started;
	enum vm_phase phase;
	bool unresponsive, paused;
	char *paused_why;		/* NULL: nobody knows, or somebody asked */
	unsigned clients;
	char *step;			/* what the start is doing; NULL: nothing */
	bool settings_known;		/* with what it was started is known: */
	char *publish;			/* as of an item, of what runs */
};

enum vm_ref_kind item_ref_kind(const struct item *);
bool machine_is(const struct machine *, const struct item *);

struct last_run;
/* "12:03: ended with status 1, failed; Could not open ..."; into buf. NULL: "never run". */
const char *last_run_text(const struct last_run *, time_t now, char *buf, size_t size);

/* The state of an item in one of a few kinds, which list/status_look.h gives a glyph and a colour. */
enum status_kind { STATUS_OFF, STATUS_BUSY, STATUS_RUNNING, STATUS_FAILED, STATUS_UNKNOWN, STATUS_KINDS };

struct status {
	enum status_kind kind;
	char word[40];		/* "running", "crashed 12:03", ... */
	bool console;		/* there is one to attach to */
	bool running;		/* a process is there, ours or not */
};

/* machine NULL: nothing of ours runs. */
void item_status(const struct item *, const struct machine *, time_t now, struct status *);
/* "disk", "iso", "kernel", "squashfs"; "" for what is no image. */
const char *item_boot_word(const struct item *);

#endif
