/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_OPTIONS_H
#define UI_CLI_OPTIONS_H

#include "core/vm/config.h"

struct error;

/*
 * The words behind `paddock run`, and behind `paddock argv` where they are
 * no profile's name: the reference's options and ours, from one table that
 * the help text is made of too. Options may stand before and behind the
 * path, with one dash or two, as --option=value or --option value; "--" ends
 * them. The last one counts, but for those that may be repeated.
 */
struct run_options {
	struct vm_config config;	/* CONFIG_COMMAND_LINE; named after the path's last component */
	const char *path;		/* the image as given: one of the words */
	bool detached;
	unsigned timeout;		/* seconds that detached may take; 0: any */
	const char *save;		/* name of a profile to make; NULL: none. One of the words */
	bool rm;			/* the machine ends with this process */
	bool raw;			/* a terminal gets what the guest writes unfiltered */
	bool quiet;
	unsigned verbose;		/* -v is 1, -v 2 is 2 */
};

enum options_result {
	OPTIONS_OK,
	OPTIONS_HELP,			/* asked for; print options_help */
	OPTIONS_USAGE			/* the error names the wrong word; exit 2 */
};

/* out is to be finished whatever the result. */
enum options_result options_parse(int count, char *const *words, struct run_options *out, struct error *);
void run_options_finish(struct run_options *);

/* All options in groups, with their defaults, in 80 columns; the caller's. */
char *options_help(void);

#endif
