/* SPDX-License-Identifier: MIT */
#include "core/base/bytes.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <string.h>

#define NO_TEXT UINT64_MAX

void bytes_put_number(struct str *out, uint64_t value)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
	str_add(out, bytes, sizeof(bytes));
}

void bytes_put_blob(struct str *out, const void *bytes, size_t len)
{
	bytes_put_number(out, bytes ? len : NO_TEXT);
	if (bytes)
		str_add(out, bytes, len);
}

void bytes_put_text(struct str *out, const char *text)
{
	bytes_put_blob(out, text, text ? strlen(text) : 0);
}

uint64_t bytes_get_number(struct bytes_reader *r)
{
	uint64_t value = 0;

	if (r->bad || r->left < 8) {
		r->bad = true;
		return 0;
	}
	for (int i = 0; i < 8; i++)
		value |= (uint64_t)r->at[i] << (8 * i);
	r->at += 8;
	r->left -= 8;
	return value;
}

char *bytes_get_blob(struct bytes_reader *r, size_t *len)
{
	uint64_t want = bytes_get_number(r);

	*len = 0;
	if (r->bad || want == NO_TEXT)
		return NULL;
	if (want > r->left) {
		r->bad = true;
		return NULL;
	}

	char *copy = mem_strndup((const char *)r->at, (size_t)want);
	r->at += want;
	r->left -= (size_t)want;
	*len = (size_t)want;
	return copy;
}

char *bytes_get_text(struct bytes_reader *r)
{
	size_t len;
	char *text = bytes_get_blob(r, &len);

	/* A NUL within the text would hide the rest of it. */
	if (text && strlen(text) != len)
		r->bad = true;
	return text;
}

uint64_t bytes_big_endian(const unsigned char *at, unsigned count)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < count; i++)
		value = value << 8 | at[i];
	return value;
}

uint64_t bytes_little_endian(const unsigned char *at, unsigned count)
{
	uint64_t value = 0;

	while (count-- > 0)
		value = value << 8 | at[count];
	return value;
}
