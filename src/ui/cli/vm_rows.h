/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_VM_ROWS_H
#define UI_CLI_VM_ROWS_H

#include "core/base/strv.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct attached_screen;
struct command_context;
struct error;
struct last_run;
struct record_io;
struct vm_use;

/* What `ls` and `stats` print: the profiles, and the machines that run without one. */
struct vm_row {
	char *name, *uuid, *state, *image;
	const char *phase;
	char *why;		/* why QEMU paused it, which setting is invalid, or why the profile cannot be read */
	unsigned resets;	/* of a running VM */
	struct last_run *last;	/* of a VM that is off; NULL: no known run */
	pid_t pid;		/* of QEMU; 0: it does not run, or its keeper does not answer */
	struct attached_screen *screens;	/* protocol.h; NULL: not known */
	size_t screen_count;
	pid_t keeper;		/* 0: none */
	time_t started;
	bool broken;
	bool compared;		/* a profile that runs, as its settings are known */
	struct strv pending;	/* its settings that wait for a restart */
	struct vm_use *use;	/* what it uses of the host; NULL: not asked for, or not known */
};

struct vm_rows {
	struct vm_row *items;
	size_t count, size;
};

/* Asks all keepers for their phases at the same time. The caller must finish the rows in either case. */
bool vm_rows_gather(const struct command_context *, struct vm_rows *, struct error *);
/* Takes the first sample of what a machine uses, if it runs. */
void vm_row_measure(struct vm_row *, const struct record_io *);
void vm_rows_finish(struct vm_rows *);
/* The columns that the names need in a table; a name that is far longer than most shifts only its own line. */
int vm_rows_name_width(const struct vm_rows *);

#endif
