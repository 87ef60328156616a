/* SPDX-License-Identifier: MIT */
#include "persist/ini/ini_read.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "persist/ini/ini_scan.h"
#include "persist/ini/ini_text.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BAD_LINE "neither a [section] nor key = value"

/*
 * inih requests lines one by one and reports what it found in each. It does not
 * report line numbers, and treats the rest of a long line as another line.
 * Therefore lines are counted and measured here.
 */
struct reading {
	struct ini_scan scan;
	struct ini_line line;		/* the current line of inih */
	struct ini_span section;	/* section of the current line */
	struct ini_file *out;
	struct str value;		/* of the last entry, while more pieces may follow */
	bool unfinished;		/* another piece must follow */
	unsigned bad_line;		/* 0 if none */
	struct error *err;
};

static bool mark_bad(struct reading *reading, unsigned line)
{
	if (reading->bad_line == 0)
		reading->bad_line = line;
	return false;
}

static bool line_is_fit(struct reading *reading)
{
	const struct ini_line *line = &reading->line;
	size_t len = line->text.len;

	if (len > 0 && line->text.at[len - 1] == '\n')
		len--;
	if (memchr(line->text.at, '\0', line->text.len))
		error_set(reading->err, "contains a NUL byte");
	else if (len > INI_READ_LIMIT)
		error_set(reading->err, "longer than %d bytes (a long value can be written in quoted pieces)",
		          INI_READ_LIMIT);
	else if (line->name.len > INI_NAME_LIMIT)
		error_set(reading->err, "the name of a section or key is longer than %d bytes", INI_NAME_LIMIT);
	else if (line->kind == INI_PAIR && line->name.len == 0)
		error_set(reading->err, "no key before the '%c'", line->text.at[strcspn(line->text.at, "=:")]);
	else if (line->kind == INI_SECTION && line->value.len > 0 && *line->value.at != ';' && *line->value.at != '#')
		error_set(reading->err, "text after the section's ']', which would be ignored");
	else
		return true;
	return mark_bad(reading, line->number);
}

static char *next_line(char *buf, int size, void *stream)
{
	struct reading *reading = stream;
	size_t len;

	if (reading->bad_line || !ini_scan_next(&reading->scan, &reading->line))
		return NULL;
	if (!line_is_fit(reading))
		return NULL;
	len = reading->line.text.len;
	if (size < 0 || len >= (size_t)size) {
		error_set(reading->err, "longer than the libinih of this system accepts (%d bytes)", size - 2);
		mark_bad(reading, reading->line.number);
		return NULL;
	}
	if (reading->line.kind == INI_SECTION)
		reading->section = reading->line.name;
	memcpy(buf, reading->line.text.at, len);
	buf[len] = '\0';
	return buf;
}

static void end_value(struct reading *reading)
{
	struct ini_file *out = reading->out;

	if (out->count > 0 && !out->items[out->count - 1].value)
		out->items[out->count - 1].value = mem_strndup(reading->value.text, reading->value.len);
	str_clear(&reading->value);
}

/* Checks that the previous value is complete, because no more pieces can follow. */
static bool check_finished(struct reading *reading)
{
	if (!reading->unfinished)
		return true;
	error_set(reading->err, "the value ends in \"\\ but no indented piece of it follows");
	return mark_bad(reading, reading->out->items[reading->out->count - 1].line);
}

/* The handler for inih; 0 means an error. */
static int handle(void *data, const char *section, const char *key, const char *value)
{
	struct reading *reading = data;
	struct ini_file *out = reading->out;
	bool first = reading->line.kind == INI_PAIR;

	(void)section;
	if (reading->bad_line)
		return 0;
	if (!key)	/* some builds of inih also report sections */
		return 1;
	if (!value || (!first && reading->line.kind != INI_MORE)) {
		error_set(reading->err, BAD_LINE);	/* some builds accept keys without values */
		return mark_bad(reading, reading->line.number);
	}
	if (!first && !reading->unfinished)
		value = "";	/* nothing to continue, which ini_decode reports */
	if (first) {
		if (!check_finished(reading))
			return 0;
		end_value(reading);
		out->items = mem_grow(out->items, &out->size, out->count + 1, sizeof(*out->items));
		/* inih cuts the name of a section at 49 bytes; what an edit looks for is the name as it is written. */
		out->items[out->count++] = (struct ini_entry){
			.section = mem_strndup(reading->section.at, reading->section.len),
			.key = mem_strdup(key),
			.line = reading->line.number,
		};
	}
	if (!ini_decode(value, strlen(value), first, &reading->value, &reading->unfinished, reading->err))
		return mark_bad(reading, reading->line.number);
	if (reading->value.len > INI_VALUE_LIMIT) {
		error_set(reading->err, "the value is longer than %d bytes", INI_VALUE_LIMIT);
		return mark_bad(reading, reading->line.number);
	}
	return true;
}

bool ini_read(const char *text, size_t len, struct ini_file *out, struct error *err)
{
	struct reading reading = { .section = { text, 0 }, .out = out, .err = err };
	int line;

	*out = (struct ini_file){ 0 };
	str_init(&reading.value);
	ini_scan_init(&reading.scan, text, len);
	line = ini_parse_stream(next_line, &reading, handle, &reading);
	if (line > 0 && (reading.bad_line == 0 || (unsigned)line < reading.bad_line)) {
		error_set(err, BAD_LINE);
		reading.bad_line = (unsigned)line;
	} else if (line < 0) {
		error_set(err, "libinih failed");
		reading.bad_line = reading.line.number;
	}
	if (reading.bad_line == 0)
		check_finished(&reading);
	end_value(&reading);
	str_finish(&reading.value);
	if (reading.bad_line == 0)
		return true;
	ini_file_finish(out);
	return error_prefix(err, "line %u", reading.bad_line);
}

void ini_file_finish(struct ini_file *file)
{
	for (size_t i = 0; i < file->count; i++) {
		free(file->items[i].section);
		free(file->items[i].key);
		free(file->items[i].value);
	}
	free(file->items);
	*file = (struct ini_file){ 0 };
}

const char *ini_file_get(const struct ini_file *file, const char *section, const char *key)
{
	for (size_t i = 0; i < file->count; i++) {
		if (strcasecmp(file->items[i].section, section) == 0 && strcasecmp(file->items[i].key, key) == 0)
			return file->items[i].value;
	}
	return NULL;
}
