/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_BYTES_H
#define CORE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * Values in a row of bytes, for what one of our processes tells another
 * of the same build: numbers as 8 bytes, little end first, strings as
 * length and bytes. NULL strings are kept apart from empty ones.
 */
void bytes_put_number(struct str *, uint64_t);
void bytes_put_text(struct str *, const char *text);
void bytes_put_blob(struct str *, const void *bytes, size_t len);

struct bytes_reader {
	const unsigned char *at;
	size_t left;
	bool bad;		/* ran out, or a length was wrong; everything after reads as 0/NULL */
};

uint64_t bytes_get_number(struct bytes_reader *);
char *bytes_get_text(struct bytes_reader *);		/* the caller's */
char *bytes_get_blob(struct bytes_reader *, size_t *len);	/* the caller's, NUL behind it */

#endif
