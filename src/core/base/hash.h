/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, for tables and to detect changes of a text. It is not cryptographic: collisions can be made on purpose. */

#define HASH_BEGIN UINT64_C(14695981039346656037)

/* so_far: HASH_BEGIN, or the result for the preceding bytes. */
uint64_t hash_bytes(uint64_t so_far, const void *bytes, size_t len);
/* The 32-bit variant, of a whole text. It is part of names on disk, so it must not change. */
uint32_t hash_short(const char *text);

#endif
