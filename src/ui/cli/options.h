/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTIONS_H
#define UI_CLI_OPTIONS_H

#include "core/vm/config.h"

struct error;

/*
 * Parses the arguments of `paddock run`, and of `paddock argv` unless they are
 * the name of a profile: the reference's options and paddock's own, from the
 * table that the help is made from. Options may come before or after the path,
 * with one dash or two, as --option=value or --option value; "--" ends them.
 * The last value counts, except for options that may be repeated.
 */
struct run_options {
	struct vm_config config;	/* CONFIG_COMMAND_LINE; named after the path's last component */
	const char *path;		/* the image as given; borrowed from words */
	bool detached;
	unsigned timeout;		/* how many seconds --detached waits; 0: no limit */
	const char *save;		/* name of the profile to create; borrowed from words; NULL: none */
	bool rm;			/* the machine ends with this process */
	bool raw;			/* do not filter the guest's output, even on a terminal */
	bool quiet;
	unsigned verbose;		/* -v is 1, -v 2 is 2 */
};

enum options_result {
	OPTIONS_OK,
	OPTIONS_HELP,			/* --help was given; print options_help */
	OPTIONS_USAGE			/* the error names the wrong word; exit with status 2 */
};

/* The caller finishes out whatever the result. */
enum options_result options_parse(int count, char *const *words, struct run_options *out, struct error *);
void run_options_finish(struct run_options *);

/* The help text: all options in groups, with their defaults, in 80 columns. The caller frees it. */
char *options_help(void);

#endif
