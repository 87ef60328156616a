/* SPDX-License-Identifier: MIT */
#ifndef UI_KIT_FORMAT_H
#define UI_KIT_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* What people read. Pure. Quantities are written into buf, which is returned. */

/* "0", "512", "4 K", "210 M", "1.2 G": binary units, rounded to what a list needs. */
const char *words_size(uint64_t bytes, char *buf, size_t size);
/* "under 1 min", "12 min", "3 h 05 min", "2 days". */
const char *words_duration(time_t seconds, char *buf, size_t size);
/* A moment seen from now, local time: "12:03" within the last 20 h, else "3 May", else "May 2024". */
const char *words_when(time_t then, time_t now, char *buf, size_t size);

/* Why a run ended, as its record says it ("guest-shutdown"), in words; what is not known stays as it is. */
const char *words_reason(const char *reason);

/*
 * A copy for a terminal that is not drawn on but printed to: whatever is no
 * printable UTF-8 is a '?', a line break a blank, so that a file name can be
 * one line and nothing more. The caller's.
 */
char *words_plain(const char *text);

#endif
