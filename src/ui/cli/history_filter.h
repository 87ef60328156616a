/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_HISTORY_FILTER_H
#define UI_CLI_HISTORY_FILTER_H

#include "core/base/str.h"
#include "core/terminal/guest_filter.h"

struct terminal;

/*
 * Filters a guest's console output for the user's own terminal, for `run`,
 * `attach` and `log`, and knows how to return the terminal to the modes that a
 * shell expects. Pure.
 */
struct history_filter {
	struct guest_filter filter;
	struct terminal *terminal;	/* in the modes that the user's is in; shows nothing, unless `raw` */
	struct str lasting;		/* what it gets of the current piece; allocated once */
	bool raw;		/* filter nothing */
	char last;		/* the last byte that reached the terminal; 0: none yet */
};

/* input: keys and mouse events go to the guest, so the guest may choose their encodings. */
void history_filter_init(struct history_filter *, bool input);
void history_filter_resize(struct history_filter *, int rows, int columns);	/* the size of the user's terminal; 0: unknown */
void history_filter_finish(struct history_filter *);
/* Appends the part of the bytes that may go to the terminal. */
void history_filter_feed(struct history_filter *, const void *bytes, size_t len, struct str *out);
/* True if the terminal may still send input that was not typed: replies to queries, mouse reports. */
bool history_filter_may_be_answered(const struct history_filter *);
/* True if the guest has enabled modifyOtherKeys or kitty's keys, which encode keys that have no sequence of their own. */
bool history_filter_spells_keys(const struct history_filter *);
/* Appends the sequences that undo all modes that the guest has set. */
void history_filter_reset(const struct history_filter *, struct str *out);
/* Appends the sequences that restore the guest's modes after a shell has used the terminal. */
void history_filter_resume(const struct history_filter *, struct str *out);

#endif
