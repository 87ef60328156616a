/* SPDX-License-Identifier: MIT */
#include "core/import/shell_script_impl.h"

#include "core/base/alloc.h"
#include "core/base/quoted.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 8192
#define NESTING_MAX 16

static bool expand(struct shell *, struct shell_word *, bool in_quotes, unsigned depth);

size_t shell_name_length(const char *text, const char *end)
{
	const char *at = text;

	if (at == end || isdigit((unsigned char)*at))
		return 0;
	while (at < end && (isalnum((unsigned char)*at) || *at == '_'))
		at++;
	return (size_t)(at - text);
}

struct shell_variable *shell_variable_find(const struct shell_variables *variables, const char *name)
{
	for (size_t i = 0; i < variables->count; i++)
		if (strcmp(variables->items[i].name, name) == 0)
			return &variables->items[i];
	return NULL;
}

struct shell_variable *shell_variable_set(struct shell_variables *variables, const char *name, bool append)
{
	struct shell_variable *variable = shell_variable_find(variables, name);

	if (!variable) {
		variables->items = mem_resize(variables->items, variables->count + 1, sizeof(*variables->items));
		variable = &variables->items[variables->count++];
		*variable = (struct shell_variable){ .name = mem_strdup(name) };
	}
	if (!append) {
		strv_finish(&variable->values);
		free(variable->unknown);
		variable->unknown = NULL;
		variable->is_array = false;
	}
	return variable;
}

void shell_variables_finish(struct shell_variables *variables)
{
	for (size_t i = 0; i < variables->count; i++) {
		free(variables->items[i].name);
		free(variables->items[i].unknown);
		strv_finish(&variables->items[i].values);
	}
	free(variables->items);
	*variables = (struct shell_variables){ 0 };
}

void shell_word_finish(struct shell_word *word)
{
	strv_finish(&word->fields);
	str_finish(&word->field);
	free(word->unknown);
	word->unknown = NULL;
}

void shell_word_end_field(struct shell_word *word)
{
	if (word->started)
		strv_add(&word->fields, word->field.text);
	str_clear(&word->field);
	word->started = false;
}

/* Takes ownership of why. */
static void set_unknown(struct shell_word *word, char *why)
{
	word->started = true;
	if (word->unknown)
		free(why);
	else
		word->unknown = why;
}

/* A value of a value can double with each line of a script. */
static bool spend(struct shell *shell, const struct shell_word *word, size_t len)
{
	if (len > shell->budget || word->fields.count > FIELDS_MAX)
		return error_set(shell->err, "line %u: the values of the variables are too long", shell->line);
	shell->budget -= len;
	return true;
}

static bool add_text(struct shell *shell, struct shell_word *word, const char *text, bool in_quotes)
{
	size_t len = strlen(text);

	if (!spend(shell, word, len))
		return false;
	if (in_quotes || !word->split) {
		word->started |= in_quotes || len;
		str_add(&word->field, text, len);
		return true;
	}
	for (; *text; text++) {
		if (isspace((unsigned char)*text)) {
			shell_word_end_field(word);
		} else {
			word->started = true;
			str_addc(&word->field, *text);
		}
	}
	return true;
}

static bool add_all(struct shell *shell, struct shell_word *word, const struct strv *values, bool in_quotes)
{
	word->empty_list |= !values->count;
	for (size_t i = 0; i < values->count; i++) {
		if (i)
			shell_word_end_field(word);
		if (!add_text(shell, word, values->items[i], in_quotes))
			return false;
	}
	return true;
}

/* Moves to the end of what opened just before `at`, with nested ones and quotations. Returns false if there is no end. */
static bool skip_nested(struct shell *shell, char open, char close)
{
	unsigned depth = 1;
	char quote = '\0';

	for (; shell->at < shell->end; shell->at++) {
		char c = *shell->at;

		if (c == '\n')
			shell->line++;
		if (c == '\\' && quote != '\'' && shell->at + 1 < shell->end)
			shell->at++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == open && open != close)
			depth++;
		else if (c == close && --depth == 0)
			return true;
	}
	return false;
}

static bool no_end(struct shell *shell, unsigned line, const char *what)
{
	return error_set(shell->err, "line %u: the %s that begins here does not end", line, what);
}

/* Of the programs that scripts call, the directory of the script is known without calling any. */
static bool asks_directory(const char *text)
{
	return strstr(text, "dirname") && (strstr(text, "$0") || strstr(text, "BASH_SOURCE"));
}

/* $(...) and `...` */
static bool read_program(struct shell *shell, struct shell_word *word, char open, char close, bool in_quotes)
{
	const char *start = shell->at;
	unsigned line = shell->line;
	char *text;
	bool good = true;

	if (!skip_nested(shell, open, close))
		return no_end(shell, line, "command substitution");
	text = mem_strndup(start, (size_t)(shell->at - start));
	shell->at++;
	if (asks_directory(text) && shell->place->directory)
		good = add_text(shell, word, shell->place->directory, in_quotes);
	else
		set_unknown(word, mem_printf("line %u: %s would have to be run, and nothing is run here; write its value", line, quoted(text).text));
	free(text);
	return good;
}

/* The values of a variable. alternative: NULL, or the text to read if it is not set. */
static bool add_variable(struct shell *shell, struct shell_word *word, const char *name, bool all, bool in_quotes)
{
	const struct shell_variable *variable = shell_variable_find(&shell->variables, name);
	struct strv first = { 0 };
	bool good;

	if (!variable) {
		const char *text = !strcmp(name, "HOME") ? shell->place->home : !strcmp(name, "PWD") ? shell->cwd : NULL;

		if (text)
			return add_text(shell, word, text, in_quotes);
		set_unknown(word, mem_printf("line %u: $%s has no value in this text; write it", shell->line, name));
		return true;
	}
	if (variable->unknown)
		set_unknown(word, mem_strdup(variable->unknown));
	if (all)
		return add_all(shell, word, &variable->values, in_quotes);
	strv_add(&first, variable->values.count ? variable->values.items[0] : "");
	good = add_all(shell, word, &first, in_quotes);
	strv_finish(&first);
	return good;
}

/* Reads `len` bytes as if they stood in double quotes. */
static bool read_part(struct shell *shell, struct shell_word *word, const char *text, size_t len, unsigned depth)
{
	const char *at = shell->at, *end = shell->end;
	bool good = true;

	shell->at = text;
	shell->end = text + len;
	while (good && shell->at < shell->end) {
		if (*shell->at == '$') {
			good = expand(shell, word, true, depth + 1);
		} else if (*shell->at == '"' || *shell->at == '\'') {
			shell->at++;
		} else {
			word->started = true;
			str_addc(&word->field, *shell->at++);
		}
	}
	shell->at = at;
	shell->end = end;
	return good;
}

/* ${NAME}, ${NAME[@]}, ${NAME:-TEXT}, ${NAME:=TEXT}; all others are unknown. */
static bool expand_braces(struct shell *shell, struct shell_word *word, bool in_quotes, unsigned depth)
{
	const char *start = shell->at;
	unsigned line = shell->line;
	size_t name_len, len;
	const char *rest;
	bool good = true;
	char *name;

	if (!skip_nested(shell, '{', '}'))
		return no_end(shell, line, "${");
	len = (size_t)(shell->at++ - start);
	name_len = shell_name_length(start, start + len);
	name = mem_strndup(start, name_len);
	rest = start + name_len;
	len -= name_len;
	const struct shell_variable *variable = shell_variable_find(&shell->variables, name);
	bool is_set = variable && (variable->unknown || (variable->values.count && *variable->values.items[0]));
	bool colon = len > 1 && *rest == ':' && strchr("-=", rest[1]);

	if (name_len && len == 0) {
		good = add_variable(shell, word, name, false, in_quotes);
	} else if (name_len && len == 3 && (!memcmp(rest, "[@]", 3) || !memcmp(rest, "[*]", 3))) {
		good = add_variable(shell, word, name, true, in_quotes);
	} else if (name_len && depth < NESTING_MAX && len && (colon || strchr("-=", *rest))) {
		size_t skip = colon ? 2 : 1;
		struct shell_word value = { .started = false };

		if (is_set || (variable && !colon)) {
			good = add_variable(shell, word, name, false, in_quotes);
		} else {
			str_init(&value.field);
			good = read_part(shell, &value, rest + skip, len - skip, depth);
			if (value.unknown)
				set_unknown(word, mem_strdup(value.unknown));
			if (good && rest[skip - 1] == '=')
				strv_add(&shell_variable_set(&shell->variables, name, false)->values, value.field.text);
			good = good && add_text(shell, word, value.field.text, in_quotes);
			shell_word_finish(&value);
		}
	} else if (!name_len && len && isdigit((unsigned char)*rest) && depth < NESTING_MAX && len > 3 && !memcmp(rest + 1, ":-", 2)) {
		good = read_part(shell, word, rest + 3, len - 3, depth);
	} else if (!name_len && len >= 4 && !memcmp(rest, "0%/*", 4) && shell->place->directory) {
		good = add_text(shell, word, shell->place->directory, in_quotes);
	} else {
		char *text = mem_strndup(start, name_len + len);

		set_unknown(word, mem_printf("line %u: ${%s} is not understood; write its value", line, text));
		free(text);
	}
	free(name);
	return good;
}

/* At a '$'. */
static bool expand(struct shell *shell, struct shell_word *word, bool in_quotes, unsigned depth)
{
	const char *next = ++shell->at;
	size_t len = shell_name_length(next, shell->end);
	char c = next < shell->end ? *next : '\0';
	char *name;
	bool good;

	if (len) {
		name = mem_strndup(next, len);
		shell->at += len;
		good = add_variable(shell, word, name, false, in_quotes);
		free(name);
		return good;
	}
	switch (c) {
	case '(':
		shell->at++;
		return read_program(shell, word, '(', ')', in_quotes);
	case '{':
		shell->at++;
		return expand_braces(shell, word, in_quotes, depth);
	case '@': case '*': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		shell->at++;
		word->drops_arguments = true;
		return true;
	case '\'':
	case '?': case '$': case '!': case '#': case '0':
		if (c == '\'' && in_quotes)
			break;
		shell->at++;
		set_unknown(word, mem_printf("line %u: $%c is known only while the script runs; write its value", shell->line, c));
		return true;
	default:
		break;
	}
	word->started = true;
	str_addc(&word->field, '$');
	return true;
}

static bool read_double_quotes(struct shell *shell, struct shell_word *word)
{
	unsigned line = shell->line;

	word->started = true;
	while (shell->at < shell->end && *shell->at != '"') {
		char c = *shell->at;

		if (c == '$') {
			if (!expand(shell, word, true, 0))
				return false;
			continue;
		}
		shell->at++;
		if (c == '`') {
			if (!read_program(shell, word, '`', '`', true))
				return false;
			continue;
		}
		if (c == '\\' && shell->at < shell->end && strchr("$`\"\\\n", *shell->at)) {
			c = *shell->at++;
			shell->line += c == '\n';
			if (c != '\n')
				str_addc(&word->field, c);
			continue;
		}
		shell->line += c == '\n';
		str_addc(&word->field, c);
	}
	if (shell->at == shell->end)
		return no_end(shell, line, "quotation");
	/* "$@" and "${NAME[@]}" alone are no argument if there are none. */
	if ((word->drops_arguments || word->empty_list) && !word->field.len)
		word->started = false;
	shell->at++;
	return true;
}

static bool read_single_quotes(struct shell *shell, struct shell_word *word)
{
	unsigned line = shell->line;

	word->started = true;
	for (; shell->at < shell->end && *shell->at != '\''; shell->at++) {
		shell->line += *shell->at == '\n';
		str_addc(&word->field, *shell->at);
	}
	if (shell->at == shell->end)
		return no_end(shell, line, "quotation");
	shell->at++;
	return true;
}

/* A ~ that stands for the home directory: at the beginning, before a slash or the end of the word. */
static bool is_home(const struct shell *shell, const struct shell_word *word)
{
	const char *next = shell->at + 1;

	return *shell->at == '~' && !word->started && shell->place->home &&
	       (next == shell->end || strchr("/ \t\r\n;&|)", *next));
}

/* A backslash in front of blanks and the end of the line does not continue it, and nobody means a word of one blank. */
static bool is_broken_end(const struct shell *shell)
{
	const char *at = shell->at;

	while (at < shell->end && (*at == ' ' || *at == '\t'))
		at++;
	return at > shell->at && at < shell->end && (*at == '\n' || *at == '\r');
}

bool shell_word_read(struct shell *shell, struct shell_word *word)
{
	bool good = true;

	while (good && shell->at < shell->end && !strchr(" \t\r\n;&|<>()", *shell->at)) {
		char c = *shell->at;

		if (c == '$') {
			good = expand(shell, word, false, 0);
			continue;
		}
		if (is_home(shell, word)) {
			shell->at++;
			good = add_text(shell, word, shell->place->home, true);
			continue;
		}
		shell->at++;
		if (c == '`') {
			good = read_program(shell, word, '`', '`', false);
		} else if (c == '"') {
			good = read_double_quotes(shell, word);
		} else if (c == '\'') {
			good = read_single_quotes(shell, word);
		} else if (c == '\\' && shell->at < shell->end) {
			bool breaks = *shell->at == '\n' || (*shell->at == '\r' && shell->at + 1 < shell->end && shell->at[1] == '\n');

			if (breaks) {
				shell->at += *shell->at == '\r' ? 2 : 1;
				shell->line++;
			} else if (is_broken_end(shell)) {
				good = error_set(shell->err, "line %u: blanks follow the backslash at the end of the line; remove them", shell->line);
			} else {
				word->started = true;
				str_addc(&word->field, *shell->at++);
			}
		} else {
			word->started = true;
			str_addc(&word->field, c);
		}
		good = good && spend(shell, word, 0);
	}
	return good;
}
