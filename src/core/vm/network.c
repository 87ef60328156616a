/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/quoted.h"
#include "core/vm/grammar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INTERFACE_MAX 15		/* IFNAMSIZ - 1 */

static const struct {
	const char *word;
	enum net_mode mode;
	bool named;		/* needs the name of an interface */
} modes[] = {
	{ "user",    NET_USER,   false },
	{ "default", NET_USER,   false },
	{ "none",    NET_NONE,   false },
	{ "tap",     NET_TAP,    true },
	{ "bridge",  NET_BRIDGE, true },
};

/* The rules of Linux for interface names. */
static bool check_name(const char *name, struct error *err)
{
	size_t len = strlen(name);

	if (len == 0)
		return error_set(err, "the interface name is empty");
	if (len > INTERFACE_MAX)
		return error_set(err, "interface name %s is too long; the limit is %d bytes", quoted(name).text, INTERFACE_MAX);
	if (strpbrk(name, "/: \t\r\n\v\f") || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return error_set(err, "invalid interface name %s; '/', ':' and spaces are not allowed", quoted(name).text);
	return true;
}

static bool parse_named(const char *words, struct vm_spec *spec, struct error *err)
{
	size_t len = strcspn(words, ",");
	char *name = mem_strndup(words, len);

	if (!check_name(name, err)) {
		free(name);
		return false;
	}
	free(spec->ifname);
	spec->ifname = name;
	if (words[len] && !words[len + 1])
		return error_set(err, "nothing follows the last comma");
	free(spec->net_rest);
	spec->net_rest = words[len] ? mem_strdup(words + len + 1) : NULL;
	return true;
}

static bool unknown_mode(const char *word, struct error *err)
{
	static const struct synonym synonyms[] = {
		{ "nat", "user" }, { "slirp", "user" }, { "usermode", "user" }, { "vmnet", "user" }, { "bridged", "bridge,NAME" },
		{ "br", "bridge,NAME" }, { "host", "tap,NAME or bridge,NAME" }, { "hostonly", "tap,NAME" }, { "off", "none" },
		{ "no", "none" }, { NULL, NULL },
	};
	const char *meant = synonym_of(synonyms, word);

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcasecmp(word, modes[i].word) == 0)
			return error_set(err, "%s must be in lower case: %s", quoted(word).text, modes[i].word);
	}
	if (meant)
		return error_set(err, "%s is not a network mode; did you mean %s?", quoted(word).text, meant);
	return error_set(err, "%s is not a network mode; use user, tap,NAME, bridge,NAME or none", quoted(word).text);
}

bool vm_network_parse(struct vm_spec *spec, const char *text, struct error *err)
{
	size_t len = strcspn(text, ",");

	if (!*text)
		return true;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strlen(modes[i].word) != len || strncmp(text, modes[i].word, len) != 0)
			continue;
		spec->net = modes[i].mode;
		if (!modes[i].named)
			return !text[len] || error_set(err, "nothing may follow '%s'", modes[i].word);
		if (!text[len])
			return error_set(err, "'%s' needs an interface name, as in %s,%s", modes[i].word, modes[i].word,
			                 modes[i].mode == NET_TAP ? "tap0" : "br0");
		return parse_named(text + len + 1, spec, err);
	}

	char *word = mem_strndup(text, len);

	unknown_mode(word, err);
	free(word);
	return false;
}
