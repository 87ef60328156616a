/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_BYTES_H
#define CORE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/*
 * Serialises values for another process of the same build: numbers as 8 bytes,
 * little-endian, strings as length and bytes. NULL strings and empty strings
 * are distinguished.
 */
void bytes_put_number(struct str *, uint64_t);
void bytes_put_text(struct str *, const char *text);
void bytes_put_blob(struct str *, const void *bytes, size_t len);

struct bytes_reader {
	const unsigned char *at;
	size_t left;
	bool bad;		/* the input was too short or had a wrong length; all later values are 0 or NULL */
};

uint64_t bytes_get_number(struct bytes_reader *);
char *bytes_get_text(struct bytes_reader *);		/* the caller frees it */
char *bytes_get_blob(struct bytes_reader *, size_t *len);	/* followed by a NUL; the caller frees it */

/* An unsigned number of up to 8 bytes, as a file format stores it. */
uint64_t bytes_big_endian(const unsigned char *at, unsigned count);
uint64_t bytes_little_endian(const unsigned char *at, unsigned count);

#endif
