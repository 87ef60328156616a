/* SPDX-License-Identifier: MIT */
#ifndef FAKE_RECORDING_H
#define FAKE_RECORDING_H

#include <stddef.h>

struct str;
struct strv;

/* Reads recordings in tests/golden. What cannot be read fails the running test. */

struct str recording_read(const char *path);			/* a whole file; the caller finishes it */
void recording_names(const char *folder, struct strv *);	/* adds the names of its *.txt without .txt, sorted */

/* Bytes as text: \e is ESC, \xNN what is not printable ASCII, \\ a backslash. Both append. */
void escaped_add(struct str *, const void *bytes, size_t len);
void escaped_read(const char *text, struct str *);

#endif
