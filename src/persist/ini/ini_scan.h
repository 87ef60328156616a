/* SPDX-License-Identifier: MIT */
#ifndef PERSIST_INI_INI_SCAN_H
#define PERSIST_INI_INI_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The lines of an INI text and what inih takes each for, with the place of
 * every part, so that one value can be changed and every other byte kept.
 * Never decides what a file means (ini_read does, through inih); tests hold
 * the two against each other (tests/fake/ini_agree.h). Pure; copies nothing.
 */
enum ini_kind {
	INI_EMPTY,
	INI_COMMENT,
	INI_SECTION,
	INI_PAIR,		/* key = value */
	INI_MORE,		/* indented under a pair: continues its value */
	INI_BAD			/* none of these */
};

struct ini_span {
	const char *at;
	size_t len;
};

struct ini_line {
	enum ini_kind kind;
	unsigned number;	/* from 1 */
	struct ini_span text;	/* all of it, with its newline */
	struct ini_span name;	/* of a section or key, without blanks around */
	struct ini_span value;	/* of PAIR and MORE, without blanks around and comment behind; of SECTION what is behind ']' */
	struct ini_span comment;	/* behind the value, with the blanks before it, without the newline */
};

struct ini_scan {
	const char *at, *end;
	unsigned number;	/* lines read */
	bool in_value;		/* an indented line would continue a pair */
};

void ini_scan_init(struct ini_scan *, const char *text, size_t len);
bool ini_scan_next(struct ini_scan *, struct ini_line *);	/* false: no further line */

struct ini_span ini_trim(const char *at, const char *end);
/* Without case, as settings are looked up. */
bool ini_span_is(struct ini_span, const char *text);

#endif
