/* SPDX-License-Identifier: MIT */
#include "core/base/expression.h"

#include "core/base/alloc.h"
#include "core/base/expression_impl.h"
#include "core/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A place between two characters; 0 where there is none. */
struct place {
	size_t at;
	size_t bytes;		/* of the character behind it */
	wint_t before, behind;
};

/* Fast for ASCII. */
static wint_t lower_case(wint_t c)
{
	return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) : towlower(c);
}

static struct place place_at(const char *text, size_t at, wint_t before)
{
	struct place place = { .at = at, .before = before };
	uint32_t c = (unsigned char)text[at];

	if (c < 0x80) {
		place.bytes = c != 0;
		place.behind = c;
		return place;
	}

	place.bytes = utf8_decode(text + at, strnlen(text + at, 4), &c);
	if (place.bytes == 0)
		place.bytes = 1;
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

static bool holds(enum expression_op op, const struct place *place)
{
	bool before = is_word(place->before), behind = is_word(place->behind);

	switch (op) {
	case OP_BEGIN:
		return place->at == 0;
	case OP_END:
		return place->behind == 0;
	case OP_WORD_EDGE:
		return before != behind;
	case OP_NO_WORD_EDGE:
		return before == behind;
	case OP_WORD_BEGIN:
		return !before && behind;
	default:
		return before && !behind;
	}
}

static bool set_has(const struct expression *expression, const struct expression_set *set, wint_t c)
{
	for (int i = set->first; i < set->first + set->count; i++) {
		const struct expression_item *item = &expression->items[i];

		if (item->class ? iswctype(c, item->class) : c >= item->from && c <= item->to)
			return true;
	}
	return false;
}

static bool set_takes(const struct expression *expression, const struct expression_set *set, wint_t c)
{
	return (set_has(expression, set, c) ||
	        (expression->fold && (set_has(expression, set, towlower(c)) || set_has(expression, set, towupper(c))))) !=
	       set->negated;
}

/* folded: the character in lower case if case is ignored, otherwise the same. */
static bool takes(const struct expression *expression, const struct expression_step *step, wint_t c, wint_t folded)
{
	switch (step->op) {
	case OP_ANY:
		return c != 0;
	case OP_CHARACTER:
		return folded == step->character;
	case OP_SET:
		return c < 0x80 ? expression->sets[step->set].ascii[c] : set_takes(expression, &expression->sets[step->set], c);
	default:
		return false;
	}
}

/*
 * Adds a step, or those that it leads to without a character. The first one to come to a step begins leftmost.
 * place: NULL if any place may be meant.
 */
static void add(struct expression *expression, struct expression_threads *threads, const struct place *place, int step, size_t begin)
{
	const struct expression_step *at = &expression->steps[step];

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
	case OP_BEGIN: case OP_END: case OP_WORD_EDGE: case OP_NO_WORD_EDGE: case OP_WORD_BEGIN: case OP_WORD_END:
		if (!place || holds(at->op, place))
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

static void swap(struct expression_threads *a, struct expression_threads *b)
{
	struct expression_threads kept = *a;

	*a = *b;
	*b = kept;
}

/* The next place where a match can begin, or the end of the text. */
static struct place skip(const struct expression *expression, const char *text, struct place place)
{
	size_t at = place.at;

	while (text[at] && !expression->can_begin[(unsigned char)text[at]])
		at++;
	return at == place.at ? place : place_at(text, at, character_before(text, at));
}

/* found: the offset and the length; NULL if only a match is to be there, which can then be empty. */
static bool find(struct expression *expression, const char *text, size_t from, size_t *found)
{
	struct place place = place_at(text, from, character_before(text, from));
	const bool may_skip = found || !expression->can_be_empty;
	struct expression_threads *now = &expression->now;
	bool any = false;

	now->count = 0;
	begin_round(expression);
	for (;;) {
		if (!any && now->count == 0 && may_skip)
			place = skip(expression, text, place);

		struct place next = place_at(text, place.at + place.bytes, place.behind);
		wint_t folded = expression->fold ? lower_case(place.behind) : place.behind;

		if (!any)
			add(expression, now, &place, 0, place.at);
		expression->next.count = 0;
		begin_round(expression);
		for (int i = 0; i < now->count; i++) {
			const struct expression_step *step = &expression->steps[now->step[i]];

			if (any && now->begin[i] > found[0])
				break;
			if (step->op == OP_MATCH && !found)
				return true;
			if (step->op == OP_MATCH && place.at > now->begin[i]) {
				any = true;
				found[0] = now->begin[i];
				found[1] = place.at - found[0];
			} else if (takes(expression, step, place.behind, folded)) {
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

bool expression_matches(const struct expression *expression, const char *text)
{
	struct expression *notes = (struct expression *)(uintptr_t)expression;

	return find(notes, text, 0, NULL);
}

/* What is the same for every text. */
static void prepare(struct expression *expression)
{
	for (int i = 0; i < expression->count; i++)
		if (expression->fold && expression->steps[i].op == OP_CHARACTER)
			expression->steps[i].character = lower_case(expression->steps[i].character);
	for (int i = 0; i < expression->set_count; i++)
		for (wint_t c = 1; c < 0x80; c++)
			expression->sets[i].ascii[c] = set_takes(expression, &expression->sets[i], c);
	begin_round(expression);
	add(expression, &expression->now, NULL, 0, 0);
	memset(expression->can_begin + 0x80, true, sizeof(expression->can_begin) - 0x80);
	for (int i = 0; i < expression->now.count; i++) {
		const struct expression_step *step = &expression->steps[expression->now.step[i]];

		expression->can_be_empty |= step->op == OP_MATCH;
		for (wint_t c = 1; c < 0x80; c++)
			expression->can_begin[c] |= takes(expression, step, c, expression->fold ? lower_case(c) : c);
	}
}

static void threads_init(struct expression_threads *threads, size_t count)
{
	threads->step = mem_array(count, sizeof(*threads->step));
	threads->begin = mem_array(count, sizeof(*threads->begin));
}

struct expression *expression_new(const wchar_t *text, bool fold, const char **why)
{
	struct expression *out = mem_alloc(sizeof(*out));
	size_t len = wcsnlen(text, EXPRESSION_TEXT);

	out->fold = fold;
	out->steps = mem_array(EXPRESSION_SIZE + 1, sizeof(*out->steps));
	out->items = mem_array(len + 1, sizeof(*out->items));
	out->sets = mem_array(len + 1, sizeof(*out->sets));
	*why = len >= EXPRESSION_TEXT ? "too long" : expression_read(out, text);
	if (*why) {
		expression_free(out);
		return NULL;
	}
	out->seen = mem_array((size_t)out->count, sizeof(*out->seen));
	threads_init(&out->now, (size_t)out->count);
	threads_init(&out->next, (size_t)out->count);
	prepare(out);
	return out;
}

void expression_free(struct expression *expression)
{
	if (!expression)
		return;
	free(expression->steps);
	free(expression->items);
	free(expression->sets);
	free(expression->seen);
	free(expression->now.step);
	free(expression->now.begin);
	free(expression->next.step);
	free(expression->next.begin);
	free(expression);
}
