/* SPDX-License-Identifier: MIT */
#include "ui/kit/settings.h"

#include "core/base/error.h"
#include "core/base/yes_no.h"
#include "core/vm/store.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool settings_parse_prefix(const char *text, unsigned char *prefix)
{
	static const char *const with[] = { "C-", "^", "Ctrl-" };

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		size_t len = strlen(with[i]);

		if (strncasecmp(text, with[i], len) != 0 || !text[len] || text[len + 1])
			continue;

		int c = toupper((unsigned char)text[len]);
		/* Ctrl-h, -i, -j and -m are what Backspace, Tab and Enter send; Ctrl-[ is Esc. */
		if ((!isupper(c) && !strchr("\\]^_", c)) || strchr("HIJM", c))
			return false;
		*prefix = (unsigned char)(c & 0x1f);
		return true;
	}
	return false;
}

bool settings_mouse(struct store *store)
{
	const char *text = store ? store->setting(store, "mouse", "use") : NULL;
	bool use = true;

	if (text)
		yes_no_parse(text, &use);
	return use;
}

bool settings_check(struct store *store, struct error *err)
{
	const char *text = store->setting(store, "keys", "prefix"), *mouse = store->setting(store, "mouse", "use");
	unsigned char prefix;
	bool ignored;

	if (mouse && !yes_no_parse(mouse, &ignored))
		return error_set(err, "mouse.use: '%s' is not a boolean; use yes or no; it is used", mouse);
	return !text || settings_parse_prefix(text, &prefix) ||
	       error_set(err, "keys.prefix: '%s' cannot be the prefix; C-g is used: write C- and a letter other than h, i, j, m", text);
}

const char *settings_prefix_name(unsigned char prefix, char buf[8])
{
	snprintf(buf, 8, "Ctrl-%c", prefix < 27 ? prefix + '`' : prefix + '@');
	return buf;
}

unsigned char settings_prefix(struct store *store)
{
	const char *text = store ? store->setting(store, "keys", "prefix") : NULL;
	unsigned char prefix;

	return text && settings_parse_prefix(text, &prefix) ? prefix : SETTINGS_PREFIX;
}
