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

/* Room for a key as its owner indented it; more is replaced by our own spelling. */
#define PREFIX_LIMIT 100

/* One value of the key: [start, end) in the text are its lines, those between them included. */
struct place {
	size_t start, end;
	size_t prefix;			/* bytes before the value in the first line */
	struct str value;
};

struct map {
	const struct str *text;
	struct place *places;
	size_t count, size;
	bool has_section;
	size_t section_end;		/* behind the last value of the section, where a new one may go */
	const char *eol;
};

static void add_place(struct map *map, const struct ini_line *line)
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

static void extend_place(struct map *map, const struct ini_line *line)
{
	struct place *place = &map->places[map->count - 1];
	struct error ignored;
	bool more;

	ini_decode(line->value.at, line->value.len, line->kind == INI_PAIR, &place->value, &more, &ignored);
	place->end = (size_t)(line->text.at - map->text->text) + line->text.len;
}

static void map_text(struct map *map, const struct str *text, const char *section, const char *key)
{
	bool in_section = *section == '\0', in_key = false;
	struct ini_scan scan;
	struct ini_line line;

	*map = (struct map){ .text = text, .eol = "\n", .has_section = in_section };
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
		if (in_key && (line.kind == INI_PAIR || line.kind == INI_MORE))
			extend_place(map, &line);
		if (in_section && line.kind >= INI_SECTION)
			map->section_end = (size_t)(line.text.at - text->text) + len;
	}
}

static void map_finish(struct map *map)
{
	for (size_t i = 0; i < map->count; i++)
		str_finish(&map->places[i].value);
	free(map->places);
}

static void end_line(const struct map *map, struct str *out)
{
	const char *line = memrchr(out->text, '\n', out->len);
	size_t len = line ? (size_t)(out->text + out->len - line - 1) : out->len;

	/* A line as long as lines may be has no room for CR. */
	if (len > 0)
		str_adds(out, len < INI_READ_LIMIT ? map->eol : "\n");
}

/*
 * The comments of a value that goes: lines between its pieces as they are,
 * each comment behind a piece on a line of its own. Only the last of those
 * is not written but handed out, for the new value to have.
 */
static void save_comments(const struct map *map, const struct place *place, struct ini_span *last, struct str *out)
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

static void drop_place(const struct map *map, const struct place *place, struct str *out)
{
	struct ini_span last, bare;

	save_comments(map, place, &last, out);
	bare = ini_trim(last.at, last.at + last.len);
	if (bare.len > 0)
		str_addf(out, "%.*s%s", (int)bare.len, bare.at, map->eol);
}

static void rewrite_place(const struct map *map, const struct place *place, const char *key, const char *value,
                          struct str *out)
{
	const char *line = map->text->text + place->start;
	size_t len = place->prefix;
	char *prefix, *comment;
	struct ini_span last;

	if (len > PREFIX_LIMIT)
		prefix = mem_printf("%s = ", key);
	else if (len > 1 && !ini_blank(line[len - 1]) && ini_blank(line[len - 2]))
		prefix = mem_printf("%.*s ", (int)len, line);	/* "key =" and nothing behind it */
	else
		prefix = mem_strndup(line, len);
	save_comments(map, place, &last, out);
	comment = mem_strndup(last.at, last.len);
	ini_encode(out, prefix, value, comment, map->eol);
	free(comment);
	free(prefix);
}

static void add_values(const struct map *map, const char *key, const struct strv *values, size_t from, size_t to,
                       struct str *out)
{
	char *prefix = mem_printf("%s = ", key);

	for (size_t i = from; i < to; i++) {
		end_line(map, out);
		ini_encode(out, prefix, values->items[i], "", map->eol);
	}
	free(prefix);
}

/* The first values of a key that had none. */
static void add_key(const struct map *map, const char *section, const char *key, const struct strv *values,
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

/* Which of the values each place has already, so that comments stay with what they were written for. The caller's. */
static size_t *match_values(const struct map *map, const struct strv *values)
{
	const char **texts = mem_array(map->count, sizeof(*texts));
	size_t *match = mem_array(map->count, sizeof(*match));

	for (size_t i = 0; i < map->count; i++)
		texts[i] = map->places[i].value.text;
	lcs_match(texts, map->count, (const char *const *)values->items, values->count, match);
	free(texts);
	return match;
}

/* The value that stays at place i or at the first behind it. */
static size_t next_match(const struct map *map, const size_t *match, size_t i, const struct strv *values)
{
	while (i < map->count && match[i] == LCS_NONE)
		i++;
	return i < map->count ? match[i] : values->count;
}

static void replace_values(const struct map *map, const char *key, const struct strv *values, struct str *out)
{
	size_t *match = match_values(map, values);
	size_t at = 0, next = 0;	/* text copied, values written */

	/* Before an indented line nothing can be put: it would continue what stands there. */
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
			drop_place(map, place, out);
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
	struct map map;
	struct str out;

	map_text(&map, text, section, key);
	str_init(&out);
	if (map.count > 0)
		replace_values(&map, key, values, &out);
	else if (values->count > 0)
		add_key(&map, section, key, values, &out);
	else
		str_add(&out, text->text, text->len);
	map_finish(&map);
	str_finish(text);
	*text = out;
}
