/* SPDX-License-Identifier: MIT */
#ifndef UI_MODEL_ITEM_H
#define UI_MODEL_ITEM_H

#include "core/machines/foreign_qemu.h"
#include "core/machines/identity.h"
#include "core/machines/stop_ladder.h"
#include "core/vm/lifecycle.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/*
 * The items of the list and what is known about them. Pure: the model
 * (model.h) fills them in, views read them.
 */
enum item_kind { ITEM_PROFILE, ITEM_IMAGE, ITEM_STATE, ITEM_KINDS };

struct item {
	enum item_kind kind;
	char *name;		/* of the profile; or the absolute path of the image, its prefix or the directory */
	enum boot_mode boot;	/* of an image */
	uint64_t size;		/* of an image, in bytes */

	bool read;		/* a profile: its file has been read */
	uint64_t text_hash;	/* of the profile's text, when it was last read; 0: not yet */
	char *broken;		/* why the profile cannot be read; NULL: it can */
	char *invalid;		/* a setting that prevents every start, and why */
	char *uuid;
	char *image;		/* absolute; for a state directory, the image it was created for if that exists */
	char *state;		/* absolute */
	char *publish;		/* first published port as the list shows it: ":8080" */

	bool looked;		/* the next members have been read from the state directory */
	char *missing;		/* why the image of a profile cannot be found */
	const char *unbootable;	/* why an image cannot boot, in a word or three; NULL: it can */
	struct last_run *last;	/* NULL: no known run */
	enum foreign_qemu foreign;
	pid_t foreign_pid;

	bool pending;		/* a profile that runs, and differs from what runs (core/machines/pending.h) */
	char *failure;		/* why the last start from this screen failed */
	bool hidden;		/* listed as part of a profile or an image */
	bool elsewhere;		/* not in the library, listed only because it runs */
	unsigned seen;		/* the last scan that found it */
	unsigned looks;		/* grows with each reading, so that copies of older data can be recognised */
};

/* Says which item is meant where the item itself may be gone: in the answer to a question, for example. */
struct item_key {
	enum item_kind kind;
	char name[];
};

struct item_key *item_key_new(enum item_kind, const char *name);	/* freed by free */

/* Several of them. */
struct item_keys {
	struct item_key **items;
	size_t count;
};

void item_keys_finish(struct item_keys *);

struct item *item_new(enum item_kind, const char *name);
void item_free(struct item *);
void item_unread(struct item *);	/* drops what was read from the profile's file */
void item_forget(struct item *);	/* drops what was read from the state directory */

/* A console that is attached to a running machine. */
struct vm_screen {
	pid_t pid;		/* of the program that shows it; 0: unknown */
	bool read_only;
	int rows, columns;	/* of its terminal; 0: unknown */
	char terminal[16];	/* "pts/4"; "": none, or unknown */
};

/* A running machine, as reported by its keeper. */
struct running_vm {
	char *uuid, *name, *state, *image, *kind;	/* as in struct registry_entry */
	pid_t keeper;
	pid_t pid;			/* of QEMU; 0: not reported yet */
	time_t started;
	enum vm_phase phase;
	bool unresponsive, paused;
	struct stop_ladder stop;	/* what was asked for here to stop it */
	uint64_t stop_now;		/* when the countdown was brought up to date, in ms as from loop_now */
	bool restart;			/* it is started again when it has ended */
	char *paused_why;		/* why QEMU paused it; NULL: unknown, or a user paused it */
	unsigned resets;		/* how often the guest was reset */
	bool resetting;			/* it resets itself again and again */
	bool panicked;			/* it has panicked and was not reset since */
	unsigned clients;
	struct vm_screen *screens;	/* NULL: unknown, or none */
	size_t screen_count;
	unsigned changes;		/* as in struct keeper_state; the settings are as of then */
	char *step;			/* the current step of the start; NULL: none */
	bool settings_known;		/* the settings it was started with are known: */
	char *publish;			/* as in struct item, for the running machine */
};

enum vm_ref_kind item_ref_kind(const struct item *);
bool running_vm_is(const struct running_vm *, const struct item *);

struct last_run;
/* Writes "12:03 ended with status 1: Could not open ..." into buf and returns buf. run NULL: "never run". */
const char *last_run_text(const struct last_run *, time_t now, char *buf, size_t size);

/* The state of an item in one of a few kinds, which list/status_look.h gives a glyph and a colour. */
enum status_kind { STATUS_OFF, STATUS_BUSY, STATUS_RUNNING, STATUS_FAILED, STATUS_UNSTARTABLE, STATUS_UNKNOWN, STATUS_KINDS };

struct status {
	enum status_kind kind;
	char word[40];		/* "running", "reset 3 times", "disk full", "crashed 12:03", "panicked 12:03" ... */
	bool console;		/* it has a console to attach to */
	bool running;		/* QEMU runs, under paddock or not */
};

/* True if something is wrong: it has failed, or cannot start. */
bool status_is_bad(enum status_kind);
/* machine NULL: it does not run under paddock. */
void item_status(const struct item *, const struct running_vm *, time_t now, struct status *);
/* "disk", "iso", "kernel", "squashfs"; "" for an item that is not an image. */
const char *item_boot_word(const struct item *);

#endif
