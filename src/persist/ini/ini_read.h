/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_READ_H
#define PERSIST_INI_INI_READ_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * What an INI text says, as inih reads it and ini_text spells it. The one
 * file that calls inih. A text is read whole or refused with the number of
 * its first wrong line: "line 7: ...". Sections and keys keep their case.
 */
struct ini_entry {
	char *section;		/* "" above the first section */
	char *key;
	char *value;		/* decoded */
	unsigned line;		/* where the key stands */
};

struct ini_file {
	struct ini_entry *items;	/* in the order of the text */
	size_t count, size;
};

bool ini_read(const char *text, size_t len, struct ini_file *out, struct error *);
void ini_file_finish(struct ini_file *);	/* leaves it empty */

/* The first value under section and key, without case; NULL: none. Borrowed. */
const char *ini_file_get(const struct ini_file *, const char *section, const char *key);

#endif
