/* SPDX-License-Identifier: MIT */
#include "fake/recording.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/base/strv.h"
#include "persist/atomic.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct str recording_read(const char *path)
{
	struct error err;
	struct str text;

	str_init(&text);
	if (!file_read(path, 4 << 20, &text, &err))
		fail_msg("%s", err.text);
	return text;
}

void recording_names(const char *folder, struct strv *names)
{
	DIR *entries = opendir(folder);

	if (!entries)
		fail_msg("cannot open %s", folder);
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		if (text_ends(entry->d_name, ".txt"))
			strv_take(names, mem_strndup(entry->d_name, strlen(entry->d_name) - strlen(".txt")));
	}
	closedir(entries);
	strv_sort(names);
}

void escaped_add(struct str *out, const void *bytes, size_t len)
{
	for (const unsigned char *at = bytes; len > 0; at++, len--) {
		if (*at == 0x1b)
			str_adds(out, "\\e");
		else if (*at == '\\')
			str_adds(out, "\\\\");
		else if (*at >= 0x20 && *at < 0x7f)
			str_addc(out, (char)*at);
		else
			str_addf(out, "\\x%02x", *at);
	}
}

static int digit(char c)
{
	const char *found = c ? strchr("0123456789abcdef", c) : NULL;

	if (!found)
		fail_msg("'%c' is not a hexadecimal digit of a recording", c);
	return found ? (int)(found - "0123456789abcdef") : 0;
}

void escaped_read(const char *text, struct str *out)
{
	for (; *text; text++) {
		if (*text != '\\') {
			str_addc(out, *text);
		} else if (*++text == 'x') {
			int high = digit(*++text);

			str_addc(out, (char)(high << 4 | digit(*++text)));
		} else {
			str_addc(out, *text == 'e' ? '\033' : *text);
		}
	}
}
