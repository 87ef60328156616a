/* SPDX-License-Identifier: MIT */
#include "core/base/strv.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void strv_finish(struct strv *v)
{
	for (size_t i = 0; i < v->count; i++)
		free(v->items[i]);
	free(v->items);
	*v = (struct strv){ 0 };
}

static void insert(struct strv *v, size_t index, char *text)
{
	assert(index <= v->count);
	v->items = mem_grow(v->items, &v->size, v->count + 2, sizeof(*v->items));
	memmove(v->items + index + 1, v->items + index, (v->count - index) * sizeof(*v->items));
	v->items[index] = text;
	v->items[++v->count] = NULL;
}

void strv_take(struct strv *v, char *text)
{
	insert(v, v->count, text);
}

void strv_add(struct strv *v, const char *text)
{
	strv_take(v, mem_strdup(text));
}

void strv_insert(struct strv *v, size_t index, const char *text)
{
	insert(v, index, mem_strdup(text));
}

void strv_addf(struct strv *v, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	str_init(&s);
	va_start(ap, fmt);
	str_vaddf(&s, fmt, ap);
	va_end(ap);
	strv_take(v, str_detach(&s));
}

void strv_remove(struct strv *v, size_t index)
{
	assert(index < v->count);
	free(v->items[index]);
	memmove(v->items + index, v->items + index + 1, (v->count - index) * sizeof(*v->items));
	v->count--;
}

void strv_replace(struct strv *v, size_t index, const char *text)
{
	assert(index < v->count);

	char *old = v->items[index];
	v->items[index] = mem_strdup(text);
	free(old);
}

void strv_copy(struct strv *to, const struct strv *from)
{
	if (to == from)
		return;
	strv_finish(to);
	for (size_t i = 0; i < from->count; i++)
		strv_add(to, from->items[i]);
}

bool strv_equal(const struct strv *a, const struct strv *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

bool strv_has(const struct strv *v, const char *text)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->items[i], text) == 0)
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(struct strv *v)
{
	if (v->count > 1)
		qsort(v->items, v->count, sizeof(*v->items), by_bytes);
}
