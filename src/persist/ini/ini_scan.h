/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_SCAN_H
#define PERSIST_INI_INI_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Splits an INI text into lines and classifies each as inih does, with the
 * position of every part, so that a value can be changed without changing other
 * bytes. ini_read, with inih, determines the meaning of a file; tests check that
 * both agree (tests/fake/ini_agree.h). Pure; copies nothing.
 */
enum ini_kind {
	INI_EMPTY,
	INI_COMMENT,
	INI_SECTION,
	INI_PAIR,		/* key = value */
	INI_MORE,		/* indented line after a pair, which continues its value */
	INI_BAD			/* none of these */
};

struct ini_span {
	const char *at;
	size_t len;
};

struct ini_line {
	enum ini_kind kind;
	unsigned number;	/* from 1 */
	struct ini_span text;	/* the whole line with its newline */
	struct ini_span name;	/* of a section or key, without surrounding white space */
	struct ini_span value;	/* of PAIR and MORE, without surrounding white space and comment; of SECTION, the text after ']' */
	struct ini_span comment;	/* after the value, with the white space before it, without the newline */
};

struct ini_scan {
	const char *at, *end;
	unsigned number;	/* lines read */
	bool in_value;		/* an indented line would continue a pair */
};

void ini_scan_init(struct ini_scan *, const char *text, size_t len);
bool ini_scan_next(struct ini_scan *, struct ini_line *);	/* returns false after the last line */

struct ini_span ini_trim(const char *at, const char *end);
/* Ignores case, as the lookup of settings does. */
bool ini_span_is(struct ini_span, const char *text);

#endif
