/* SPDX-License-Identifier: MIT */
#include "ui/cli/options.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/yes_no.h"
#include "core/vm/spec.h"
#include "ui/cli/option_table.h"

#include <stdlib.h>
#include <string.h>

#define VERBOSE_MAX 3

/* What the command line says about a boot mode. */
enum choice { UNSAID, WANTED, UNWANTED };

struct parser {
	int count;
	char *const *words;
	int at;				/* the word being read */
	int path_at;			/* index of the path in words */
	const struct option_row *valued;	/* the option whose value is the last word read; NULL: none */
	bool backend;			/* a "qemu" before the path was skipped */
	struct run_options *out;
	enum choice boot[BOOT_MODES];
	struct error *err;
};

/* The words of profiles, and the letters that the reference (Go's strconv.ParseBool) also accepts. */
static bool parse_switch(const char *text, bool *out)
{
	bool is_letter = text[0] != '\0' && strchr("tTfF", text[0]) && text[1] == '\0';

	if (is_letter)
		*out = text[0] == 't' || text[0] == 'T';
	return is_letter || yes_no_parse(text, out);
}

/* -v alone means 1; a number may follow directly or as the next word. */
static bool take_verbose(struct parser *p, const char *value)
{
	uint64_t level = 1;
	struct error ignored;

	if (!value && p->at + 1 < p->count && number_parse(p->words[p->at + 1], 0, UINT64_MAX, &level, &ignored))
		value = p->words[++p->at];
	if (value && !number_parse(value, 0, VERBOSE_MAX, &level, &ignored))
		return error_set(p->err, "--verbose: %s is not a number from 0 to %d", quoted(value).text, VERBOSE_MAX);
	p->out->verbose = (unsigned)level;
	return true;
}

static void take_switch(struct parser *p, const struct option_row *row, bool on)
{
	switch (row->kind) {
	case OPTION_MODE:
		p->boot[row->mode] = on ? WANTED : UNWANTED;
		break;
	case OPTION_DETACHED:
		p->out->detached = on;
		break;
	case OPTION_RM:
		p->out->rm = on;
		break;
	case OPTION_RAW:
		p->out->raw = on;
		break;
	case OPTION_QUIET:
		p->out->quiet = on;
		break;
	default:
		vm_config_set(&p->out->config, row->setting, on ? "yes" : "no");
		break;
	}
}

/* True if the value of the option is missing. The values of some options never begin with a dash. */
static bool is_forgotten(const struct parser *p, const struct option_row *row)
{
	static const enum vm_setting never[] = {
		SET_CPUS, SET_MEMORY, SET_ARCH, SET_CPU, SET_ACCEL, SET_UUID, SET_NETWORK, SET_MAC, SET_PUBLISH,
	};

	if (p->at + 1 >= p->count)
		return true;

	const char *next = p->words[p->at + 1];

	if (next[0] != '-' || !option_find(next, strcspn(next, "=")))
		return false;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (row->setting == never[i])
			return true;
	return false;
}

static bool take_timeout(struct parser *p, const char *value)
{
	uint64_t seconds;

	if (!number_parse(value, 1, 86400, &seconds, p->err))
		return error_prefix(p->err, "--timeout %s", value);
	p->out->timeout = (unsigned)seconds;
	return true;
}

static bool take_value(struct parser *p, const struct option_row *row, const char *value)
{
	if (!value && is_forgotten(p, row))
		return error_set(p->err, "%s needs a value: %s %s", option_row_name(row), option_row_name(row), row->value);
	if (!value) {
		value = p->words[++p->at];
		p->valued = row;
	}
	if (row->kind == OPTION_TIMEOUT)
		return take_timeout(p, value);
	if (row->kind == OPTION_SAVE)
		p->out->save = value;
	else if (setting_info(row->setting)->repeatable)
		vm_config_add(&p->out->config, row->setting, value);
	else
		vm_config_set(&p->out->config, row->setting, value);
	return true;
}

static bool take_option(struct parser *p, const struct option_row *row, const char *value)
{
	bool on = true;

	if (row->kind == OPTION_VALUE || row->kind == OPTION_SAVE || row->kind == OPTION_TIMEOUT)
		return take_value(p, row, value);
	if (row->kind == OPTION_VERBOSE)
		return take_verbose(p, value);
	if (value && !parse_switch(value, &on))
		return error_set(p->err, "%s: %s is neither true nor false", option_row_name(row), quoted(value).text);
	take_switch(p, row, on);
	return true;
}

static bool unknown_option(const char *word, size_t len, struct error *err)
{
	char *name = mem_strndup(word, len);
	const char *near = option_nearest(name + strspn(name, "-"));

	if (near)
		error_set(err, "unknown option %s; did you mean %s?", quoted(name).text, near);
	else
		error_set(err, "unknown option %s; see --help, or pass it to QEMU with --arg=ARGUMENT", quoted(name).text);
	free(name);
	return false;
}

/* Users of the reference may type "run qemu PATH", where the first word was the backend. */
static bool is_backend(const struct parser *p)
{
	return strcmp(p->out->path, "qemu") == 0 && !p->backend;
}

/* Reports an unexpected word. It may be the value of a switch, as in "--uefi true web.img", or a backend of the reference. */
static bool one_too_many(const struct parser *p, const char *word)
{
	static const char *const backends[] = {
		"hyperkit", "vbox", "vmware", "virtualization", "virtualization.framework", "hyperv", "vcenter", "aws", "azure", "gcp",
		"equinixmetal", "packet", "openstack", "scaleway",
	};
	const char *before = p->path_at > 0 ? p->words[p->path_at - 1] : "";
	const struct option_row *row = option_find(before, strlen(before));
	bool ignored;

	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (strcmp(p->out->path, backends[i]) == 0)
			return error_set(p->err, "backend %s is not supported; omit it to run %s with QEMU",
			                 quoted(p->out->path).text, quoted(word).text);
	if (row && !row->value && row->kind != OPTION_VERBOSE && parse_switch(p->out->path, &ignored))
		return error_set(p->err, "unexpected argument %s; write %s=%s", quoted(p->out->path).text,
		                 option_row_name(row), p->out->path);
	return error_set(p->err, "unexpected argument %s; the image is %s", quoted(word).text,
	                 quoted(p->out->path).text);
}

static bool path_is_missing(const struct parser *p)
{
	const struct option_row *row = p->valued;
	const char *value = p->count > 0 ? p->words[p->count - 1] : "";
	struct error ignored;

	/* The last word was probably meant as the image if it is not a valid value of its option, or could be a file. */
	if (row && row->kind == OPTION_VALUE && (!vm_value_check(row->setting, value, &ignored) ||
	            (row->setting == SET_DISK && !strpbrk(value, "=,"))))
		return error_set(p->err, "the path of an image is missing; %s was taken as the value of %s", quoted(value).text,
		                 option_row_name(row));
	return error_set(p->err, "the path of an image is missing");
}

static bool take_path(struct parser *p, const char *word)
{
	if (p->out->path && is_backend(p)) {
		p->backend = true;
		p->out->path = NULL;
	}
	if (p->out->path)
		return one_too_many(p, word);
	if (!*word)
		return error_set(p->err, "the path of the image is empty");
	p->out->path = word;
	p->path_at = p->at;
	vm_config_set(&p->out->config, SET_IMAGE, word);
	return true;
}

/* Reads one word, and the next one if that is its value. */
static enum options_result take_word(struct parser *p)
{
	const char *word = p->words[p->at];
	size_t len = strcspn(word, "=");

	if (word[0] != '-' || !word[1])
		return take_path(p, word) ? OPTIONS_OK : OPTIONS_USAGE;
	if (word[1] == 'v' && word[2] && !word[2 + strspn(word + 2, "0123456789")])
		return take_verbose(p, word + 2) ? OPTIONS_OK : OPTIONS_USAGE;

	const struct option_row *row = option_find(word, len);

	if (!row)
		return unknown_option(word, len, p->err), OPTIONS_USAGE;
	if (row->kind == OPTION_HELP)
		return OPTIONS_HELP;
	return take_option(p, row, word[len] ? word + len + 1 : NULL) ? OPTIONS_OK : OPTIONS_USAGE;
}

/* Sets the boot mode that was asked for, at most one, and remembers the excluded ones (D40). */
static bool choose_boot(struct parser *p)
{
	enum boot_mode wanted = BOOT_AUTO;

	for (int mode = 0; mode < BOOT_MODES; mode++) {
		if (p->boot[mode] == UNWANTED)
			p->out->config.boot_excluded |= 1u << mode;
		if (p->boot[mode] != WANTED)
			continue;
		if (wanted != BOOT_AUTO)
			return error_set(p->err, "--%s and --%s cannot be used together", boot_mode_name(wanted),
			                 boot_mode_name((enum boot_mode)mode));
		wanted = (enum boot_mode)mode;
	}
	if (wanted != BOOT_AUTO)
		vm_config_set(&p->out->config, SET_BOOT_MODE, boot_mode_name(wanted));
	return true;
}

static char *name_of(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;

	char *trimmed = mem_strndup(path, len);
	char *name = mem_strdup(path_base(trimmed));

	free(trimmed);
	return name;
}

enum options_result options_parse(int count, char *const *words, struct run_options *out, struct error *err)
{
	struct parser p = { .count = count, .words = words, .out = out, .err = err };
	bool options = true;

	*out = (struct run_options){ 0 };
	vm_config_init(&out->config, CONFIG_COMMAND_LINE);
	for (; p.at < count; p.at++) {
		enum options_result result = OPTIONS_OK;

		p.valued = NULL;
		if (options && strcmp(words[p.at], "--") == 0)
			options = false;
		else if (options)
			result = take_word(&p);
		else if (!take_path(&p, words[p.at]))
			result = OPTIONS_USAGE;
		if (result != OPTIONS_OK)
			return result;
	}
	if (!out->path)
		return path_is_missing(&p), OPTIONS_USAGE;
	if (out->quiet && out->verbose)
		return error_set(err, "--quiet and --verbose cannot be used together"), OPTIONS_USAGE;
	if (out->rm && out->detached)
		return error_set(err, "--rm and --detached cannot be used together"), OPTIONS_USAGE;
	if (out->timeout && !out->detached)
		return error_set(err, "--timeout needs --detached"), OPTIONS_USAGE;
	if (!choose_boot(&p))
		return OPTIONS_USAGE;
	out->config.name = name_of(out->path);
	return OPTIONS_OK;
}

void run_options_finish(struct run_options *options)
{
	vm_config_finish(&options->config);
	*options = (struct run_options){ 0 };
}
