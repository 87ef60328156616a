/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_STRV_H
#define CORE_BASE_STRV_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A list that owns its strings. After the first string is added, items[count]
 * is NULL, so items can be used as an argv. A zeroed struct is an empty list.
 */
struct strv {
	char **items;
	size_t count;
	size_t size;
};

void strv_finish(struct strv *);		/* leaves the list empty */
void strv_add(struct strv *, const char *text);	/* adds a copy */
void strv_take(struct strv *, char *text);	/* takes ownership of text */
void strv_addf(struct strv *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strv_remove(struct strv *, size_t index);
void strv_replace(struct strv *, size_t index, const char *text);
void strv_insert(struct strv *, size_t index, const char *text);
void strv_copy(struct strv *to, const struct strv *from);	/* replaces the content of `to` */
bool strv_equal(const struct strv *, const struct strv *);
bool strv_has(const struct strv *, const char *text);
void strv_sort(struct strv *);			/* by bytes */

#endif
