/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/nearest.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/base/str.h"
#include "core/machines/resolve.h"
#include "core/vm/store.h"
#include "ui/cli/command.h"
#include "ui/cli/text_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of diff, as of diff(1). */
enum { SAME, DIFFERS, TROUBLE };

struct target {
	struct store *store;
	const char *name;
	bool exists;		/* false: the profile was deleted */
	unsigned newest;	/* the revision that is the profile's text now; 0: it is not known */
};

/* Prints a text without what could control a terminal, but with its lines. */
static void print_lines(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		struct str line;
		char *plain;

		str_init(&line);
		str_add(&line, text, len);
		plain = format_plain(line.text);
		puts(plain);
		free(plain);
		str_finish(&line);
		text += len + (text[len] == '\n');
	}
}

static void print_revision(const struct target *target, const struct revision_item *item)
{
	const char *what = !item->readable ? "not a valid profile" : !item->changes ? "" : *item->changes ? item->changes
	                   : "comments or order";
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&item->when, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%4u  %s%s%s%s\n", item->number, when, *what ? "  " : "", what,
	       target->exists && item->number == target->newest ? "  (now)" : "");
}

static int list(const struct target *target)
{
	struct revision_list revisions;
	struct error err;
	int status = 0;

	if (!target->store->revisions(target->store, target->name, &revisions, &err))
		status = command_fail(&err);
	for (size_t i = 0; i < revisions.count; i++)
		print_revision(target, &revisions.items[i]);
	revision_list_finish(&revisions);
	return status;
}

static int show(const struct target *target, const char *text, unsigned number)
{
	(void)target;
	(void)number;
	print_lines(text);
	return 0;
}

static int diff(const struct target *target, const char *text, unsigned number)
{
	char *now = NULL, *name = format_plain(target->name);
	struct error err;
	struct str out;
	int status = TROUBLE;

	str_init(&out);
	if (!target->exists)
		cli_error("%s was deleted; paddock history %s show %u prints this revision", target->name, target->name, number);
	else if (!(now = target->store->text(target->store, target->name, &err)))
		command_fail(&err);
	else
		text_diff(text, now, &out);
	if (now)
		status = out.len ? DIFFERS : SAME;
	if (out.len)
		printf("--- %s: revision %u\n+++ %s: now\n", name, number, name);
	print_lines(out.text);
	str_finish(&out);
	free(name);
	free(now);
	return status;
}

static int restore(const struct target *target, const char *text, unsigned number)
{
	struct error err;

	(void)text;
	if (target->exists && number == target->newest) {
		cli_note("%s is as in revision %u already", target->name, number);
		return 0;
	}
	if (!target->store->restore(target->store, target->name, number, &err))
		return command_fail(&err);
	if (target->exists && target->newest)
		cli_note("%s is as in revision %u again; revision %u is what it was", target->name, number, target->newest);
	else
		cli_note("%s is as in revision %u again", target->name, number);
	return 0;
}

typedef int act_fn(const struct target *, const char *text, unsigned number);

static int act_on(const struct target *target, act_fn *act, unsigned number)
{
	struct error err;
	char *text = target->store->revision_text(target->store, target->name, number, &err);
	int status = text ? act(target, text, number) : command_fail(&err);

	if (!text && act == diff)
		status = TROUBLE;
	free(text);
	return status;
}

/* Prints why there is no history of this name, and returns false. */
static bool find(const struct command_context *context, const char *name, struct target *target)
{
	struct store *store = context->store;
	struct revision_list revisions;
	struct error err;
	bool known;

	*target = (struct target){ .store = store, .name = name, .exists = vm_target_is_profile(name, store) };
	/* What was changed with an editor since then is a revision too. */
	if (target->exists && !store->keep(store, name, &target->newest, &err))
		cli_note("warning: %s", err.text);
	known = store->revisions(store, name, &revisions, &err) && revisions.count;
	revision_list_finish(&revisions);
	if (!known && !target->exists)
		cli_error("%s is not a profile, and none of that name has a history", quoted(name).text);
	return known || target->exists;
}

int command_history(const struct command_context *context, int argc, char **argv)
{
	static const struct { const char *word; act_fn *act; } acts[] = { { "show", show }, { "diff", diff }, { "restore", restore } };
	struct command_words words;
	struct target target;
	struct error err;
	act_fn *act = NULL;
	uint64_t number;

	if (!command_read_words(context, 3, argc, argv, &words))
		return 2;
	if (!words.name)
		return command_usage(context, "NAME is missing");
	for (size_t i = 0; words.count == 3 && i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(words.words[1], acts[i].word) == 0)
			act = acts[i].act;
	if (words.count > 1 && !act)
		return command_usage(context, "after NAME comes `show N`, `diff N` or `restore N`");
	if (act && !number_parse(words.words[2], 1, UINT32_MAX - 1, &number, &err))
		return command_usage(context, "'%s' is not the number of a revision; paddock history NAME lists them", words.words[2]);
	if (!find(context, words.name, &target))
		return act == diff ? TROUBLE : 1;
	return act ? act_on(&target, act, (unsigned)number) : list(&target);
}
