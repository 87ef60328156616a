/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_FORMAT_H
#define CORE_BASE_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Quantities and names as people read them. Pure. Quantities are written into buf, which is returned. */

/* "0", "512", "4 K", "210 M", "1.2 G": binary units, rounded to what a list needs. */
const char *format_size(uint64_t bytes, char *buf, size_t size);
/* The same in 4 columns at most: "1023", "4K", "210M", "1.2G". */
const char *format_size_narrow(uint64_t bytes, char *buf, size_t size);
/* "under 1 min", "12 min", "3 h 05 min", "2 days". */
const char *format_duration(time_t seconds, char *buf, size_t size);
/* A moment seen from now, local time: "12:03" within the last 20 h, else "3 May", else "May 2024". */
const char *format_when(time_t then, time_t now, char *buf, size_t size);

/*
 * A copy for a terminal that is not drawn on but printed to: whatever is no
 * printable UTF-8 is a '?', a line break a blank, so that a file name can be
 * one line and nothing more. The caller's.
 */
char *format_plain(const char *text);

#endif
