/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_AUTOWRAP_H
#define CORE_KEEPER_STREAM_AUTOWRAP_H

#include <stddef.h>

/*
 * The only change to the output of a guest. On a serial line, SeaBIOS begins
 * every boot with RIS and autowrap off (ESC c ESC [?7l), and neither it nor
 * Linux turns autowrap on again. The end of every long line would be lost, and
 * the user's own terminal would stay in that mode. Directly after a reset, the
 * l is therefore changed to an h; autowrap that is turned off elsewhere stays
 * off. Pure; the bytes may come in any pieces.
 */
struct firmware_wrap {
	unsigned char matched;		/* bytes of the sequence seen so far */
};

/* Changes the bytes in place. Begin with a zeroed struct. */
void firmware_keep_wrap(struct firmware_wrap *, char *bytes, size_t len);

#endif
