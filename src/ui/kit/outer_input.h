/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_OUTER_INPUT_H
#define UI_KIT_OUTER_INPUT_H

#include "core/terminal/input_modes.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What the user's terminal must report so that a guest gets the keys and the
 * focus that it asks for. Pure; screen.c writes the sequences. Terminals that
 * do not know one ignore it.
 */
struct outer_input {
	bool focus;		/* 1004 */
	bool wheel_keys;	/* 1007: the wheel sends cursor keys; many terminals do that anyway */
	uint8_t kitty;		/* flags of our entry on the stack of the kitty keyboard protocol; 0: there is none */
	uint8_t other_keys;	/* modifyOtherKeys; 0: as it was */
};

#define OUTER_INPUT_MAX 64

/* guest: NULL for none. kitty: the terminal has that protocol. */
struct outer_input outer_input_for(const struct input_modes *guest, bool kitty);
/* Writes the sequences that lead from one to the other, "" for none. */
void outer_input_change(const struct outer_input *from, const struct outer_input *to, char out[OUTER_INPUT_MAX]);
/* True if a guest in these modes can be told more keys than plain bytes can. */
bool outer_input_extends(const struct input_modes *guest);
/* False for terminals that would misread the sequences for keys, such as the Linux console. term: as in $TERM. */
bool outer_input_safe(const char *term);
/* True for terminals that are known to let programs write to the clipboard (OSC 52) without being configured to. */
bool outer_takes_copies(const char *term);
/* The terminfo entry to use for a terminal whose own is missing, or NULL. */
const char *outer_fallback(const char *term);

#endif
