/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_NUMBER_H
#define CORE_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

struct error;

/*
 * Parses a number; all parsing of numbers in user input uses this. Accepts only
 * decimal digits: no sign, spaces, 0x or underscores. Leading zeros do not mean
 * octal. Errors: "not a number", "less than MIN", "more than MAX".
 */
bool number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out, struct error *);
/* Returns the value of a hexadecimal digit in either case, or -1. */
int number_hex_digit(char c);

#endif
