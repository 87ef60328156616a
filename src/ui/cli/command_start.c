/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/keeper/run/started.h"
#include "core/machines/resolve.h"
#include "core/machines/start.h"
#include "ui/cli/command.h"
#include "ui/cli/cli_start.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The keeper exists; it reports whether QEMU runs. */
static int join(const char *word, const struct vm_target *target, uint64_t seconds)
{
	struct start_wait wait = cli_start_wait(seconds);
	struct error err;

	if (start_join(&target->entry, &wait, &err) == START_FAILED)
		return cli_error("%s: %s", target->entry.name, err.text);
	return cli_note_running(word);
}

/* Returns false if the VM should not be started. */
static bool ask_for_last(const char *name, const char *differences, bool *take)
{
	char answer[16];

	cli_note("%s: its last start had %s", name, differences);
	fputs("paddock: start it the same way? Y yes, n with defaults, q do not start: ", stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	*take = strchr("yY\n", answer[0]) != NULL;
	return *take || answer[0] == 'n' || answer[0] == 'N';
}

/*
 * Without a profile, a VM starts with defaults or with the options of its last start. The command's options decide, or
 * the answer on a terminal; otherwise it starts with defaults and a message says so. Returns false if it should not be
 * started; *status is then the exit status.
 */
static bool choose_options(const struct command_context *context, const struct command_words *words, const char *word,
                           struct vm_target *target, int *status)
{
	bool take = command_words_value(words, "--last"), asked = take || command_words_value(words, "--defaults");
	const char *name = target->config.name;
	struct last_options last = { 0 };
	bool good = true;

	if (target->is_profile && asked) {
		good = false;
		*status = cli_error("%s is a profile and starts with its own settings; --last and --defaults apply only to images and state directories",
		                    word);
	} else if (target->is_profile || !target->state ||
	           !started_offer(context->records, target->state, &target->config, &last)) {
		take = false;
	} else if (!asked && isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
		good = ask_for_last(name, last.differences, &take);
		*status = 1;
	} else if (!asked) {
		cli_note("%s starts with defaults; its last start had %s (--last uses that again, --defaults hides this message)", name,
		         last.differences);
	}
	if (take && last.lacks_data)
		cli_note("warning: the last start of %s had a --data text, which is not stored", name);
	if (take)
		vm_config_copy(&target->config, &last.config);
	last_options_finish(&last);
	return good;
}

/* check: only whether there is such a VM. Returns the exit status. */
static int start_word(const struct command_context *context, const struct command_words *words, const char *word, uint64_t seconds,
                      bool check)
{
	struct vm_target target;
	struct error err;
	int status = check ? 0 : 1;

	if (!vm_target_find(word, context->store, context->records, &target, &err))
		return command_fail(&err);
	if (!check && target.running)
		status = join(word, &target, seconds);
	else if (!check && choose_options(context, words, word, &target, &status))
		status = cli_start_vm(context, word, &target.config, seconds);
	vm_target_finish(&target);
	return status;
}

int command_start(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct error err;
	uint64_t seconds = 0;
	int status = 0;

	if (!command_read_words(context, SIZE_MAX, argc, argv, &words))
		return 2;

	const char *timeout = command_words_value(&words, "--timeout");

	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (timeout && !number_parse(timeout, 1, 86400, &seconds, &err))
		return command_usage(context, "--timeout %s: %s", timeout, err.text);
	if (command_words_value(&words, "--last") && command_words_value(&words, "--defaults"))
		return command_usage(context, "--last and --defaults cannot be used together");
	/* A wrong name starts none of them. */
	for (size_t i = 0; i < words.count; i++)
		status |= start_word(context, &words, words.words[i], seconds, true);
	for (size_t i = 0, failed = (size_t)status; i < words.count && !failed; i++)
		status |= start_word(context, &words, words.words[i], seconds, false);
	return status;
}
