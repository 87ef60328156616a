/* SPDX-License-Identifier: MIT */
#include "ui/cli/options.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/vm/spec.h"
#include "ui/cli/option_table.h"

#include <stdlib.h>
#include <string.h>

#define VERBOSE_MAX 3

/* What the command line says about a boot mode. */
enum choice { UNSAID, WANTED, UNWANTED };

struct parser {
	struct option_reader reader;
	int path_at;			/* index of the path in words */
	bool backend;			/* a "qemu" before the path was skipped */
	struct run_options *out;
	enum choice boot[BOOT_MODES];
	struct error *err;
};

/* Reports an unexpected word. It may be the value of a switch, as in "--uefi true web.img", or a backend of the reference. */
static bool one_too_many(const struct parser *p, const char *word)
{
	static const char *const backends[] = {
		"hyperkit", "vbox", "vmware", "virtualization", "virtualization.framework", "hyperv", "vcenter", "aws", "azure", "gcp",
		"equinixmetal", "packet", "openstack", "scaleway",
	};
	const char *before = p->path_at > 0 ? p->reader.words[p->path_at - 1] : "";
	const struct cli_option *option = option_find(p->reader.set->options, before, strlen(before));
	bool ignored;

	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (strcmp(p->out->path, backends[i]) == 0)
			return error_set(p->err, "backend %s is not supported; omit it to run %s with QEMU",
			                 quoted(p->out->path).text, quoted(word).text);
	if (option && !option->value && option->takes != TAKES_NUMBER && option_switch_parse(p->out->path, &ignored))
		return error_set(p->err, "unexpected argument %s; write %s=%s", quoted(p->out->path).text,
		                 option_name(option), p->out->path);
	return error_set(p->err, "unexpected argument %s; the image is %s", quoted(word).text,
	                 quoted(p->out->path).text);
}

static bool path_is_missing(const struct parser *p)
{
	const struct cli_option *option = p->reader.option;
	const char *value = p->reader.text;
	struct error ignored;

	/* The last word was probably meant as the image if it is not a valid value of its option, or could be a file. */
	if (option && option->use == OPTION_SETTING && p->reader.apart &&
	    (!vm_value_check(option->setting, value, &ignored) || (option->setting == SET_DISK && !strpbrk(value, "=,"))))
		return error_set(p->err, "the path of an image is missing; %s was taken as the value of %s", quoted(value).text,
		                 option_name(option));
	return error_set(p->err, "the path of an image is missing");
}

static bool take_path(struct parser *p, const char *word)
{
	/* Users of the reference may type "run qemu PATH", where the first word was the backend. */
	if (text_equal(p->out->path, "qemu") && !p->backend) {
		p->backend = true;
		p->out->path = NULL;
	}
	if (p->out->path)
		return one_too_many(p, word);
	if (!*word)
		return error_set(p->err, "the path of the image is empty");
	p->out->path = word;
	p->path_at = p->reader.at - 1;
	vm_config_set(&p->out->config, SET_IMAGE, word);
	return true;
}

static bool take_option(struct parser *p, const struct cli_option *option)
{
	struct run_options *out = p->out;
	const char *text = p->reader.text;
	bool on = p->reader.on;
	struct error ignored;
	uint64_t number;

	switch (option->use) {
	case OPTION_MODE:
		p->boot[option->mode] = on ? WANTED : UNWANTED;
		break;
	case OPTION_DETACHED:
		out->detached = on;
		break;
	case OPTION_RM:
		out->rm = on;
		break;
	case OPTION_RAW:
		out->raw = on;
		break;
	case OPTION_QUIET:
		out->quiet = on;
		break;
	case OPTION_VERBOSE:
		if (!number_parse(text, 0, VERBOSE_MAX, &number, &ignored))
			return error_set(p->err, "--verbose: %s is not a number from 0 to %d", quoted(text).text, VERBOSE_MAX);
		out->verbose = (unsigned)number;
		break;
	case OPTION_TIMEOUT:
		if (!number_parse(text, 1, 86400, &number, p->err))
			return error_prefix(p->err, "--timeout %s", text);
		out->timeout = (unsigned)number;
		break;
	case OPTION_SAVE:
		out->save = text;
		break;
	default:
		if (option->takes == TAKES_SWITCH)
			text = on ? "yes" : "no";
		if (setting_info(option->setting)->repeatable)
			vm_config_add(&out->config, option->setting, text);
		else
			vm_config_set(&out->config, option->setting, text);
	}
	return true;
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

enum options_result options_parse(int count, char *const *words, struct run_options *out, struct error *err)
{
	struct parser p = {
		.reader = { .set = run_options_known(), .words = words, .count = count }, .out = out, .err = err,
	};
	enum option_outcome outcome;
	size_t len;
	char *path;

	*out = (struct run_options){ 0 };
	vm_config_init(&out->config, CONFIG_COMMAND_LINE);
	while ((outcome = option_next(&p.reader, err)) == OPTION_READ) {
		const struct cli_option *option = p.reader.option;

		if (option && option->use == OPTION_HELP)
			return OPTIONS_HELP;
		if (option ? !take_option(&p, option) : !take_path(&p, p.reader.text))
			return OPTIONS_USAGE;
	}
	if (outcome == OPTION_WRONG)
		return OPTIONS_USAGE;
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

	/* The last component, even of "a/lk//". */
	for (len = strlen(out->path); len > 1 && out->path[len - 1] == '/';)
		len--;
	path = mem_strndup(out->path, len);
	out->config.name = mem_strdup(path_base(path));
	free(path);
	return OPTIONS_OK;
}

void run_options_finish(struct run_options *options)
{
	vm_config_finish(&options->config);
	*options = (struct run_options){ 0 };
}
