/* SPDX-License-Identifier: MIT */
#ifndef UI_POWER_H
#define UI_POWER_H

#include "ui/model/item.h"

struct app;
struct error;

/*
 * The power menu of an item that runs: the steps that stop it, one after the other as the user asks for them, and restart,
 * reset and pause. While the end of a machine is waited for, its title counts down.
 */
void power_menu(struct app *, enum item_kind, const char *name);
void power_resume(struct app *, enum item_kind, const char *name);	/* a paused machine */
/* Asks, then stops the machine as far as the user goes, and starts it again. Nothing is stopped if it could not start. */
void power_restart(struct app *, enum item_kind, const char *name);

/*
 * For several at once, without a question: "button", "reset", "pause", "resume", "quit" or "kill" for the machine with
 * this UUID, and a restart. They return false, with the reason, if it cannot be done.
 */
bool power_do(struct app *, const char *uuid, const char *id, struct error *);
bool power_restart_at_once(struct app *, enum item_kind, const char *name, const char *uuid, struct error *);

#endif
