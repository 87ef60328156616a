/* SPDX-License-Identifier: MIT */
#include "persist/ini/ini_scan.h"

#include "persist/ini/ini_text.h"

#include <string.h>
#include <strings.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static struct ini_span span(const char *at, const char *end)
{
	return (struct ini_span){ at, (size_t)(end - at) };
}

struct ini_span ini_trim(const char *at, const char *end)
{
	while (at < end && ini_blank(*at))
		at++;
	while (end > at && ini_blank(end[-1]))
		end--;
	return span(at, end);
}

/* Returns the first byte in `stop`, or the ';' of a comment, or end. */
static const char *find_stop(const char *at, const char *end, const char *stop)
{
	bool after_blank = false;

	for (; at < end; at++) {
		if (*at && strchr(stop, *at))
			break;
		if (after_blank && *at == ';')
			break;
		after_blank = ini_blank(*at);
	}
	return at;
}

/* Returns the ';' of a comment after a value, or end. at: where the value begins. */
static const char *find_comment(const char *at, const char *end)
{
	for (const char *look = at; look < end; look++) {
		look = memchr(look, ';', (size_t)(end - look));
		if (!look)
			break;
		if (look > at && ini_blank(look[-1]))
			return look;
	}
	return end;
}

static void read_value(struct ini_line *line, const char *at, const char *end)
{
	const char *stop = find_comment(at, end);

	line->value = ini_trim(at, stop);
	line->comment = (struct ini_span){ end, 0 };
	if (stop == end)
		return;
	while (stop > at && ini_blank(stop[-1]))
		stop--;
	line->comment = span(stop, end);
}

static enum ini_kind read_pair(struct ini_line *line, const char *at, const char *end)
{
	const char *stop = find_stop(at, end, "=:");

	if (stop == end || *stop == ';')
		return INI_BAD;
	line->name = ini_trim(at, stop);
	read_value(line, stop + 1, end);
	return INI_PAIR;
}

static enum ini_kind read_section(struct ini_line *line, const char *at, const char *end)
{
	const char *stop = find_stop(at + 1, end, "]");

	if (stop == end || *stop != ']')
		return INI_BAD;
	line->name = ini_trim(at + 1, stop);
	line->value = ini_trim(stop + 1, end);
	return INI_SECTION;
}

void ini_scan_init(struct ini_scan *scan, const char *text, size_t len)
{
	*scan = (struct ini_scan){ .at = text, .end = text + len };
}

bool ini_scan_next(struct ini_scan *scan, struct ini_line *line)
{
	if (scan->at == scan->end)
		return false;

	const char *start = scan->at;
	const char *newline = memchr(start, '\n', (size_t)(scan->end - start));
	const char *body = start;

	scan->at = newline ? newline + 1 : scan->end;
	scan->number++;
	*line = (struct ini_line){ .number = scan->number, .text = span(start, scan->at) };
	if (scan->number == 1 && line->text.len >= 3 && memcmp(start, BYTE_ORDER_MARK, 3) == 0)
		body += 3;

	/* The line without surrounding white space. */
	struct ini_span bare = ini_trim(body, scan->at);
	const char *at = bare.at, *end = bare.at + bare.len;

	if (at == end) {
		line->kind = INI_EMPTY;
	} else if (*at == ';' || *at == '#') {
		line->kind = INI_COMMENT;
	} else if (scan->in_value && at > start) {
		line->kind = INI_MORE;
		read_value(line, at, end);
	} else if (*at == '[') {
		line->kind = read_section(line, at, end);
		if (line->kind == INI_SECTION)
			scan->in_value = false;
	} else {
		line->kind = read_pair(line, at, end);
		if (line->kind == INI_PAIR)
			scan->in_value = line->name.len > 0;
	}
	return true;
}

bool ini_span_is(struct ini_span name, const char *text)
{
	return strlen(text) == name.len && strncasecmp(text, name.at, name.len) == 0;
}
