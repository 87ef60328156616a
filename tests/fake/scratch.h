/* SPDX-License-Identifier: MIT */
#ifndef FAKE_SCRATCH_H
#define FAKE_SCRATCH_H

#include <stddef.h>
#include <sys/types.h>

/*
 * A directory of its own for a test, which then works in it. The first two
 * are a group's setup and teardown; *state is the directory's path.
 */
int scratch_enter(void **state);
int scratch_leave(void **state);

/* The same without cmocka's state: the path is the caller's, and leaving frees it. */
char *scratch_new(void);
void scratch_free(char *path);
/* Paddock's own records are then kept in the directory home below the one that the test works in. */
void scratch_home(void);

/* Makes the file, its directories too, with these bytes; with size, of that size. */
void scratch_put(const char *path, const void *bytes, size_t len, off_t size);

#endif
