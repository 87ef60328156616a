/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ALLOC_H
#define CORE_BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory allocation that never returns NULL: if memory runs out, abort() is
 * called. The file that owns the terminal catches SIGABRT and restores the
 * terminal first.
 */
void *mem_alloc(size_t size);			/* zeroed */
void *mem_array(size_t count, size_t size);	/* zeroed; checks the product for overflow */
void *mem_resize(void *old, size_t count, size_t size);	/* checks the product for overflow */
/*
 * Returns an array with room for `need` elements of `each` bytes: `old` if its room, *size, is sufficient, or else a
 * copy at least twice as large, and updates *size. New elements are not initialised.
 */
void *mem_grow(void *old, size_t *size, size_t need, size_t each);
char *mem_strdup(const char *text);		/* returns NULL for NULL */
char *mem_strndup(const char *text, size_t len);
void mem_wipe(void *, size_t size);		/* overwrites and frees memory that held a secret; accepts NULL */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *fmt, va_list) __attribute__((format(printf, 1, 0)));

#endif
