/* SPDX-License-Identifier: MIT */
#ifndef UI_PROGRAM_H
#define UI_PROGRAM_H

#include <stdbool.h>

struct app;
struct keybinding;
struct loop;
struct record_io;
struct store;

/* The screen of VMs: the model, the main view and the keys that work everywhere, on an app of the kit. */

struct program_options {
	struct store *store;
	const struct record_io *records;
	const char *warning;	/* shown when the screen opens; NULL: none */
	const char *root;	/* prefix for /sys and /dev, for tests; NULL: none */
	unsigned blank_ms;	/* time until a blank console is explained; 0: 30 s; less in tests */
};

/* Runs the screen on this terminal until the user quits; returns the exit status. */
int program_run(const struct program_options *);

/* For program_run and tests: the terminal must be open. The options are borrowed. */
struct app *program_open(const struct program_options *, struct loop *, bool utf8);
void program_close(struct app *);

/* The keys that work everywhere. For the manual page, which is made from the key tables. */
const struct keybinding *program_keys(void);

#endif
