/* SPDX-License-Identifier: MIT */
#include "ini_agree.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "persist/ini/ini_scan.h"
#include "persist/ini/ini_text.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* What one of the two saw, as text: a line "section|key|value" for each value. */
struct seen {
	struct str text;
	unsigned bad_line;
};

struct feed {
	const char *at, *end;
};

static char *feed_line(char *buf, int size, void *data)
{
	struct feed *feed = data;
	const char *newline;
	size_t len;

	(void)size;
	if (feed->at == feed->end)
		return NULL;
	newline = memchr(feed->at, '\n', (size_t)(feed->end - feed->at));
	len = newline ? (size_t)(newline + 1 - feed->at) : (size_t)(feed->end - feed->at);
	memcpy(buf, feed->at, len);
	buf[len] = '\0';
	feed->at += len;
	return buf;
}

/* Older inih leaves a comment behind a continued value, newer takes it off. */
static struct ini_span without_comment(const char *value)
{
	const char *at = value;

	for (; *at; at++) {
		if (*at == ';' && at > value && ini_blank(at[-1]))
			break;
	}
	return ini_trim(value, at);
}

static int see(void *data, const char *section, const char *key, const char *value)
{
	struct seen *seen = data;

	if (!key || !value)	/* builds of inih that report sections, or keys without values */
		return key == NULL;

	struct ini_span name = ini_trim(section, section + strlen(section));
	struct ini_span rest = without_comment(value);

	str_addf(&seen->text, "%.*s|%s|%.*s\n", (int)name.len, name.at, key, (int)rest.len, rest.at);
	return 1;
}

static void scan_all(const char *text, size_t len, struct seen *seen)
{
	struct ini_span section = { "", 0 }, key = { "", 0 };
	struct ini_scan scan;
	struct ini_line line;

	ini_scan_init(&scan, text, len);
	while (ini_scan_next(&scan, &line)) {
		if (line.kind == INI_BAD && seen->bad_line == 0)
			seen->bad_line = line.number;
		if (line.kind == INI_SECTION)
			section = line.name;
		if (line.kind == INI_PAIR)
			key = line.name;
		if (line.kind != INI_PAIR && line.kind != INI_MORE)
			continue;
		str_addf(&seen->text, "%.*s|%.*s|%.*s\n", (int)section.len, section.at, (int)key.len, key.at,
		         (int)line.value.len, line.value.at);
	}
}

static bool beyond_inih(const char *text, size_t len)
{
	struct ini_scan scan;
	struct ini_line line;

	ini_scan_init(&scan, text, len);
	while (ini_scan_next(&scan, &line)) {
		if (line.text.len > INI_READ_LIMIT || line.name.len > INI_NAME_LIMIT ||
		    (line.kind == INI_SECTION && line.text.len > INI_NAME_LIMIT))
			return true;
	}
	return memchr(text, '\0', len);
}

char *ini_disagreement(const void *bytes, size_t len)
{
	struct seen ours = { 0 }, inih = { 0 };
	struct feed feed = { bytes, (const char *)bytes + len };
	char *difference = NULL;

	if (len == 0 || beyond_inih(bytes, len))
		return NULL;
	str_init(&ours.text);
	str_init(&inih.text);
	scan_all(bytes, len, &ours);
	inih.bad_line = (unsigned)ini_parse_stream(feed_line, &feed, see, &inih);
	if (ours.bad_line != inih.bad_line || !text_equal(ours.text.text, inih.text.text))
		difference = mem_printf("scanner (bad line %u):\n%s\ninih (bad line %u):\n%s", ours.bad_line,
		                        ours.text.text, inih.bad_line, inih.text.text);
	str_finish(&ours.text);
	str_finish(&inih.text);
	return difference;
}
