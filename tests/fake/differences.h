/* SPDX-License-Identifier: MIT */
#ifndef FAKE_DIFFERENCES_H
#define FAKE_DIFFERENCES_H

/*
 * A list in tests/golden of the recorded tests that do not give what was
 * recorded, a line each: "NAME: reason". A test fails if it differs and is not
 * in the list, and also if it is in the list and does not differ, so the list
 * only shrinks. UPDATE=1 rewrites it. What differs is then the reason of new
 * tests, as "differs: ...", and brought up to date; other reasons are kept.
 */
struct differences;

struct differences *differences_read(const char *path);		/* an absent file is an empty list */
/* Notes the result of a test: what differs, in one line, or NULL if nothing does. */
void differences_note(struct differences *, const char *test, const char *what);
/* Prints "WHAT: N of M", frees, and fails the running test if the results are not those of the list. */
void differences_finish(struct differences *, const char *what);

#endif
