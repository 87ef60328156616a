/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTION_TABLE_H
#define UI_CLI_OPTION_TABLE_H

#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The options of `paddock run` as data, for its parser and its help. The name,
 * meaning and default of a setting's option are in the table of settings; this
 * table adds only its group and the name of its value.
 */
enum option_kind {
	OPTION_VALUE,		/* a setting with a value, after '=' or in the next word */
	OPTION_SWITCH,		/* a setting that is a switch; "--x" means true */
	OPTION_MODE,		/* a boot mode */
	OPTION_DETACHED,
	OPTION_RM,
	OPTION_SAVE, OPTION_TIMEOUT,	/* with a value, but not a setting */
	OPTION_RAW,
	OPTION_VERBOSE, OPTION_QUIET, OPTION_HELP
};

struct option_row {
	const char *group;		/* heading in the help; rows of a group are consecutive */
	enum option_kind kind;
	enum vm_setting setting;
	enum boot_mode mode;
	const char *value;		/* "N", "FILE": NULL for switches */
	const char *name;		/* with its dashes; NULL: the setting's */
	const char *letter;		/* "-v"; NULL: none */
	const char *meaning;		/* NULL: the setting's */
};

const struct option_row *option_rows(size_t *count);
const char *option_row_name(const struct option_row *);
/*
 * Returns true if the first len bytes of a word are an option's name, with one dash or two, or its letter.
 * name: with two dashes; letter: "-v", or NULL if it has none.
 */
bool option_is_called(const char *name, const char *letter, const char *word, size_t len);
/* Finds an option by the first len bytes of a word, such as "--mem" or "-mem"; NULL if there is no such option. */
const struct option_row *option_find(const char *word, size_t len);
/* Suggestion for an unknown option, given without its dashes; NULL if nothing is similar. */
const char *option_nearest(const char *name);

#endif
