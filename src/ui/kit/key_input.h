/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_KEY_INPUT_H
#define UI_KIT_KEY_INPUT_H

#include "ui/kit/keys.h"

#include <stdbool.h>

struct loop;

/*
 * The keys that are typed into the screen: reads the terminal when it is
 * ready and never waits in a read; what may be the beginning of a key waits
 * in a timer. What is not a key (answers, focus reports, unknown sequences)
 * is dropped here.
 */
struct key_input;

struct key_input_events {
	bool (*key)(void *data, const struct key *);	/* false: no more for now; key_input_pause(input, false) goes on */
	void (*ended)(void *data);			/* the terminal is gone; may free the input */
};

/* The keys' names are those of the curses screen that is open. */
struct key_input *key_input_new(struct loop *, int fd, const struct key_input_events *, void *data);
void key_input_free(struct key_input *);	/* NULL is fine; not within the event key */
/* While another program has the terminal nothing is read; keys that were read already wait. */
void key_input_pause(struct key_input *, bool);

/* How long a lone ESC waits for what follows it: the variable ESCDELAY, in ms, as ncurses reads it. */
unsigned key_escape_ms(void);
/* Whether a read would have something; O_NONBLOCK is not for a terminal that the shell shares. */
bool key_is_ready(int fd);

#endif
