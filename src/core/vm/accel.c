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
	char *names, *rest, *name;
	bool good = true;

	*out = NULL;
	if (strcmp(text, "auto") == 0)
		return true;
	names = rest = mem_strndup(text, strcspn(text, ","));
	while (good && (name = strsep(&rest, ":")))
		good = check_accelerator(name, err);
	free(names);
	if (good && check_options(text + strcspn(text, ","), err))
		*out = mem_strdup(text);
	return *out;
}
