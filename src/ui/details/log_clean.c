/* SPDX-License-Identifier: MIT */
#include "ui/details/log_clean.h"

#include "core/base/str.h"

#include <stdbool.h>

enum log_state { LOG_TEXT, LOG_ESCAPE, LOG_CSI, LOG_STRING, LOG_STRING_ESCAPE };

static enum log_state log_next(enum log_state state, unsigned char c)
{
	switch (state) {
	case LOG_ESCAPE:
		if (c == '[')
			return LOG_CSI;
		if (c == ']' || c == 'P' || c == '^' || c == '_' || c == 'X')
			return LOG_STRING;
		return c >= 0x20 && c <= 0x2f ? LOG_ESCAPE : LOG_TEXT;
	case LOG_CSI:
		return c >= 0x40 && c <= 0x7e ? LOG_TEXT : LOG_CSI;
	case LOG_STRING:
		return c == '\a' ? LOG_TEXT : c == 0x1b ? LOG_STRING_ESCAPE : LOG_STRING;
	default:
		return LOG_TEXT;
	}
}

/* Takes back one character of UTF-8, but no line end. */
static void take_back(struct str *out)
{
	while (out->len > 0 && out->text[out->len - 1] != '\n') {
		unsigned char last = (unsigned char)out->text[out->len - 1];

		str_cut(out, out->len - 1);
		if ((last & 0xc0) != 0x80)
			return;
	}
}

static void log_text(struct str *out, unsigned char c, bool *returned)
{
	if (c == '\r') {
		*returned = true;
		return;
	}
	if (*returned && c != '\n')
		while (out->len > 0 && out->text[out->len - 1] != '\n')
			str_cut(out, out->len - 1);
	*returned = false;
	if (c == '\b')
		take_back(out);
	else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f))
		str_addc(out, (char)c);
}

char *log_clean(const char *bytes, size_t len)
{
	enum log_state state = LOG_TEXT;
	bool returned = false;
	struct str out;

	str_init(&out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (state != LOG_TEXT)
			state = log_next(state, c);
		else if (c == 0x1b)
			state = LOG_ESCAPE;
		else
			log_text(&out, c, &returned);
	}
	return str_detach(&out);
}
