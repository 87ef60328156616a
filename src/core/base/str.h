/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_STR_H
#define CORE_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A string that grows. text is never NULL and always ends in a NUL that len
 * does not count; the bytes before it may be anything, NUL included.
 */
struct str {
	char *text;
	size_t len;
	size_t size;		/* bytes allocated; 0 while text is the shared empty string */
	bool secret;		/* memory is wiped before it is freed */
};

void str_init(struct str *);
void str_init_secret(struct str *);
void str_finish(struct str *);		/* leaves it initialised and empty */
void str_clear(struct str *);		/* keeps the memory */
void str_add(struct str *, const void *bytes, size_t len);
void str_adds(struct str *, const char *text);
void str_addc(struct str *, char c);
void str_addf(struct str *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void str_cut(struct str *, size_t len);	/* keeps only the first len bytes */
void str_drop(struct str *, size_t len);	/* removes the first len bytes */
char *str_detach(struct str *);		/* returns the text, which the caller frees */

bool text_starts(const char *text, const char *with);
bool text_ends(const char *text, const char *with);
/* For the output of programs. Returns the last line that is not empty; modifies the text. */
const char *str_last_line(char *text);
/* Appends all lines that are not empty as one line; modifies the text. */
void str_join_lines(char *text, struct str *out);
bool text_equal(const char *a, const char *b);	/* NULL equals only NULL */

#endif
