/* SPDX-License-Identifier: MIT */
#include "persist/ini/ini_edit.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/lcs.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "persist/ini/ini_scan.h"
#include "persist/ini/ini_text.h"

#include <stdlib.h>
#include <string.h>

/* Limit for an existing "key =" with its indentation; a longer one is replaced by "key = ". */
#define PREFIX_LIMIT 100

/* A value of the key: [start, end) in the text are its lines, including lines between them. */
struct place {
	size_t start, end;
	size_t prefix;			/* bytes before the value in the first line */
	struct str value;
};

struct text_map {
	const struct str *text;
	struct place *places;
	size_t count, size;
	bool has_section;
	size_t section_end;		/* end of the last value of the section, where a new one can be added */
	const char *eol;
};

static void add_place(struct text_map *map, const struct ini_line *line)
{
	size_t start = (size_t)(line->text.at - map->text->text);

	map->places = mem_grow(map->places, &map->size, map->count + 1, sizeof(*map->places));

	struct place *place = &map->places[map->count++];
	size_t prefix = (size_t)(line->value.at - line->text.at);

	while (line->value.len == 0 && prefix > 0 && ini_blank(line->text.at[prefix - 1]))
		prefix--;
	*place = (struct place){ .start = start, .prefix = prefix };
	str_init(&place->value);
}

static void map_text(struct text_map *map, const struct str *text, const char *section, const char *key)
{
	bool in_section = *section == '\0', in_key = false, more;
	struct error ignored;
	struct ini_scan scan;
	struct ini_line line;

	*map = (struct text_map){ .text = text, .eol = "\n", .has_section = in_section };
	ini_scan_init(&scan, text->text, text->len);
	while (ini_scan_next(&scan, &line)) {
		size_t len = line.text.len;

		if (line.number == 1 && len > 1 && memcmp(line.text.at + len - 2, "\r\n", 2) == 0)
			map->eol = "\r\n";
		if (line.kind == INI_SECTION) {
			in_section = ini_span_is(line.name, section);
			map->has_section |= in_section;
			in_key = false;
		}
		if (line.kind == INI_PAIR) {
			in_key = in_section && ini_span_is(line.name, key);
			if (in_key)
				add_place(map, &line);
		}
		if (in_key && (line.kind == INI_PAIR || line.kind == INI_MORE)) {
			struct place *place = &map->places[map->count - 1];

			ini_decode(line.value.at, line.value.len, line.kind == INI_PAIR, &place->value, &more, &ignored);
			place->end = (size_t)(line.text.at - text->text) + len;
		}
		if (in_section && line.kind >= INI_SECTION)
			map->section_end = (size_t)(line.text.at - text->text) + len;
	}
}

static void end_line(const struct text_map *map, struct str *out)
{
	const char *line = memrchr(out->text, '\n', out->len);
	size_t len = line ? (size_t)(out->text + out->len - line - 1) : out->len;

	/* A line of the maximum length has no room for CR. */
	if (len > 0)
		str_adds(out, len < INI_READ_LIMIT ? map->eol : "\n");
}

/*
 * Keeps the comments of a removed value: lines between its pieces unchanged, and
 * each comment after a piece on a separate line. The last of the latter is not
 * written, but returned for the new value.
 */
static void save_comments(const struct text_map *map, const struct place *place, struct ini_span *last, struct str *out)
{
	struct ini_scan scan;
	struct ini_line line;

	ini_scan_init(&scan, map->text->text + place->start, place->end - place->start);
	*last = (struct ini_span){ "", 0 };
	while (ini_scan_next(&scan, &line)) {
		if (line.kind == INI_COMMENT) {
			str_add(out, line.text.at, line.text.len);
			continue;
		}
		if (line.comment.len == 0)
			continue;

		struct ini_span bare = ini_trim(last->at, last->at + last->len);

		if (bare.len > 0)
			str_addf(out, "%.*s%s", (int)bare.len, bare.at, map->eol);
		*last = line.comment;
	}
}

static void rewrite_place(const struct text_map *map, const struct place *place, const char *key, const char *value,
                          struct str *out)
{
	const char *line = map->text->text + place->start;
	size_t len = place->prefix;
	char *prefix, *comment;
	struct ini_span last;

	if (len > PREFIX_LIMIT)
		prefix = mem_printf("%s = ", key);
	else if (len > 1 && !ini_blank(line[len - 1]) && ini_blank(line[len - 2]))
		prefix = mem_printf("%.*s ", (int)len, line);	/* "key =" and nothing after it */
	else
		prefix = mem_strndup(line, len);
	save_comments(map, place, &last, out);
	comment = mem_strndup(last.at, last.len);
	ini_encode(out, prefix, value, comment, map->eol);
	free(comment);
	free(prefix);
}

static void add_values(const struct text_map *map, const char *key, const struct strv *values, size_t from, size_t to,
                       struct str *out)
{
	char *prefix = mem_printf("%s = ", key);

	for (size_t i = from; i < to; i++) {
		end_line(map, out);
		ini_encode(out, prefix, values->items[i], "", map->eol);
	}
	free(prefix);
}

/* Adds values to a key that has none. */
static void add_key(const struct text_map *map, const char *section, const char *key, const struct strv *values,
                    struct str *out)
{
	size_t at = map->has_section ? map->section_end : map->text->len;

	str_add(out, map->text->text, at);
	if (!map->has_section) {
		end_line(map, out);
		if (out->len > 0)
			str_adds(out, map->eol);
		str_addf(out, "[%s]%s", section, map->eol);
	}
	add_values(map, key, values, 0, values->count, out);
	str_add(out, map->text->text + at, map->text->len - at);
}

/* Finds which values already exist at which place, so that comments stay with their values. The caller frees the result. */
static size_t *match_values(const struct text_map *map, const struct strv *values)
{
	const char **texts = mem_array(map->count, sizeof(*texts));
	size_t *match = mem_array(map->count, sizeof(*match));

	for (size_t i = 0; i < map->count; i++)
		texts[i] = map->places[i].value.text;
	lcs_match(texts, map->count, (const char *const *)values->items, values->count, match);
	free(texts);
	return match;
}

/* Returns the value that is kept at place i or the next place with one. */
static size_t next_match(const struct text_map *map, const size_t *match, size_t i, const struct strv *values)
{
	while (i < map->count && match[i] == LCS_NONE)
		i++;
	return i < map->count ? match[i] : values->count;
}

static void replace_values(const struct text_map *map, const char *key, const struct strv *values, struct str *out)
{
	size_t *match = match_values(map, values);
	size_t at = 0, next = 0;	/* bytes of text copied, number of values written */

	/* Nothing can be inserted before an indented line, which would then continue it. */
	if (match[0] != LCS_NONE && match[0] > 0 && ini_blank(map->text->text[map->places[0].start]))
		match[0] = LCS_NONE;
	for (size_t i = 0; i < map->count; i++) {
		const struct place *place = &map->places[i];

		str_add(out, map->text->text + at, place->start - at);
		at = place->end;
		if (match[i] != LCS_NONE) {
			add_values(map, key, values, next, match[i], out);
			str_add(out, map->text->text + place->start, place->end - place->start);
			next = match[i] + 1;
		} else if (next < next_match(map, match, i, values)) {
			rewrite_place(map, place, key, values->items[next++], out);
		} else {
			struct ini_span last, bare;

			save_comments(map, place, &last, out);
			bare = ini_trim(last.at, last.at + last.len);
			if (bare.len > 0)
				str_addf(out, "%.*s%s", (int)bare.len, bare.at, map->eol);
		}
		if (i + 1 == map->count || match[i + 1] != LCS_NONE) {
			size_t end = next_match(map, match, i + 1, values);

			add_values(map, key, values, next, end, out);
			next = end;
		}
	}
	str_add(out, map->text->text + at, map->text->len - at);
	free(match);
}

void ini_edit(struct str *text, const char *section, const char *key, const struct strv *values)
{
	struct text_map map;
	struct str out;

	map_text(&map, text, section, key);
	str_init(&out);
	if (map.count > 0)
		replace_values(&map, key, values, &out);
	else if (values->count > 0)
		add_key(&map, section, key, values, &out);
	else
		str_add(&out, text->text, text->len);
	for (size_t i = 0; i < map.count; i++)
		str_finish(&map.places[i].value);
	free(map.places);
	str_finish(text);
	*text = out;
}
