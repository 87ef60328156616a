/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stdbool.h>

/*
 * Why an operation failed, in one line that a user can act on.
 *
 * A function that can fail returns bool (or a pointer) and takes a
 * struct error as its last argument, which it fills only when it fails.
 * Nothing below src/ui prints. Callers add context in front:
 *
 *	if (!ini_parse(file, &ini, err))
 *		return error_prefix(err, "loading %s", path);
 */
struct error {
	int code;		/* errno of the cause, 0 if there was none */
	char text[1024];		/* no newline, no full stop */
};

/* All three return false, so that "return error_...()" reads as failure. */
bool error_set(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* As error_set, followed by ": " and strerror(errno). */
bool error_errno(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Puts "CONTEXT: " in front of the text of *err; keeps its code. */
bool error_prefix(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
