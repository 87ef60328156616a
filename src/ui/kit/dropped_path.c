/* SPDX-License-Identifier: MIT */
#include "ui/kit/dropped_path.h"

#include "core/base/alloc.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char blanks[] = " \t\r\n";

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The path of file:/x, file:///x or file://localhost/x. Returns false for another host or an invalid escape. */
static bool from_uri(const char *uri, struct str *out)
{
	const char *path = uri + strlen("file:");

	if (!strncmp(path, "//", 2)) {
		path += 2;
		if (!strncasecmp(path, "localhost/", 10))
			path += 9;
	}
	if (*path != '/')
		return false;
	for (; *path; path++) {
		int high = *path == '%' ? hex_digit(path[1]) : -1;
		int low = high >= 0 ? hex_digit(path[2]) : -1;

		if (*path == '%' && (low < 0 || high + low == 0))
			return false;
		str_addc(out, *path == '%' ? (char)(high << 4 | low) : *path);
		path += *path == '%' ? 2 : 0;
	}
	return true;
}

/* Parses one word as a POSIX shell does (2.2, Quoting), without expansions. Returns false for an open quote or two words. */
static bool from_shell(const char *word, struct str *out)
{
	char quote = '\0';

	for (; *word; word++) {
		bool escapes = *word == '\\' && quote != '\'' &&
			       (!quote || (word[1] && strchr("\\\"$`", word[1])));

		if (escapes && !word[1])
			return false;
		if (escapes)
			str_addc(out, *++word);
		else if (!quote && (*word == '\'' || *word == '"'))
			quote = *word;
		else if (quote && *word == quote)
			quote = '\0';
		else if (!quote && strchr(blanks, *word))
			return false;
		else
			str_addc(out, *word);
	}
	return !quote;
}

char *dropped_path(const char *text)
{
	struct str path;
	char *word;
	size_t len;
	bool good = true;

	text += strspn(text, blanks);
	len = strlen(text);
	/* An escaped blank at the end is part of the name. */
	while (len > 0 && strchr(blanks, text[len - 1]) && !(len > 1 && text[len - 2] == '\\'))
		len--;
	word = mem_strndup(text, len);
	str_init(&path);
	if (!strncasecmp(word, "file:/", 6))
		good = from_uri(word, &path);
	else if (strpbrk(word, "'\"\\"))
		good = from_shell(word, &path);
	else
		str_adds(&path, word);
	free(word);
	if (good && path.len && (*path.text == '/' || !strncmp(path.text, "~/", 2)))
		return str_detach(&path);
	str_finish(&path);
	return NULL;
}
