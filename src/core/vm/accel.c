/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/quoted.h"
#include "core/base/yes_no.h"
#include "core/vm/grammar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool vm_switch_parse(const char *text, bool *out, struct error *err)
{
	if (yes_no_parse(text, out))
		return true;
	return error_set(err, "%s is not a boolean; use yes or no", quoted(text).text);
}

static bool check_accelerator(const char *name, struct error *err)
{
	/* QEMU itself reports if it lacks one of these; the plan warns about all but the first two. */
	static const char *const known[] = { "kvm", "tcg", "xen", "hvf", "whpx", "nvmm", "hax" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i]) == 0)
			return true;
		if (strcasecmp(name, known[i]) == 0)
			return error_set(err, "%s must be in lower case", quoted(name).text);
	}
	return error_set(err, "%s is not an accelerator; use auto, kvm, tcg, or kvm:tcg to try one after the other",
	                 quoted(name).text);
}

/* names: "kvm:tcg"; modified. */
static bool check_accelerators(char *names, struct error *err)
{
	for (char *next; names; names = next) {
		next = strchr(names, ':');
		if (next)
			*next++ = '\0';
		if (!check_accelerator(names, err))
			return false;
	}
	return true;
}

/* options: ",kernel-irqchip=off,..." or "" */
static bool check_options(const char *options, struct error *err)
{
	while (*options) {
		size_t len = strcspn(options + 1, ",");
		size_t key = strcspn(options + 1, ",=");

		if (key == 0 || key == len || key + 1 == len)
			return error_set(err, "options after an accelerator have the form KEY=VALUE, as in kvm,kernel-irqchip=off");
		options += 1 + len;
	}
	return true;
}

bool vm_accel_parse(const char *text, char **out, struct error *err)
{
	char *names = mem_strndup(text, strcspn(text, ","));
	bool good;

	*out = NULL;
	if (strcmp(text, "auto") == 0)
		good = true;
	else
		good = check_accelerators(names, err) && check_options(strchr(text, ',') ? strchr(text, ',') : "", err);
	if (good && strcmp(text, "auto") != 0)
		*out = mem_strdup(text);
	free(names);
	return good;
}
