/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a: finds things in a table and tells versions of one text apart. Whoever wants two texts with one hash finds them. */

#define HASH_BEGIN UINT64_C(14695981039346656037)

/* Goes on from HASH_BEGIN or from what it returned for the bytes before. */
uint64_t hash_bytes(uint64_t so_far, const void *bytes, size_t len);
/* The form with 32 bits, of a whole text: part of names on disk, so it stays as it is. */
uint32_t hash_short(const char *text);

#endif
