/* SPDX-License-Identifier: MIT */
#include "core/base/expression_impl.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

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

static void emit(struct reader *reader, struct expression_step step)
{
	if (has_room(reader, 1))
		reader->out->steps[reader->out->count++] = step;
}

static void insert(struct reader *reader, int at, struct expression_step step)
{
	struct expression *out = reader->out;

	if (!has_room(reader, 1))
		return;
	memmove(out->steps + at + 1, out->steps + at, (size_t)(out->count - at) * sizeof(*out->steps));
	out->steps[at] = step;
	out->count++;
}

static void add_item(struct expression *out, struct expression_item item)
{
	out->items[out->item_count++] = item;
	out->sets[out->set_count - 1].count++;
}

static void begin_set(struct reader *reader, bool negated)
{
	struct expression *out = reader->out;

	emit(reader, (struct expression_step){ .op = OP_SET, .set = out->set_count });
	out->sets[out->set_count++] = (struct expression_set){ .first = out->item_count, .negated = negated };
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
	add_item(reader->out, (struct expression_item){ .class = class });
	reader->at = end + 2;
	return true;
}

/* [.C.] and [=C=] of one character: that character. */
static bool is_collating(const wchar_t *at)
{
	return at[0] == L'[' && (at[1] == L'.' || at[1] == L'=') && at[2] && at[3] == at[1] && at[4] == L']';
}

static void read_set(struct reader *reader)
{
	bool negated = reader->at[1] == L'^', first = true;

	reader->at += negated ? 2 : 1;
	begin_set(reader, negated);
	for (; *reader->at && (first || *reader->at != L']'); first = false) {
		struct expression_item item = { .from = (wint_t)*reader->at, .to = (wint_t)*reader->at };

		if (reader->at[0] == L'[' && reader->at[1] == L':') {
			if (!read_class(reader)) {
				fail(reader, "unknown class of characters");
				return;
			}
			continue;
		}
		if (is_collating(reader->at)) {
			item.from = item.to = (wint_t)reader->at[2];
			reader->at += 4;
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
	static const struct { wchar_t letter; enum expression_op op; } edges[] = {
		{ L'b', OP_WORD_EDGE }, { L'B', OP_NO_WORD_EDGE }, { L'<', OP_WORD_BEGIN }, { L'>', OP_WORD_END },
		{ L'`', OP_BEGIN }, { L'\'', OP_END },
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
		add_item(reader->out, (struct expression_item){ .class = wctype(classes[i].class) });
		if (letter == L'w' || letter == L'W')
			add_item(reader->out, (struct expression_item){ .from = L'_', .to = L'_' });
		return;
	}
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		if (edges[i].letter == letter) {
			emit(reader, (struct expression_step){ .op = edges[i].op });
			return;
		}
	}
	emit(reader, (struct expression_step){ .op = OP_CHARACTER, .character = (wint_t)letter });
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
		enum expression_op op = c == L'.' ? OP_ANY : c == L'^' ? OP_BEGIN : c == L'$' ? OP_END : OP_CHARACTER;

		emit(reader, (struct expression_step){ .op = op, .character = op == OP_CHARACTER ? (wint_t)c : 0 });
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

/* {N}, {N,}, {,M} and {N,M}; anything else in braces is text. most: -1 for no limit. */
static bool read_braces(struct reader *reader, int *least, int *most)
{
	const wchar_t *at = reader->at + 1;

	if (!read_number(&at, least) && *at != L',')
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

static void copy_part(struct reader *reader, const struct expression_step *part, int length)
{
	for (int i = 0; i < length; i++)
		emit(reader, part[i]);
}

/* The last part of the program, from `begin` on, is to be there from `least` to `most` times. */
static void repeat(struct reader *reader, int begin, int least, int most)
{
	struct expression *out = reader->out;
	int length = out->count - begin;
	struct expression_step *part = mem_array((size_t)length + 1, sizeof(*part));

	memcpy(part, out->steps + begin, (size_t)length * sizeof(*part));
	out->count = begin;
	for (int i = 0; i < least && !reader->why; i++)
		copy_part(reader, part, length);
	if (most < 0 && least > 0) {
		emit(reader, (struct expression_step){ .op = OP_BOTH, .x = -length, .y = 1 });
	} else if (most < 0) {
		emit(reader, (struct expression_step){ .op = OP_BOTH, .x = 1, .y = length + 2 });
		copy_part(reader, part, length);
		emit(reader, (struct expression_step){ .op = OP_JUMP, .x = -length - 1 });
	}
	for (int left = most - least; left > 0 && !reader->why; left--) {
		emit(reader, (struct expression_step){ .op = OP_BOTH, .x = 1, .y = left * (length + 1) });
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

	/* Without a ( before it, a ) is a character. */
	while (!reader->why && *reader->at && *reader->at != L'|' && !(*reader->at == L')' && reader->depth > 0))
		read_repeated(reader);
	if (reader->why || *reader->at != L'|')
		return;
	reader->at++;
	insert(reader, begin, (struct expression_step){ .op = OP_BOTH, .x = 1, .y = reader->out->count - begin + 2 });
	jump = reader->out->count;
	emit(reader, (struct expression_step){ .op = OP_JUMP });
	read_alternatives(reader);
	if (!reader->why)
		reader->out->steps[jump].x = reader->out->count - jump;
}

const char *expression_read(struct expression *out, const wchar_t *text)
{
	struct reader reader = { .out = out, .at = text };

	read_alternatives(&reader);
	if (!reader.why)
		out->steps[out->count++] = (struct expression_step){ .op = OP_MATCH };
	return reader.why;
}
