/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_LOG_PRINTER_H
#define UI_CLI_LOG_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct history_filter;
struct log_file;
struct log_match;

/*
 * Prints a log for `paddock log`: its bytes, or the lines that were asked for.
 */
struct log_selection {
	int64_t since, until;		/* ms since 1970; INT64_MIN and INT64_MAX: all */
	struct log_match *match;	/* NULL: all */
	bool timestamps;
};

/* True if single lines are asked for, not the bytes as they are. */
bool log_selection_by_lines(const struct log_selection *);
/* True if the times of the lines are needed for it. */
bool log_selection_by_time(const struct log_selection *);

struct log_printer {
	struct log_file *file;			/* borrowed, as are the others */
	const struct log_selection *selection;
	struct history_filter *history;		/* of the terminal; NULL: the bytes are printed as they are */
	bool (*stopped)(void);			/* asked between pieces of output */
	uint64_t at;				/* what is above has been printed */
	uint64_t printed;			/* number of lines, if printed by lines */
};

/* Goes to the first line that can be asked for. */
void log_printer_begin(struct log_printer *);
/* Prints what there is now. whole: leaves out a last line that is not complete, if printed by lines. */
bool log_printer_print(struct log_printer *, bool whole, struct error *err);

#endif
