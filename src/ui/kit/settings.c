/* SPDX-License-Identifier: MIT */
#include "ui/kit/settings.h"

#include "core/base/error.h"
#include "core/base/number.h"
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

/* "yes" unless it says no. */
static bool is_on(struct store *store, const char *section, const char *key)
{
	const char *text = store ? store->setting(store, section, key) : NULL;
	bool on = true;

	if (text)
		yes_no_parse(text, &on);
	return on;
}

bool settings_mouse(struct store *store)
{
	return is_on(store, "mouse", "use");
}

bool settings_usage(struct store *store)
{
	return is_on(store, "list", "usage");
}

static bool parse_days(const char *text, unsigned *days, struct error *err)
{
	uint64_t number;

	if (!number_parse(text, 0, 36500, &number, err))
		return false;
	*days = (unsigned)number;
	return true;
}

unsigned settings_trash_days(struct store *store)
{
	const char *text = store ? store->setting(store, "trash", "days") : NULL;
	unsigned days = SETTINGS_TRASH_DAYS;
	struct error ignored;

	/* Nothing is removed after a number of days that nobody meant. */
	return !text ? days : parse_days(text, &days, &ignored) ? days : 0;
}

static bool parse_attributes(const char *text, enum outer_attributes *out)
{
	static const char *const words[] = { [ATTRIBUTES_AUTO] = "auto", [ATTRIBUTES_BASIC] = "basic", [ATTRIBUTES_FULL] = "full" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) != 0)
			continue;
		*out = (enum outer_attributes)i;
		return true;
	}
	return false;
}

enum outer_attributes settings_attributes(struct store *store)
{
	const char *text = store ? store->setting(store, "terminal", "attributes") : NULL;
	enum outer_attributes attributes = ATTRIBUTES_AUTO;

	if (text)
		parse_attributes(text, &attributes);
	return attributes;
}

static bool parse_links(const char *text, enum outer_link_use *out)
{
	bool use;

	if (yes_no_parse(text, &use))
		*out = use ? LINKS_YES : LINKS_NO;
	else if (strcasecmp(text, "auto") == 0)
		*out = LINKS_AUTO;
	else
		return false;
	return true;
}

enum outer_link_use settings_links(struct store *store)
{
	const char *text = store ? store->setting(store, "terminal", "links") : NULL;
	enum outer_link_use use = LINKS_AUTO;

	if (text)
		parse_links(text, &use);
	return use;
}

bool settings_check(struct store *store, struct error *err)
{
	const char *text = store->setting(store, "keys", "prefix"), *mouse = store->setting(store, "mouse", "use");
	const char *attributes = store->setting(store, "terminal", "attributes"), *links = store->setting(store, "terminal", "links");
	const char *usage = store->setting(store, "list", "usage"), *days = store->setting(store, "trash", "days");
	enum outer_attributes which;
	enum outer_link_use use;
	unsigned char prefix;
	struct error reason;
	unsigned number;
	bool ignored;

	if (days && !parse_days(days, &number, &reason))
		return error_set(err, "trash.days: '%s' is %s; use 1 to 36500, or 0 to keep everything, as is done now", days, reason.text);
	if (mouse && !yes_no_parse(mouse, &ignored))
		return error_set(err, "mouse.use: '%s' is not a boolean; use yes or no; it is used", mouse);
	if (usage && !yes_no_parse(usage, &ignored))
		return error_set(err, "list.usage: '%s' is not a boolean; use yes or no; it is shown", usage);
	if (attributes && !parse_attributes(attributes, &which))
		return error_set(err, "terminal.attributes: '%s' is not auto, basic or full; auto is used", attributes);
	if (links && !parse_links(links, &use))
		return error_set(err, "terminal.links: '%s' is not auto, yes or no; auto is used", links);
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
