/* SPDX-License-Identifier: MIT */
#include "ui/list/list_filter.h"

#include "core/base/alloc.h"
#include "ui/model/item.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STATE_PREFIX "state:"

/* The score of a word; the scattered letters' is less by one for each byte from the first to the last of them. */
#define AT_BEGINNING	4000
#define AT_WORD		3000
#define INSIDE		2000
#define SCATTERED	1999

struct filter_term {
	char *word;		/* not empty */
	bool state, excludes;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void add_term(struct list_filter *filter, const char *word, size_t len)
{
	struct filter_term term = { .excludes = word[0] == '!' };

	word += term.excludes;
	len -= term.excludes;
	term.state = len >= strlen(STATE_PREFIX) && strncasecmp(word, STATE_PREFIX, strlen(STATE_PREFIX)) == 0;
	if (term.state) {
		word += strlen(STATE_PREFIX);
		len -= strlen(STATE_PREFIX);
	}
	if (len == 0)
		return;
	term.word = mem_strndup(word, len);
	filter->by_state = filter->by_state || term.state;
	filter->terms = mem_resize(filter->terms, filter->count + 1, sizeof(filter->terms[0]));
	filter->terms[filter->count++] = term;
}

void list_filter_parse(struct list_filter *filter, const char *text)
{
	*filter = (struct list_filter){ 0 };
	for (;;) {
		size_t len;

		text += strspn(text, " ");
		if (*text == '\0')
			return;
		len = strcspn(text, " ");
		add_term(filter, text, len);
		text += len;
	}
}

void list_filter_finish(struct list_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++)
		free(filter->terms[i].word);
	free(filter->terms);
	*filter = (struct list_filter){ 0 };
}

/* The bytes from the first to the last letter of the word in the name, where they end first; 0: they are not there. */
static size_t scattered_span(const char *name, const char *word)
{
	const char *at = name, *first, *letter = word;
	const char *last = NULL;

	for (; *at != '\0' && *letter != '\0'; at++) {
		if (lower(*at) == lower(*letter)) {
			last = at;
			letter++;
		}
	}
	if (last == NULL || *letter != '\0')
		return 0;
	/* Back from there, which leaves out what comes early without need: "web" in "w-web". */
	for (first = last, letter--; letter > word; ) {
		first--;
		if (lower(*first) == lower(letter[-1]))
			letter--;
	}
	return (size_t)(last - first) + 1;
}

static int score_of(const char *name, const char *word)
{
	size_t span = scattered_span(name, word);
	const char *at = span > 0 ? strcasestr(name, word) : NULL;

	if (at == name)
		return AT_BEGINNING;
	if (at == NULL)
		return span == 0 ? 0 : span < SCATTERED ? SCATTERED - (int)span : 1;
	for (; at != NULL; at = strcasestr(at + 1, word))
		if (isalnum((unsigned char)at[0]) && !isalnum((unsigned char)at[-1]))
			return AT_WORD;
	return INSIDE;
}

static bool state_matches(const struct status *status, const char *word)
{
	const char *kind = status_is_bad(status->kind) ? "failed" : status->running ? "running" :
	                   status->kind == STATUS_OFF ? "off" : "";

	return strncasecmp(status->word, word, strlen(word)) == 0 || strncasecmp(kind, word, strlen(word)) == 0;
}

int list_filter_score(const struct list_filter *filter, const char *name, const struct status *status)
{
	int sum = 1;

	for (size_t i = 0; i < filter->count; i++) {
		const struct filter_term *term = &filter->terms[i];

		if (term->excludes) {
			if (term->state ? state_matches(status, term->word) : strcasestr(name, term->word) != NULL)
				return 0;
			continue;
		}

		int score = !term->state ? score_of(name, term->word) : state_matches(status, term->word) ? 1 : 0;

		if (score == 0)
			return 0;
		sum += score;
	}
	return sum;
}
