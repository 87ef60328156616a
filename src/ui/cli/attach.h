/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_ATTACH_H
#define UI_CLI_ATTACH_H

#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "ui/kit/key_parser.h"

#include <stdbool.h>

struct loop;

/*
 * The user's own terminal as a VM's console, for `run` and `attach`: raw
 * mode while it lasts, Enter ~ . or prefix d leaves. What the guest writes is
 * filtered (shown.h); where stdout is not a terminal, it is passed as it is.
 */
struct attach_options {
	bool read_only;
	bool raw;		/* a terminal gets every byte, also those that may harm it */
	bool owns;		/* `run`: SIGTERM and SIGINT shut the VM down; else they detach */
	unsigned char prefix;	/* control character, 0x07 for Ctrl-g */
	const char *name;
};

enum attach_result {
	ATTACH_LEFT,		/* the user left, or error says what cannot be written; the VM goes on */
	ATTACH_ENDED,		/* the VM ended: end is filled */
	ATTACH_LOST		/* the keeper is gone: error is filled */
};

struct attach_outcome {
	enum attach_result result;
	bool started;
	int status;
	int signal;		/* that ended QEMU; 0: none */
	int cut_off;		/* the signal on which the VM was to power off, and did not by itself; 0: none */
	char error[1024];
};

struct attach;

/* The events to hand to keeper_launch or keeper_connect, with the attach as data. */
struct attach *attach_new(struct loop *, const struct attach_options *);
const struct keeper_events *attach_events(void);
/* Runs the loop until it is over; gives the terminal back. */
void attach_run(struct attach *, struct keeper_client *, struct attach_outcome *);
void attach_free(struct attach *);
/* Why the VM ended, on stderr; nothing where it ended well. */
void attach_tell_end(const struct attach_outcome *, const char *name);

/*
 * What the terminal still has to answer, it would answer to the shell: waits, at most 300 ms, until it has answered a
 * question of ours that stands behind all the others, and drops everything up to there. For attach.c.
 */
void attach_swallow_answers(int in, int out);

/*
 * The escapes within what a user types, and the terminal's answers to the
 * guest among it; pure. What is held until it is whole, and for how long, is
 * up to the parser (key_parser_waits, key_parser_expire).
 */
struct attach_keys {
	unsigned char prefix;
	bool spelled;		/* the guest has asked for keys that are spelled out, or may have */
	bool line_start;	/* Enter was the last key, or nothing was typed yet */
	bool tilde;		/* ~ was typed at a line's start */
	bool prefixed;
	struct key_parser parser;
};
/* What goes to the guest; the caller's. */
struct attach_sent {
	struct str typed, answers;
};
enum attach_action { ATTACH_TYPE, ATTACH_DETACH, ATTACH_HELP };
void attach_keys_init(struct attach_keys *, unsigned char prefix);
void attach_keys_finish(struct attach_keys *);
void attach_keys_feed(struct attach_keys *, const void *bytes, size_t len);
/* Appends to what is sent; stops behind the first action that is not ATTACH_TYPE, to be called again. */
enum attach_action attach_keys_take(struct attach_keys *, struct attach_sent *);

#endif
