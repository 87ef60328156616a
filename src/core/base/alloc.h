/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ALLOC_H
#define CORE_BASE_ALLOC_H

#include <stddef.h>

/*
 * Memory that is there or the program is not: each of these calls abort()
 * when there is none left. The file that owns the terminal catches SIGABRT
 * and gives the terminal back first.
 */
void *mem_alloc(size_t size);			/* zeroed */
void *mem_array(size_t count, size_t size);	/* zeroed, product checked */
void *mem_resize(void *old, size_t count, size_t size);	/* product checked */
/*
 * An array with room for need elements of each bytes: old, or a copy at least twice as large where *size, the room
 * of old, is less than that; *size becomes the new one's. What is new in it is not set.
 */
void *mem_grow(void *old, size_t *size, size_t need, size_t each);
char *mem_strdup(const char *text);		/* NULL gives NULL */
char *mem_strndup(const char *text, size_t len);
void mem_wipe(void *, size_t size);		/* free what held a secret; NULL is fine */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
