/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/machines/discard.h"
#include "core/machines/resolve.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"
#include "ui/cli/cli_ask.h"
#include "ui/cli/command.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a NAME stands for: a profile, with its state directory if that is known, or a state directory alone. */
struct doomed {
	const char *word;
	char *profile, *state;
};

static void finish(struct doomed *doomed, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(doomed[i].profile);
		free(doomed[i].state);
	}
	free(doomed);
}

/* The profile that a word names, by its name or its UUID; NULL if it means something else, or on error. */
static char *profile_of(const struct command_context *context, const char *word, struct error *err)
{
	struct vm_target target;
	char *name;

	if (vm_target_is_profile(word, context->store))
		return mem_strdup(word);
	if (!vm_target_find(word, context->store, context->records, &target, err))
		return NULL;
	name = target.is_profile ? mem_strdup(target.config.name) : NULL;
	if (!name)
		error_set(err, "%s is not a profile or state directory; an image is not deleted here", word);
	vm_target_finish(&target);
	return name;
}

static bool find(const struct command_context *context, const char *word, bool with_state, struct doomed *out, struct error *err)
{
	out->word = word;
	if (!vm_target_is_profile(word, context->store) && image_detect(word) == BOOT_AUTO && kept_is_state_directory(word)) {
		out->state = path_full(word);
		return discard_state_check(context->store, NULL, out->state, err);
	}
	out->profile = profile_of(context, word, err);
	if (!out->profile || !discard_profile_check(context->store, context->records, out->profile, &out->state, err))
		return false;
	if (with_state && !out->state)
		return error_set(err, "the state directory of %s is not known", word);
	return !with_state || discard_state_check(context->store, out->profile, out->state, err);
}

/* True if the profile's state directory may be deleted with it. */
static bool may_take_state(const struct command_context *context, const struct doomed *doomed)
{
	struct error ignored;

	return doomed->state && discard_state_check(context->store, doomed->profile, doomed->state, &ignored);
}

/* Asks about one NAME. Sets *with_state; returns false after "no". */
static bool ask(const struct command_context *context, const struct doomed *doomed, bool *with_state)
{
	char *shown = doomed->state ? path_shorten(doomed->state) : NULL;
	bool may = !doomed->profile || may_take_state(context, doomed);
	char *size = may ? discard_state_text(doomed->state) : NULL;
	char answer;

	if (!doomed->profile)
		cli_note("Move the state directory %s (%s) to the trash?", shown, size);
	else if (*with_state)
		cli_note("Move the profile %s and its state directory %s (%s) to the trash?", doomed->profile, shown, size);
	else
		cli_note("Move the profile %s to the trash? Its disks and its state directory stay.", doomed->profile);
	if (!doomed->profile || *with_state || !may) {
		answer = cli_ask("y yes, Enter no: ");
	} else {
		char *prompt = mem_printf("y yes, s also the state directory %s (%s), Enter no: ", shown, size);

		answer = cli_ask(prompt);
		*with_state = answer == 's';
		free(prompt);
	}
	free(size);
	free(shown);
	return answer == 'y' || *with_state;
}

static bool discard(const struct command_context *context, const struct doomed *doomed, bool with_state)
{
	struct error err;

	if (context->store->discard(context->store, doomed->profile, !doomed->profile || with_state ? doomed->state : NULL, NULL, &err))
		return true;
	command_fail(&err);
	return false;
}

int command_rm(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct doomed *doomed;
	struct error err;
	int status = 0;

	if (!command_read_words(context, SIZE_MAX, argc, argv, &words))
		return 2;
	if (!words.name)
		return command_usage(context, "NAME is missing");

	bool yes = command_words_value(&words, "--yes"), with_state = command_words_value(&words, "--state");

	/* Nothing is moved if one of them is wrong. */
	doomed = mem_array(words.count, sizeof(*doomed));
	for (size_t i = 0; i < words.count; i++)
		if (!find(context, words.words[i], with_state, &doomed[i], &err))
			status = command_fail(&err);
	if (status == 0 && !yes && !cli_may_ask("rm"))
		status = 1;
	for (size_t i = 0; i < words.count && status == 0; i++) {
		bool state_too = with_state;

		if ((yes || ask(context, &doomed[i], &state_too)) && !discard(context, &doomed[i], state_too))
			status = 1;
	}
	finish(doomed, words.count);
	return status;
}
