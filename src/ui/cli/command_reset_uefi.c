/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/machines/reset_uefi.h"
#include "core/machines/resolve.h"
#include "ui/cli/command.h"

int command_reset_uefi(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct vm_target target;
	struct error err;
	bool removed, good;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!vm_target_find(words.name, context->store, context->records, &target, &err))
		return command_fail(&err);
	good = reset_uefi(target.has_config ? &target.config : NULL, target.state, &removed, &err);
	vm_target_finish(&target);
	if (!good)
		return cli_error("%s: %s", words.name, err.text);
	if (!removed)
		cli_note("%s has no stored UEFI variables", words.name);
	return 0;
}
