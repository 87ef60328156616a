/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_SHELL_SCRIPT_H
#define CORE_IMPORT_SHELL_SCRIPT_H

#include "core/base/strv.h"

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * Reads shell scripts by the rules of quoting, for the QEMU command in them or
 * for their variables. Pure, and nothing is ever executed: a value that the
 * shell would have to compute, or that depends on a condition, is unknown.
 * What needs an unknown value is refused with the number of its line.
 */
struct shell_place {
	const char *cwd;	/* absolute: where the script is run */
	const char *directory;	/* absolute: of the script, for dirname "$0"; NULL: it is not a file */
	const char *home;	/* NULL: unknown */
	bool (*exists)(const char *path);	/* whether there is such a file; NULL: there is none */
};

struct shell_command {
	struct strv words;	/* the program first */
	unsigned line;		/* where it begins, from 1 */
	char *cwd;		/* after the `cd` in front of it */
	struct strv notes;	/* what around it is not used: "sudo", "> log" */
};

struct shell_variable {
	char *name;
	struct strv values;	/* one, or those of an array */
	bool is_array;
	char *unknown;		/* why the value is not known; NULL: it is */
};

struct shell_variables {
	struct shell_variable *items;
	size_t count;
};

/* Finds the first command for which is_program returns true of its name. The caller finishes out in any case. */
bool shell_command_find(const char *text, size_t len, const struct shell_place *, bool (*is_program)(const char *word),
                        struct shell_command *out, struct error *);
void shell_command_finish(struct shell_command *);

/* Reads the assignments of a script. The caller finishes out in any case. */
bool shell_variables_read(const char *text, size_t len, const struct shell_place *, struct shell_variables *out, struct error *);
void shell_variables_finish(struct shell_variables *);

#endif
