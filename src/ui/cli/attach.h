/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_ATTACH_H
#define UI_CLI_ATTACH_H

#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "ui/kit/key_parser.h"

#include <stdbool.h>

struct loop;

/*
 * Shows a VM's console on the user's own terminal, for `run` and `attach`.
 * The terminal is in raw mode meanwhile; Enter ~ . or prefix d leaves. The
 * guest's output is filtered (history_filter.h), or passed unchanged if
 * stdout is not a terminal.
 */
struct attach_options {
	bool read_only;
	bool raw;		/* do not filter, even on a terminal */
	bool owns;		/* `run`: SIGTERM and SIGINT shut the VM down; otherwise they detach */
	unsigned char prefix;	/* control character, 0x07 for Ctrl-g */
	const char *name;
};

enum attach_result {
	ATTACH_LEFT,		/* the user left, or output failed (see error); the VM keeps running */
	ATTACH_ENDED,		/* the VM ended: started, status and signal are set */
	ATTACH_LOST		/* the connection to the keeper was lost: error is set */
};

struct attach_outcome {
	enum attach_result result;
	bool started;
	int status;
	int signal;		/* the signal that ended QEMU; 0: none */
	int cut_off;		/* the signal that asked the VM to power off, if it did not do so by itself; 0: none */
	char error[1024];
};

struct attach;

/* What to hand to keeper_launch or keeper_connect, with the attach as data. */
struct attach *attach_new(struct loop *, const struct attach_options *);
const struct keeper_events *attach_events(void);
struct keeper_join attach_join(const struct attach *);
/* Runs the loop until the user leaves or the VM ends, then restores the terminal. */
void attach_run(struct attach *, struct keeper_client *, struct attach_outcome *);
void attach_free(struct attach *);
/* Prints on stderr why the VM ended; nothing if it ended normally. */
void attach_tell_end(const struct attach_outcome *, const char *name);

/*
 * Discards the terminal's outstanding replies, which the shell would otherwise read as input: sends one more query and
 * drops all input up to its reply, for at most 300 ms. Used by attach.c only.
 */
void attach_swallow_answers(int in, int out);

/*
 * Finds the escapes in what the user types, and separates the terminal's
 * replies to the guest from typed keys. Pure. The parser decides how long an
 * incomplete sequence waits (key_parser_waits, key_parser_expire).
 */
struct attach_keys {
	unsigned char prefix;
	bool spelled;		/* the guest has, or may have, enabled CSI u or modifyOtherKeys */
	bool line_start;	/* the last key was Enter, or nothing has been typed yet */
	bool tilde;		/* ~ was typed at the start of a line */
	bool prefixed;		/* the prefix was typed */
	struct key_parser parser;
};
/* The bytes for the guest. The caller initialises and frees both strings. */
struct attach_sent {
	struct str typed, answers;
};
enum attach_action { ATTACH_TYPE, ATTACH_DETACH, ATTACH_HELP };
void attach_keys_init(struct attach_keys *, unsigned char prefix);
void attach_keys_finish(struct attach_keys *);
void attach_keys_feed(struct attach_keys *, const void *bytes, size_t len);
/* Appends to both strings. Returns after the first action other than ATTACH_TYPE; call again for the rest. */
enum attach_action attach_keys_take(struct attach_keys *, struct attach_sent *);

#endif
