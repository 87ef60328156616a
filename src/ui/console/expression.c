/* SPDX-License-Identifier: MIT */
#include "ui/console/expression.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

/* An expression is a program whose steps are all tried at once, a character at a time (Thompson, 1968). */
enum op {
	OP_CHARACTER, OP_ANY, OP_SET,
	OP_BOTH,		/* goes on at x and at y */
	OP_JUMP,		/* goes on at x */
	OP_BEGIN, OP_END, OP_WORD_EDGE, OP_WORD_BEGIN, OP_WORD_END,
	OP_MATCH
};

/* x and y count from the step itself, so that parts can be moved and copied. */
struct step {
	enum op op;
	union {
		wint_t character;	/* OP_CHARACTER */
		int set;		/* OP_SET */
		int x;
	};
	int y;
};

/* A range of characters, or a class if that is not 0. */
struct item {
	wint_t from, to;
	wctype_t class;
};

struct set {
	int first, count;	/* items */
	bool negated;
};

/* Where the program has got to, in the order of where the match would begin. */
struct threads {
	int count;
	int *step;
	size_t *begin;
};

struct expression {
	bool fold;
	int count;
	struct step *steps;
	struct item items[EXPRESSION_TEXT];
	int item_count;
	struct set sets[EXPRESSION_TEXT];
	int set_count;
	struct threads now, next;
	uint32_t *seen;		/* the round in which a step was added */
	uint32_t round;
};

/* Reading. */

struct reader {
	struct expression *out;
	const wchar_t *at;
	int depth;
	const char *why;	/* NULL: no error so far */
};

static void read_alternatives(struct reader *);

static void fail(struct reader *reader, const char *why)
{
	if (!reader->why)
		reader->why = why;
}

static bool has_room(struct reader *reader, int count)
{
	if (reader->out->count + count > EXPRESSION_SIZE)
		fail(reader, "too many repetitions");
	return !reader->why;
}

static void emit(struct reader *reader, struct step step)
{
	if (has_room(reader, 1))
		reader->out->steps[reader->out->count++] = step;
}

static void insert(struct reader *reader, int at, struct step step)
{
	struct expression *out = reader->out;

	if (!has_room(reader, 1))
		return;
	memmove(out->steps + at + 1, out->steps + at, (size_t)(out->count - at) * sizeof(*out->steps));
	out->steps[at] = step;
	out->count++;
}

static void add_item(struct expression *out, struct item item)
{
	out->items[out->item_count++] = item;
	out->sets[out->set_count - 1].count++;
}

static void begin_set(struct reader *reader, bool negated)
{
	struct expression *out = reader->out;

	emit(reader, (struct step){ .op = OP_SET, .set = out->set_count });
	out->sets[out->set_count++] = (struct set){ .first = out->item_count, .negated = negated };
}

/* [:NAME:]; false if there is no such class. */
static bool read_class(struct reader *reader)
{
	const wchar_t *end = wcsstr(reader->at + 2, L":]");
	char name[16] = "";
	wctype_t class;

	for (size_t i = 0; end && i < sizeof(name) - 1 && reader->at + 2 + i < end; i++)
		name[i] = reader->at[2 + i] < 0x80 ? (char)reader->at[2 + i] : '?';
	class = wctype(name);
	if (!end || !class)
		return false;
	add_item(reader->out, (struct item){ .class = class });
	reader->at = end + 2;
	return true;
}

static void read_set(struct reader *reader)
{
	bool negated = reader->at[1] == L'^', first = true;

	reader->at += negated ? 2 : 1;
	begin_set(reader, negated);
	for (; *reader->at && (first || *reader->at != L']'); first = false) {
		struct item item = { .from = (wint_t)*reader->at, .to = (wint_t)*reader->at };

		if (reader->at[0] == L'[' && reader->at[1] == L':') {
			if (!read_class(reader)) {
				fail(reader, "unknown class of characters");
				return;
			}
			continue;
		}
		reader->at++;
		if (reader->at[0] == L'-' && reader->at[1] && reader->at[1] != L']') {
			item.to = (wint_t)reader->at[1];
			reader->at += 2;
		}
		if (item.to < item.from)
			fail(reader, "a range that is upside down");
		add_item(reader->out, item);
	}
	if (*reader->at != L']')
		fail(reader, "[ without ]");
	else
		reader->at++;
}

static void read_escape(struct reader *reader)
{
	static const struct { wchar_t letter; const char *class; bool negated; } classes[] = {
		{ L'w', "alnum", false }, { L'W', "alnum", true }, { L's', "space", false }, { L'S', "space", true },
		{ L'd', "digit", false }, { L'D', "digit", true },
	};
	static const struct { wchar_t letter; enum op op; } edges[] = {
		{ L'b', OP_WORD_EDGE }, { L'<', OP_WORD_BEGIN }, { L'>', OP_WORD_END },
	};
	wchar_t letter = reader->at[1];

	reader->at += letter ? 2 : 1;
	if (!letter)
		fail(reader, "\\ with nothing behind it");
	if (letter >= L'1' && letter <= L'9')
		fail(reader, "back-references are not supported");
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (classes[i].letter != letter)
			continue;
		begin_set(reader, classes[i].negated);
		add_item(reader->out, (struct item){ .class = wctype(classes[i].class) });
		if (letter == L'w' || letter == L'W')
			add_item(reader->out, (struct item){ .from = L'_', .to = L'_' });
		return;
	}
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		if (edges[i].letter == letter) {
			emit(reader, (struct step){ .op = edges[i].op });
			return;
		}
	}
	emit(reader, (struct step){ .op = OP_CHARACTER, .character = (wint_t)letter });
}

static void read_group(struct reader *reader)
{
	reader->at++;
	reader->depth++;
	read_alternatives(reader);
	reader->depth--;
	if (*reader->at != L')')
		fail(reader, "( without )");
	else
		reader->at++;
}

static void read_atom(struct reader *reader)
{
	wchar_t c = *reader->at;

	if (c == L'(') {
		read_group(reader);
	} else if (c == L'[') {
		read_set(reader);
	} else if (c == L'\\') {
		read_escape(reader);
	} else if (c == L'*' || c == L'+' || c == L'?') {
		fail(reader, "a repetition of nothing");
	} else {
		enum op op = c == L'.' ? OP_ANY : c == L'^' ? OP_BEGIN : c == L'$' ? OP_END : OP_CHARACTER;

		emit(reader, (struct step){ .op = op, .character = op == OP_CHARACTER ? (wint_t)c : 0 });
		reader->at++;
	}
}

static bool read_number(const wchar_t **at, int *out)
{
	bool any = false;

	for (*out = 0; **at >= L'0' && **at <= L'9'; (*at)++) {
		*out = *out > EXPRESSION_SIZE ? *out : *out * 10 + (int)(**at - L'0');
		any = true;
	}
	return any;
}

/* {N}, {N,} and {N,M}; anything else in braces is text. most: -1 for no limit. */
static bool read_braces(struct reader *reader, int *least, int *most)
{
	const wchar_t *at = reader->at + 1;

	if (!read_number(&at, least))
		return false;
	*most = *least;
	if (*at == L',' && !(at++, read_number(&at, most)))
		*most = -1;
	if (*at != L'}')
		return false;
	reader->at = at + 1;
	if (*least > EXPRESSION_SIZE || *most > EXPRESSION_SIZE)
		fail(reader, "too many repetitions");
	else if (*most >= 0 && *most < *least)
		fail(reader, "a repetition that is upside down");
	return true;
}

static void copy_part(struct reader *reader, const struct step *part, int length)
{
	for (int i = 0; i < length; i++)
		emit(reader, part[i]);
}

/* The last part of the program, from `begin` on, is to be there from `least` to `most` times. */
static void repeat(struct reader *reader, int begin, int least, int most)
{
	struct expression *out = reader->out;
	int length = out->count - begin;
	struct step *part = mem_array((size_t)length + 1, sizeof(*part));

	memcpy(part, out->steps + begin, (size_t)length * sizeof(*part));
	out->count = begin;
	for (int i = 0; i < least && !reader->why; i++)
		copy_part(reader, part, length);
	if (most < 0 && least > 0) {
		emit(reader, (struct step){ .op = OP_BOTH, .x = -length, .y = 1 });
	} else if (most < 0) {
		emit(reader, (struct step){ .op = OP_BOTH, .x = 1, .y = length + 2 });
		copy_part(reader, part, length);
		emit(reader, (struct step){ .op = OP_JUMP, .x = -length - 1 });
	}
	for (int left = most - least; left > 0 && !reader->why; left--) {
		emit(reader, (struct step){ .op = OP_BOTH, .x = 1, .y = left * (length + 1) });
		copy_part(reader, part, length);
	}
	free(part);
}

static void read_repeated(struct reader *reader)
{
	int begin = reader->out->count, least, most;

	read_atom(reader);
	while (!reader->why) {
		wchar_t c = *reader->at;

		if (c == L'*' || c == L'+' || c == L'?') {
			reader->at++;
			repeat(reader, begin, c == L'+', c == L'?' ? 1 : -1);
		} else if (c == L'{' && read_braces(reader, &least, &most)) {
			repeat(reader, begin, least, most);
		} else {
			break;
		}
	}
}

static void read_alternatives(struct reader *reader)
{
	int begin = reader->out->count, jump;

	while (!reader->why && *reader->at && *reader->at != L'|' && !(*reader->at == L')' && reader->depth > 0)) {
		if (*reader->at == L')')
			fail(reader, ") without (");
		else
			read_repeated(reader);
	}
	if (reader->why || *reader->at != L'|')
		return;
	reader->at++;
	insert(reader, begin, (struct step){ .op = OP_BOTH, .x = 1, .y = reader->out->count - begin + 2 });
	jump = reader->out->count;
	emit(reader, (struct step){ .op = OP_JUMP });
	read_alternatives(reader);
	if (!reader->why)
		reader->out->steps[jump].x = reader->out->count - jump;
}

struct expression *expression_new(const wchar_t *text, bool fold, const char **why)
{
	struct expression *out = mem_alloc(sizeof(*out));
	struct reader reader = { .out = out, .at = text };
	size_t count;

	out->fold = fold;
	out->steps = mem_array(EXPRESSION_SIZE + 1, sizeof(*out->steps));
	if (wcslen(text) >= EXPRESSION_TEXT)
		fail(&reader, "too long");
	else
		read_alternatives(&reader);
	if (reader.why) {
		*why = reader.why;
		expression_free(out);
		return NULL;
	}
	out->steps[out->count++] = (struct step){ .op = OP_MATCH };
	count = (size_t)out->count;
	out->seen = mem_array(count, sizeof(*out->seen));
	out->now.step = mem_array(count, sizeof(*out->now.step));
	out->now.begin = mem_array(count, sizeof(*out->now.begin));
	out->next.step = mem_array(count, sizeof(*out->next.step));
	out->next.begin = mem_array(count, sizeof(*out->next.begin));
	return out;
}

void expression_free(struct expression *expression)
{
	if (!expression)
		return;
	free(expression->steps);
	free(expression->seen);
	free(expression->now.step);
	free(expression->now.begin);
	free(expression->next.step);
	free(expression->next.begin);
	free(expression);
}

/* Finding. */

/* A place between two characters; 0 where there is none. */
struct place {
	size_t at;
	size_t bytes;		/* of the character behind it */
	wint_t before, behind;
};

static struct place place_at(const char *text, size_t at, wint_t before)
{
	struct place place = { .at = at, .before = before };
	uint32_t c = 0;

	place.bytes = utf8_decode(text + at, strnlen(text + at, 4), &c);
	if (place.bytes == 0 && text[at]) {
		place.bytes = 1;
		c = (unsigned char)text[at];
	}
	place.behind = (wint_t)c;
	return place;
}

static wint_t character_before(const char *text, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < 4 && (from == at || ((unsigned char)text[from] & 0xc0) == 0x80))
		from--;
	return from < at ? place_at(text, from, 0).behind : 0;
}

static bool is_word(wint_t c)
{
	return c == '_' || iswalnum(c);
}

static bool holds(enum op op, const struct place *place)
{
	bool before = is_word(place->before), behind = is_word(place->behind);

	switch (op) {
	case OP_BEGIN:
		return place->at == 0;
	case OP_END:
		return place->behind == 0;
	case OP_WORD_EDGE:
		return before != behind;
	case OP_WORD_BEGIN:
		return !before && behind;
	default:
		return before && !behind;
	}
}

static bool set_has(const struct expression *expression, const struct set *set, wint_t c)
{
	for (int i = set->first; i < set->first + set->count; i++) {
		const struct item *item = &expression->items[i];

		if (item->class ? iswctype(c, item->class) : c >= item->from && c <= item->to)
			return true;
	}
	return false;
}

static bool takes(const struct expression *expression, const struct step *step, wint_t c)
{
	const struct set *set = &expression->sets[step->op == OP_SET ? step->set : 0];

	if (c == 0)
		return false;
	switch (step->op) {
	case OP_ANY:
		return true;
	case OP_CHARACTER:
		return c == step->character || (expression->fold && towlower(c) == towlower(step->character));
	case OP_SET:
		return (set_has(expression, set, c) ||
		        (expression->fold && (set_has(expression, set, towlower(c)) || set_has(expression, set, towupper(c))))) !=
		       set->negated;
	default:
		return false;
	}
}

/* Adds a step, or those that it leads to without a character. The first one to come to a step begins leftmost. */
static void add(struct expression *expression, struct threads *threads, const struct place *place, int step, size_t begin)
{
	const struct step *at = &expression->steps[step];

	if (expression->seen[step] == expression->round)
		return;
	expression->seen[step] = expression->round;
	switch (at->op) {
	case OP_BOTH:
		add(expression, threads, place, step + at->x, begin);
		add(expression, threads, place, step + at->y, begin);
		break;
	case OP_JUMP:
		add(expression, threads, place, step + at->x, begin);
		break;
	case OP_BEGIN: case OP_END: case OP_WORD_EDGE: case OP_WORD_BEGIN: case OP_WORD_END:
		if (holds(at->op, place))
			add(expression, threads, place, step + 1, begin);
		break;
	default:
		threads->step[threads->count] = step;
		threads->begin[threads->count++] = begin;
		break;
	}
}

static void begin_round(struct expression *expression)
{
	if (++expression->round == 0) {
		memset(expression->seen, 0, (size_t)expression->count * sizeof(*expression->seen));
		expression->round = 1;
	}
}

static void swap(struct threads *a, struct threads *b)
{
	struct threads kept = *a;

	*a = *b;
	*b = kept;
}

static bool find(struct expression *expression, const char *text, size_t from, size_t found[2])
{
	struct place place = place_at(text, from, character_before(text, from));
	bool any = false;

	expression->now.count = 0;
	begin_round(expression);
	for (;;) {
		struct place next = place_at(text, place.at + place.bytes, place.behind);
		struct threads *now = &expression->now;

		if (!any)
			add(expression, now, &place, 0, place.at);
		expression->next.count = 0;
		begin_round(expression);
		for (int i = 0; i < now->count; i++) {
			const struct step *step = &expression->steps[now->step[i]];

			if (any && now->begin[i] > found[0])
				break;
			if (step->op == OP_MATCH && place.at > now->begin[i]) {
				any = true;
				found[0] = now->begin[i];
				found[1] = place.at - found[0];
			} else if (takes(expression, step, place.behind)) {
				add(expression, &expression->next, &next, now->step[i] + 1, now->begin[i]);
			}
		}
		swap(now, &expression->next);
		if (place.behind == 0 || (any && now->count == 0))
			return any;
		place = next;
	}
}

bool expression_find(const struct expression *expression, const char *text, size_t from, size_t *at, size_t *len)
{
	/* What changes is only what a search notes on its way. */
	struct expression *notes = (struct expression *)(uintptr_t)expression;
	size_t found[2] = { 0 };
	bool any = find(notes, text, from, found);

	*at = found[0];
	*len = found[1];
	return any;
}
