/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_INPUT_H
#define UI_KIT_KEY_INPUT_H

#include "ui/kit/keys.h"

#include <stdbool.h>

struct loop;

/*
 * Reads the keys that are typed into the screen, when the terminal is ready,
 * and never blocks. A timer limits how long an incomplete key waits. Other
 * answers and unknown sequences are dropped.
 */
struct key_input;

struct key_input_events {
	bool (*key)(void *data, const struct key *);	/* false: no more for now; key_input_pause(input, false) goes on */
	void (*ended)(void *data);			/* the terminal is gone; may free the input */
	void (*kitty)(void *data);			/* the terminal says that it has the kitty protocol; may be NULL */
};

/* Curses must be open: the terminal's keys are those of its terminfo entry. */
struct key_input *key_input_new(struct loop *, int fd, const struct key_input_events *, void *data);
void key_input_free(struct key_input *);	/* may be NULL; not to be called by the event key */
/* true: reads nothing, for example while another program has the terminal; keys that were already read wait. */
void key_input_pause(struct key_input *, bool);

/* How long a lone ESC waits for another byte: the environment variable ESCDELAY, in ms, parsed as ncurses does. */
unsigned key_escape_ms(void);
/* True if a read would not block. O_NONBLOCK cannot be used, because the shell shares the terminal. */
bool key_is_ready(int fd);

#endif
