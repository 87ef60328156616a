/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_RUN_EVENTS_H
#define CORE_KEEPER_RUN_RUN_EVENTS_H

#include "core/keeper/run/pause.h"
#include "core/keeper/run/reset_loop.h"

#include <stdbool.h>

struct keeper_state;
struct last_run;
struct loop;
struct loop_timer;
struct qemu_process;
struct ring;
struct terminal;

/*
 * What QEMU reports about its guest while it runs, for clients and for the
 * record of the run: shutdown, panic, watchdog, resets, errors of disks and
 * memory. Used only by the keeper.
 */
struct run_events {
	void (*changed)(void *data);	/* the pause, the resets, `resetting` or the link have changed */
	void (*notice)(void *data, const char *text);	/* a line for the users */
	void *data;
	struct last_run *run;
	struct pause pause;
	bool pause_told;		/* users have heard of this pause */
	unsigned pauses;		/* how often QEMU has paused the guest */
	struct reset_loop resets;
	unsigned reset_apart;		/* ms, as in reset_loop.h */
	bool resetting;			/* the guest resets itself again and again */
	bool link_down;			/* the network card's, as a client has set it */
	bool panicked;			/* since the last reset */
	struct loop_timer *calm;	/* until `resetting` ends */
};

/* changed, notice, data, run and reset_apart are set before. */
void run_events_init(struct run_events *, struct loop *);
void run_events_finish(struct run_events *);	/* accepts a zeroed one */

void run_events_ready(struct run_events *, struct qemu_process *);	/* QMP answers */
/* Handles a QMP event, as in qmp.h; ignores unknown ones. */
void run_events_take(struct run_events *, const char *name, const char *detail);
/* Fills in the members that are about the pause and the resets. */
void run_events_show(const struct run_events *, struct keeper_state *);
/* The run has ended with this screen and these newest bytes of the console: completes its record. */
void run_events_end(struct run_events *, const struct terminal *screen, const struct ring *);

#endif
