/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_AUTOWRAP_H
#define CORE_KEEPER_STREAM_AUTOWRAP_H

#include <stddef.h>

/*
 * The one thing that is not passed on as the guest wrote it. SeaBIOS begins
 * every boot on a serial line with RIS and autowrap off (ESC c ESC [?7l) and
 * never turns it on again, nor does Linux: the end of every long line would
 * be lost on every terminal, and a user's own would stay so. Directly behind
 * a reset the l becomes an h; autowrap that anybody else turns off stays
 * off. Pure; the bytes may come in any pieces.
 */
struct firmware_wrap {
	unsigned char matched;		/* bytes of the sequence seen so far */
};

/* Zeroed is a fresh one. Changes the bytes in place. */
void firmware_keep_wrap(struct firmware_wrap *, char *bytes, size_t len);

#endif
