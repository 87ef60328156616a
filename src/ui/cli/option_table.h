/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTION_TABLE_H
#define UI_CLI_OPTION_TABLE_H

#include "core/vm/config.h"
#include "core/vm/spec.h"

#include <stddef.h>

/*
 * The options of `paddock run` as data, for its parser and its help. What a
 * setting's option is called, means and defaults to stands in the table of
 * settings; here is only which group it is in and what its value is called.
 */
enum option_kind {
	OPTION_VALUE,		/* of a setting; the next word if none stands behind '=' */
	OPTION_SWITCH,		/* of a setting; "--x" is true */
	OPTION_MODE,		/* a kind of boot */
	OPTION_DETACHED,
	OPTION_RM,
	OPTION_SAVE, OPTION_TIMEOUT,	/* a value of its own */
	OPTION_RAW,
	OPTION_VERBOSE, OPTION_QUIET, OPTION_HELP
};

struct option_row {
	const char *group;		/* heading in the help, in order */
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
/* By the first len bytes of a word: "--mem", "-mem"; NULL: no such option. */
const struct option_row *option_find(const char *word, size_t len);
/* The option that is spelled most like this name without dashes; NULL where none is close. */
const char *option_nearest(const char *name);

#endif
