/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_NUMBER_H
#define CORE_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct error;

/*
 * The one reader of numbers. Decimal digits only: no sign, no blanks, no
 * 0x, no underscores; leading zeros do not make it octal.
 * Errors: "not a number", "less than MIN", "more than MAX".
 */
bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out, struct error *);

#endif
