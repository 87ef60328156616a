/* SPDX-License-Identifier: MIT */
#include "ui/cli/option.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/base/yes_no.h"

#include <stdlib.h>
#include <string.h>

const char *option_name(const struct cli_option *option)
{
	return option->name ? option->name : setting_info(option->setting)->option;
}

const struct cli_option *option_find(const struct cli_option *options, const char *word, size_t len)
{
	for (const struct cli_option *option = options; option && option->takes; option++) {
		const char *name = option_name(option), *letter = option->letter;

		if (letter && len == strlen(letter) && strncmp(word, letter, len) == 0)
			return option;
		/* "-mem" means "--mem": the reference's documentation and tests use one dash (D45). */
		if (len > 1 && word[1] != '-')
			name++;
		if (len == strlen(name) && strncmp(word, name, len) == 0)
			return option;
	}
	return NULL;
}

/* Finds the option of "-v2", a letter with its number. */
static const struct cli_option *find_numbered(const struct cli_option *options, const char *word)
{
	for (const struct cli_option *option = options; option && option->takes; option++)
		if (option->takes == TAKES_NUMBER && option->letter && text_starts(word, option->letter) && word[2] &&
		    !word[2 + strspn(word + 2, "0123456789")])
			return option;
	return NULL;
}

static bool unknown_option(const struct option_set *set, const char *word, size_t len, struct error *err)
{
	char *name = mem_strndup(word, len);
	const char *bare = name + strspn(name, "-");
	const char *meant = set->synonyms ? synonym_of(set->synonyms, bare) : NULL;
	struct nearest nearest = nearest_to(bare);

	for (const struct cli_option *option = set->options; option && option->takes && !meant; option++)
		nearest_try(&nearest, option_name(option) + strlen("--"));
	if (nearest.best && !meant)
		meant = nearest.best - strlen("--");
	if (meant)
		error_set(err, "unknown option %s; did you mean %s?", quoted(name).text, meant);
	else
		error_set(err, "unknown option %s; %s", quoted(name).text, set->hint);
	free(name);
	return false;
}

/* The words of profiles, and the letters that the reference (Go's strconv.ParseBool) also accepts. */
bool option_switch_parse(const char *text, bool *on)
{
	bool is_letter = text[0] != '\0' && strchr("tTfF", text[0]) && text[1] == '\0';

	if (is_letter)
		*on = text[0] == 't' || text[0] == 'T';
	return is_letter || yes_no_parse(text, on);
}

/* Reads the value of the option. given: what follows its '='; NULL: nothing. */
static bool take_value(struct option_reader *reader, const char *given, struct error *err)
{
	const struct cli_option *option = reader->option;
	const char *name = option_name(option), *next = reader->at < reader->count ? reader->words[reader->at] : NULL;
	bool next_is_option = next && next[0] == '-' && option_find(reader->set->options, next, strcspn(next, "="));
	struct error ignored;
	uint64_t number;

	reader->on = true;
	reader->text = given ? given : "";
	switch (option->takes) {
	case TAKES_NOTHING:
		return !given || option->use == OPTION_HELP || error_set(err, "%s takes no value", name);
	case TAKES_SWITCH:
		return !given || option_switch_parse(given, &reader->on) ||
		       error_set(err, "%s: %s is neither true nor false", name, quoted(given).text);
	case TAKES_NUMBER:
		reader->apart = !given && next && number_parse(next, 0, UINT64_MAX, &number, &ignored);
		if (!given && !reader->apart)
			reader->text = "1";
		break;
	default:
		if (!given && (!next || (option->takes == TAKES_WORD && next_is_option)))
			return error_set(err, "%s needs a value: %s %s", name, name, option->value);
		reader->apart = !given;
	}
	if (reader->apart) {
		reader->text = next;
		reader->at++;
	}
	return true;
}

enum option_outcome option_next(struct option_reader *reader, struct error *err)
{
	const struct cli_option *options = reader->set->options;
	const char *word, *given;
	size_t len;

	if (!reader->plain && reader->at < reader->count && strcmp(reader->words[reader->at], "--") == 0) {
		reader->plain = true;
		reader->option = NULL;
		reader->at++;
	}
	if (reader->at >= reader->count)
		return OPTION_NO_MORE;
	word = reader->words[reader->at++];
	reader->option = NULL;
	reader->text = word;
	reader->apart = false;
	if (reader->plain || word[0] != '-' || !word[1])
		return OPTION_READ;
	len = strcspn(word, "=");
	given = word[len] ? word + len + 1 : NULL;
	reader->option = option_find(options, word, len);
	if (!reader->option && (reader->option = find_numbered(options, word)))
		given = word + strlen(reader->option->letter);
	if (!reader->option)
		return unknown_option(reader->set, word, len, err), OPTION_WRONG;
	return take_value(reader, given, err) ? OPTION_READ : OPTION_WRONG;
}

size_t option_add_spelling(const struct cli_option *option, struct str *out)
{
	size_t before = out->len;

	str_addf(out, "  %s%s%s%s%s", option->letter ? option->letter : "", option->letter ? ", " : "", option_name(option),
	         option->value ? " " : "", option->value ? option->value : "");
	return out->len - before;
}
