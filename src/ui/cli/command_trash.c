/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/format.h"
#include "core/base/str.h"
#include "core/vm/store.h"
#include "ui/cli/cli_ask.h"
#include "ui/cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *what_of(const struct trash_item *item)
{
	if (item->broken)
		return "unknown";
	return item->has_profile && item->has_state ? "profile and state" : item->has_profile ? "profile" : "state";
}

/* ID, when, size, name and what it is, with tabs between; then what is unusual. */
static void print_item(const struct trash_item *item)
{
	char size[32], when[32] = "-", *name = format_plain(item->name);
	struct tm tm;

	if (item->when && localtime_r(&item->when, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	printf("%s\t%s\t%s\t%s\t%s\n", item->id, when, format_size_narrow(item->size, size, sizeof(size)), name, what_of(item));
	free(name);
	if (item->broken)
		cli_note("warning: %s", item->broken);
	/* What was killed while it deleted or restored it leaves it where it was. */
	else if (item->has_profile && item->state && !item->has_state)
		cli_note("warning: %s: the state directory %s is not in the trash", item->id, item->state);
	else if (item->profile && !item->has_profile)
		cli_note("warning: %s: the profile %s is not in the trash", item->id, item->name);
}

static int list(const struct trash_list *trash)
{
	for (size_t i = 0; i < trash->count; i++)
		print_item(&trash->items[i]);
	return 0;
}

static int empty(struct store *store, const struct trash_list *trash, bool yes)
{
	uint64_t total = 0;
	struct error err;
	int status = 0;
	char size[32];

	for (size_t i = 0; i < trash->count; i++)
		total += trash->items[i].size;
	if (trash->count == 0)
		return cli_note("the trash is empty"), 0;
	if (!yes && !cli_may_ask("trash --empty"))
		return 1;
	if (!yes) {
		cli_note("Remove all %zu in the trash (%s) for good?", trash->count, format_size(total, size, sizeof(size)));
		if (cli_ask("y yes, Enter no: ") != 'y')
			return 1;
	}
	for (size_t i = 0; i < trash->count; i++)
		if (!store->purge(store, trash->items[i].id, &err))
			status = command_fail(&err);
	return status;
}

int command_trash(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct trash_list trash;
	struct error err;
	int status;

	if (!command_read_words(context, 0, argc, argv, &words))
		return 2;

	bool empties = command_words_value(&words, "--empty"), yes = command_words_value(&words, "--yes");

	if (yes && !empties)
		return command_usage(context, "--yes goes with --empty");
	if (!context->store->trash(context->store, &trash, &err))
		status = command_fail(&err);
	else
		status = empties ? empty(context->store, &trash, yes) : list(&trash);
	trash_list_finish(&trash);
	return status;
}

/* The item with this ID or name; NULL after printing that there is none, or that there are several. */
static const struct trash_item *find(const struct trash_list *trash, const char *word)
{
	const struct trash_item *found = NULL;
	struct str several;
	size_t count = 0;

	str_init(&several);
	for (size_t i = 0; i < trash->count; i++) {
		const struct trash_item *item = &trash->items[i];

		if (strcmp(item->id, word) != 0 && strcmp(item->name, word) != 0)
			continue;
		found = item;
		str_addf(&several, "%s%s", count++ ? ", " : "", item->id);
		if (strcmp(item->id, word) == 0) {
			count = 1;
			break;
		}
	}
	if (count > 1)
		cli_error("%zu in the trash are named %s; give the ID of one: %s", count, word, several.text);
	else if (!found)
		cli_error("%s is not in the trash; paddock trash lists what is", word);
	str_finish(&several);
	return count == 1 ? found : NULL;
}

int command_restore(const struct command_context *context, int argc, char **argv)
{
	struct store *store = context->store;
	const struct trash_item *item;
	struct command_words words;
	struct trash_list trash;
	struct error err;
	int status = 1;

	if (!command_read(context, argc, argv, &words))
		return 2;
	if (!store->trash(store, &trash, &err))
		command_fail(&err);
	else if ((item = find(&trash, words.name)) != NULL)
		status = item->broken ? cli_error("%s", item->broken) : store->undelete(store, item->id, &err) ? 0 : command_fail(&err);
	trash_list_finish(&trash);
	return status;
}
