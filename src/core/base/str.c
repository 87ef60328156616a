/* SPDX-License-Identifier: MIT */
#include "core/base/str.h"

#include "core/base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shared by all empty strings. It is never written to, because their size is 0. */
static char nothing[1];

void str_init(struct str *s)
{
	*s = (struct str){ .text = nothing };
}

void str_init_secret(struct str *s)
{
	*s = (struct str){ .text = nothing, .secret = true };
}

static void release(const struct str *s)
{
	if (s->secret && s->size)
		mem_wipe(s->text, s->size);
	else if (s->size)
		free(s->text);
}

void str_finish(struct str *s)
{
	bool secret = s->secret;

	release(s);
	str_init(s);
	s->secret = secret;
}

void str_clear(struct str *s)
{
	str_cut(s, 0);
}

static void reserve(struct str *s, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(s->len, more, &need) || need == SIZE_MAX)
		abort();
	if (need + 1 <= s->size)
		return;

	size_t size = s->size * 2 > need + 1 ? s->size * 2 : need + 1;

	size = size < 32 ? 32 : size;
	if (s->secret) {
		/* realloc would not wipe the old bytes. */
		char *text = memcpy(mem_alloc(size), s->text, s->len);

		release(s);
		s->text = text;
	} else {
		s->text = mem_resize(s->size ? s->text : NULL, size, 1);
	}
	s->size = size;
	s->text[s->len] = '\0';
}

void str_add(struct str *s, const void *bytes, size_t len)
{
	if (!len)
		return;
	reserve(s, len);
	memcpy(s->text + s->len, bytes, len);
	s->len += len;
	s->text[s->len] = '\0';
}

void str_adds(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int len = vsnprintf(NULL, 0, fmt, ap);
	if (len < 0)
		abort();
	reserve(s, (size_t)len);
	vsnprintf(s->text + s->len, (size_t)len + 1, fmt, again);
	va_end(again);
	s->len += (size_t)len;
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

void str_cut(struct str *s, size_t len)
{
	if (len >= s->len)
		return;
	s->len = len;
	s->text[len] = '\0';
}

void str_drop(struct str *s, size_t len)
{
	if (!len)
		return;
	if (len > s->len)
		len = s->len;
	memmove(s->text, s->text + len, s->len - len + 1);
	s->len -= len;
}

char *str_detach(struct str *s)
{
	char *text = s->size ? s->text : mem_strdup("");

	str_init(s);
	return text;
}

bool text_starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool text_ends(const char *text, const char *with)
{
	size_t len = strlen(text), end = strlen(with);

	return len >= end && memcmp(text + len - end, with, end) == 0;
}

const char *str_last_line(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		text[--len] = '\0';

	char *newline = strrchr(text, '\n');

	return newline ? newline + 1 : text;
}

void str_join_lines(char *text, struct str *out)
{
	char *rest = text;

	for (const char *line; (line = strsep(&rest, "\r\n"));) {
		if (*line)
			str_addf(out, "%s%s", out->len ? "; " : "", line);
	}
}

bool text_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}
