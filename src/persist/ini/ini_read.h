/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_READ_H
#define PERSIST_INI_INI_READ_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * Parses an INI text with inih, with values as in ini_text.h. Only this file
 * calls inih. If the text is invalid, fails with the number of the first wrong
 * line: "line 7: ...". Sections and keys keep their case.
 */
struct ini_entry {
	char *section;		/* "" before the first section */
	char *key;
	char *value;		/* decoded */
	unsigned line;		/* number of the line with the key */
};

struct ini_file {
	struct ini_entry *items;	/* in the order of the text */
	size_t count, size;
};

bool ini_read(const char *text, size_t len, struct ini_file *out, struct error *);
void ini_file_finish(struct ini_file *);	/* leaves it empty */

/* Returns the first value of a key, ignoring case, or NULL. Borrowed. */
const char *ini_file_get(const struct ini_file *, const char *section, const char *key);

#endif
