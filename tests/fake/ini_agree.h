/* SPDX-License-Identifier: MIT */
#ifndef FAKE_INI_AGREE_H
#define FAKE_INI_AGREE_H

#include <stddef.h>

/*
 * Whether our line scanner takes a text for what inih takes it for: the
 * same keys in the same sections with the same values, the same first bad
 * line. NULL: it does; else what differs, the caller's. Texts that ini_read
 * must refuse before inih sees all of them (NUL, long lines and names)
 * agree by being refused. For unit tests and the fuzzer.
 */
char *ini_disagreement(const void *bytes, size_t len);

#endif
