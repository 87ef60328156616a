/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_MODES_SGR_H
#define CORE_KEEPER_STREAM_MODES_SGR_H

struct modes_pen;
struct sequence;
struct str;

/* Colours and attributes (SGR, ESC [ ... m) of a pen: both ways. For modes.c. */
void modes_sgr(struct modes_pen *, const struct sequence *);
void modes_write_sgr(const struct modes_pen *, struct str *out);	/* from any state */

#endif
