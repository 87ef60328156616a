/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_BASE64_H
#define CORE_BASE_BASE64_H

#include "core/base/str.h"

#include <stddef.h>

/* Appends the bytes in base64 (RFC 4648, section 4), with padding and without line breaks. */
void base64_add(struct str *, const void *bytes, size_t len);

#endif
