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
	const char *root;	/* in front of /sys and /dev; NULL: nothing, but for tests */
	unsigned blank_ms;	/* until a blank console is explained; 0: 30 s, less for tests */
};

/* The screen on this terminal until the user leaves it; the exit status. */
int program_run(const struct program_options *);

/* For program_run and for tests: on a terminal that is open already. The options are borrowed. */
struct app *program_open(const struct program_options *, struct loop *, bool utf8);
void program_close(struct app *);

/* The keys that work everywhere. For the manual page, which is made from the key tables. */
const struct keybinding *program_keys(void);

#endif
