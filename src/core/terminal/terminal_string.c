/* SPDX-License-Identifier: MIT */
#include "core/terminal/terminal_impl.h"

#include "core/base/alloc.h"
#include "core/base/number.h"
#include "core/terminal/palette.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Strings of the guest: titles, hyperlinks, colours (OSC), requests (DCS). All others are ignored. */

/* Titles. */

static void replace(char **text, const char *with, size_t len)
{
	char *copy = with ? mem_strndup(with, len) : NULL;

	free(*text);
	*text = copy;
}

void terminal_set_title(struct terminal *term, const char *text, bool title, bool icon)
{
	size_t len = strnlen(text, TITLE_MAX);

	if (icon)
		replace(&term->icon, text, len);
	if (!title)
		return;
	replace(&term->title, text, len);
	if (term->events->title)
		term->events->title(term->data, term->title);
}

void terminal_push_title(struct terminal *term, bool title, bool icon)
{
	int top = term->title_count;

	if (top == TITLES) {
		free(term->titles[0].title);
		free(term->titles[0].icon);
		memmove(term->titles, term->titles + 1, sizeof(term->titles) - sizeof(term->titles[0]));
		top--;
	}
	term->titles[top].title = title ? mem_strdup(term->title ? term->title : "") : NULL;
	term->titles[top].icon = icon ? mem_strdup(term->icon ? term->icon : "") : NULL;
	term->title_count = top + 1;
}

void terminal_pop_title(struct terminal *term, bool title, bool icon)
{
	char *old_title, *old_icon;

	if (term->title_count == 0)
		return;
	term->title_count--;
	old_title = term->titles[term->title_count].title;
	old_icon = term->titles[term->title_count].icon;
	if (title && old_title)
		terminal_set_title(term, old_title, true, false);
	if (icon && old_icon)
		terminal_set_title(term, old_icon, false, true);
	free(old_title);
	free(old_icon);
}

/* Hyperlinks (OSC 8 ; parameters ; URI). */

#define LINK_BATCH (LINKS / 4)		/* a search of the screens frees so many, if it can */
#define LINK_FEW 8

static size_t link_bytes(const struct link *link)
{
	return (link->uri ? strlen(link->uri) + 1 : 0) + (link->id ? strlen(link->id) + 1 : 0);
}

static int next_link(int number)
{
	return number % (LINKS - 1) + 1;
}

/* Frees the oldest links that are neither on a screen nor in a pen. Cells of the history that had them have none then. */
static void free_links(struct terminal *term, size_t need)
{
	bool used[LINKS] = { false }, dropped[LINKS] = { false };
	int number = next_link(term->last_link), count = 0;

	/* A screen full of links would be searched for each new one. */
	if (term->link_wait > 0) {
		term->link_wait--;
		return;
	}
	surface_shown_links(&term->cells, used, LINKS);
	used[term->pen.link] = used[term->saved[0].pen.link] = used[term->saved[1].pen.link] = true;
	for (int i = 0; i < term->pen_count; i++)
		used[term->pens[i].link] = true;
	for (int i = 1; i < LINKS && (count < LINK_BATCH || term->link_text + need > LINK_TEXT_MAX); i++) {
		struct link *link = &term->links[number];

		if (link->uri && !used[number]) {
			term->link_text -= link_bytes(link);
			replace(&link->uri, NULL, 0);
			replace(&link->id, NULL, 0);
			dropped[number] = true;
			count++;
		}
		number = next_link(number);
	}
	if (count > 0)
		surface_drop_links(&term->cells, dropped, LINKS);
	term->link_wait = count < LINK_FEW ? LINK_FEW - count : 0;
}

/* Returns a free number, the one that has been free longest, or 0. */
static int find_free(const struct terminal *term)
{
	int number = term->last_link;

	for (int i = 1; i < LINKS; i++) {
		number = next_link(number);
		if (!term->links[number].uri)
			return number;
	}
	return 0;
}

/* Returns the number of a new link, or 0 if there is no room for it. */
static int add_link(struct terminal *term, const char *uri, const char *id, size_t id_len)
{
	size_t need = strlen(uri) + 1 + (id ? id_len + 1 : 0);
	int number = find_free(term);

	if (!number || term->link_text + need > LINK_TEXT_MAX) {
		free_links(term, need);
		number = find_free(term);
	}
	if (!number || term->link_text + need > LINK_TEXT_MAX)
		return 0;
	replace(&term->links[number].uri, uri, strlen(uri));
	replace(&term->links[number].id, id, id_len);
	term->link_text += need;
	term->last_link = number;
	return number;
}

/* Cells with the same URI and id are one link; without an id, those that were written together. */
static void open_link(struct terminal *term, const char *parameters, size_t len, const char *uri)
{
	const char *id = NULL;
	size_t id_len = 0;
	int number = 0;

	for (const char *at = parameters; at < parameters + len; at += strcspn(at, ":;") + 1) {
		if (strncmp(at, "id=", 3) == 0) {
			id = at + 3;
			id_len = strcspn(id, ":;");
		}
	}
	for (int i = 1; id && i < LINKS && !number; i++) {
		const struct link *link = &term->links[i];

		if (link->uri && link->id && strcmp(link->uri, uri) == 0 && strlen(link->id) == id_len &&
		    memcmp(link->id, id, id_len) == 0)
			number = i;
	}
	term->pen.link = (uint16_t)(number ? number : add_link(term, uri, id, id_len));
}

static void hyperlink(struct terminal *term, const char *text)
{
	const char *uri = strchr(text, ';');

	if (!uri)
		return;
	if (uri[1])
		open_link(term, text, (size_t)(uri - text), uri + 1);
	else
		term->pen.link = 0;
	terminal_pen_changed(term);
}

/* Colours. */

#define DYNAMIC_FIRST 10		/* the foreground; 11 the background, 12 the cursor … */
#define DYNAMIC_COUNT 10

/* Reads up to `most` hexadecimal digits: as a part of a whole, or as the first ones of four. Returns 0..255, or -1. */
static int hex_part(const char **at, int most, bool scaled)
{
	int value = 0, digits = 0;

	while (digits < most && number_hex_digit(**at) >= 0) {
		value = value * 16 + number_hex_digit(*(*at)++);
		digits++;
	}
	if (digits == 0)
		return -1;
	return scaled ? value * 255 / ((1 << 4 * digits) - 1) : digits == 1 ? value << 4 : value >> 4 * (digits - 2);
}

/*
 * "rgb:R/G/B" and "#RGB" with one to four digits each (XParseColor). Returns -1 for others: names, and those that need
 * the characteristics of a display.
 */
static int32_t parse_colour(const char *text)
{
	int parts[3], most = 4;
	bool hash = text[0] == '#';

	if (hash) {
		size_t len = strlen(text + 1);

		if (len == 0 || len % 3 != 0 || len > 12)
			return -1;
		most = (int)len / 3;
		text++;
	} else if (strncmp(text, "rgb:", 4) == 0) {
		text += 4;
	} else {
		return -1;
	}
	for (int i = 0; i < 3; i++) {
		const char *begin = text;

		parts[i] = hex_part(&text, most, !hash);
		if (parts[i] < 0 || (hash && text - begin != most) || (!hash && i < 2 && *text++ != '/'))
			return -1;
	}
	return *text ? -1 : parts[0] << 16 | parts[1] << 8 | parts[2];
}

/* The special colours are those of the text. */
static int32_t standard_colour(int index)
{
	return palette_rgb(index < 256 ? index : 7);
}

static struct terminal_colours *colours_to_change(struct terminal *term)
{
	if (!term->colours) {
		term->colours = mem_alloc(sizeof(*term->colours));
		memset(term->colours, -1, sizeof(*term->colours));
		term->cells.palette = term->colours->palette;
	}
	return term->colours;
}

static void report_colour(struct terminal *term, const char *name, int32_t colour)
{
	unsigned red = (unsigned)colour >> 16 & 255, green = (unsigned)colour >> 8 & 255, blue = (unsigned)colour & 255;

	terminal_reply(term, ']', "%s;rgb:%04x/%04x/%04x", name, red * 257, green * 257, blue * 257);
}

static void change_palette(struct terminal *term, int index, int32_t colour)
{
	colours_to_change(term)->palette[index] = colour;
	surface_touch_all(&term->cells);
}

/* Reads a number at *text and steps over it and a ';'. Returns -1 if there is none, or it is over 999. */
static int take_number(char **text)
{
	int value = **text >= '0' && **text <= '9' ? 0 : -1;

	for (; **text >= '0' && **text <= '9'; (*text)++)
		value = value > 999 ? 1000 : value * 10 + (**text - '0');
	if (**text == ';')
		(*text)++;
	return value > 999 ? -1 : value;
}

/* Cuts *text at its first ';' and returns the part before; NULL at the end. */
static char *take_text(char **text)
{
	char *begin = *text;
	size_t len = strcspn(begin, ";");

	if (!*begin)
		return NULL;
	*text = begin + len + (begin[len] == ';');
	begin[len] = '\0';
	return begin;
}

/* OSC 4 and 5: pairs of a number and a colour, or '?'. */
static void palette_pairs(struct terminal *term, char *text, bool special)
{
	while (*text) {
		int number = take_number(&text), index = number + (special ? 256 : 0);
		char *spec = take_text(&text), name[16];
		int32_t colour;

		if (number < 0 || index >= 256 + SPECIAL || !spec)
			return;
		colour = parse_colour(spec);
		if (colour >= 0)
			change_palette(term, index, colour);
		if (strcmp(spec, "?") != 0)
			continue;
		colour = term->colours ? term->colours->palette[index] : -1;
		snprintf(name, sizeof(name), "%d;%d", special ? 5 : 4, number);
		report_colour(term, name, colour >= 0 ? colour : standard_colour(index));
	}
}

static void reset_palette(struct terminal *term, char *text, bool special)
{
	if (!term->colours)
		return;
	for (int i = special ? 256 : 0; !*text && i < (special ? 256 + SPECIAL : 256); i++)
		term->colours->palette[i] = -1;
	while (*text) {
		int number = take_number(&text), index = number + (special ? 256 : 0);

		if (number < 0 || index >= 256 + SPECIAL)
			break;
		term->colours->palette[index] = -1;
	}
	surface_touch_all(&term->cells);
}

/* OSC 10 and on: each further colour belongs to the next number. Unless changed: light grey on black. */
static void dynamic_colours(struct terminal *term, int number, char *text)
{
	for (; number < DYNAMIC_FIRST + DYNAMIC_COUNT; number++) {
		char *spec = take_text(&text), name[16];
		int32_t *changed, colour;

		if (!spec)
			return;
		colour = parse_colour(spec);
		if (colour >= 0)
			colours_to_change(term)->dynamic[number - DYNAMIC_FIRST] = colour;
		if (strcmp(spec, "?") != 0)
			continue;
		changed = term->colours ? &term->colours->dynamic[number - DYNAMIC_FIRST] : NULL;
		snprintf(name, sizeof(name), "%d", number);
		if (changed && *changed >= 0)
			report_colour(term, name, *changed);
		else if (number <= 12)
			report_colour(term, name, number == 11 ? 0 : 0xe5e5e5);
	}
}

static void osc(struct terminal *term, char *text)
{
	int number = take_number(&text);

	switch (number) {
	case 0: case 1: case 2:
		terminal_set_title(term, text, number != 1, number != 2);
		break;
	case 4: case 5:
		palette_pairs(term, text, number == 5);
		break;
	case 8:
		hyperlink(term, text);
		break;
	case 104: case 105:
		reset_palette(term, text, number == 105);
		break;
	default:
		if (number >= 10 && number <= 19)
			dynamic_colours(term, number, text);
		else if (number >= 110 && number <= 119 && term->colours)
			term->colours->dynamic[number - 110] = -1;
		break;
	}
}

/* DCS: DECRQSS and XTGETTCAP. */
static void dcs(struct terminal *term, const char *text)
{
	if (strncmp(text, "$q", 2) == 0)
		terminal_request_status(term, text + 2);
	else if (strncmp(text, "+q", 2) == 0)
		terminal_request_capability(term, text + 2);
}

void terminal_string(struct terminal *term)
{
	struct scan *scan = &term->scan;

	/* The bytes may contain NUL; what is behind it is ignored. */
	if (scan->kind == ']')
		osc(term, scan->string);
	else if (scan->kind == 'P')
		dcs(term, scan->string);
}

void terminal_forget_titles(struct terminal *term)
{
	for (int i = 0; i < term->title_count; i++) {
		free(term->titles[i].title);
		free(term->titles[i].icon);
	}
	term->title_count = 0;
}

void terminal_strings_finish(struct terminal *term)
{
	terminal_forget_titles(term);
	for (int i = 0; i < LINKS; i++) {
		free(term->links[i].uri);
		free(term->links[i].id);
	}
	free(term->title);
	free(term->icon);
	free(term->colours);
}
