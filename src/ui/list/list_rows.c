/* SPDX-License-Identifier: MIT */
#include "ui/list/list_view_impl.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "ui/kit/app.h"
#include "ui/list/list_filter.h"
#include "ui/model/model.h"
#include "ui/session.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rows. */

size_t list_items_in(const struct list_view *list, int kind)
{
	const struct group *group = &list->groups[kind];

	return group->match != NULL ? group->match_count : model_count(session_model(list->view.app), (enum item_kind)kind);
}

static size_t rows_of(const struct list_view *list, int kind)
{
	size_t items = list_items_in(list, kind);

	return items == 0 ? 0 : list->groups[kind].folded ? 1 : 1 + items;
}

size_t list_row_count(const struct list_view *list)
{
	size_t rows = 0;

	for (int kind = 0; kind < ITEM_KINDS; kind++)
		rows += rows_of(list, kind);
	return rows;
}

const struct item *list_item_at(const struct list_view *list, enum item_kind kind, size_t index)
{
	const struct group *group = &list->groups[kind];

	if (group->match != NULL)
		index = index < group->match_count ? group->match[index] : (size_t)-1;
	return model_item(session_model(list->view.app), kind, index);
}

bool list_row_at(const struct list_view *list, size_t row, enum item_kind *kind, const struct item **item)
{
	for (int k = 0; k < ITEM_KINDS; k++) {
		size_t rows = rows_of(list, k);

		if (row < rows) {
			*kind = (enum item_kind)k;
			*item = row == 0 ? NULL : list_item_at(list, (enum item_kind)k, row - 1);
			return true;
		}
		row -= rows;
	}
	return false;
}

bool list_line_at(const struct list_view *list, int line, enum item_kind *kind, const struct item **item)
{
	return line < list->scroller.page && list_row_at(list, list->scroller.top + (size_t)line, kind, item);
}

size_t list_first_row(const struct list_view *list, enum item_kind kind)
{
	size_t rows = 0;

	for (int k = 0; k < (int)kind; k++)
		rows += rows_of(list, k);
	return rows;
}

static bool find_in_any_order(const struct list_view *list, enum item_kind kind, const char *name, size_t *row)
{
	for (size_t i = 0; i < list_items_in(list, kind); i++) {
		const struct item *item = list_item_at(list, kind, i);

		if (item != NULL && strcmp(item->name, name) == 0) {
			*row = list_first_row(list, kind) + 1 + i;
			return true;
		}
	}
	return false;
}

bool list_find_row(const struct list_view *list, enum item_kind kind, const char *name, size_t *row)
{
	size_t low = 0, high = list_items_in(list, kind);

	if (list->groups[kind].folded)
		return false;
	if (list->groups[kind].match != NULL)
		return find_in_any_order(list, kind, name, row);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct item *item = list_item_at(list, kind, middle);
		int order = item != NULL ? strcmp(item->name, name) : 1;

		if (order == 0) {
			*row = list_first_row(list, kind) + 1 + middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Filter and order. */

struct ranked {
	int score;
	size_t place;		/* in the list's order */
	size_t index;		/* of the model's item */
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a, *two = b;

	if (one->score != two->score)
		return one->score < two->score ? 1 : -1;
	return (one->place > two->place) - (one->place < two->place);
}

/* Keeps what matches, best match first. Returns the score of the first. */
static int filter_group(const struct model *model, enum item_kind kind, const struct list_filter *filter, struct group *group)
{
	struct ranked *ranked = mem_array(group->match_count + 1, sizeof(ranked[0]));
	const struct running_vm **machines = filter->by_state ? model_machines_of(model, kind) : NULL;
	time_t now = time(NULL);
	size_t count = 0;
	int best;

	for (size_t place = 0; place < group->match_count; place++) {
		size_t index = group->match[place];
		const struct item *item = model_item(model, kind, index);
		const char *name = kind == ITEM_PROFILE ? item->name : path_base(item->name);
		struct status status;

		if (machines != NULL)
			item_status(item, machines[index], now, &status);

		int score = list_filter_score(filter, name, machines != NULL ? &status : NULL);

		if (score > 0)
			ranked[count++] = (struct ranked){ score, place, index };
	}
	qsort(ranked, count, sizeof(ranked[0]), compare_ranked);
	for (size_t i = 0; i < count; i++)
		group->match[i] = ranked[i].index;
	group->match_count = count;
	best = count > 0 ? ranked[0].score : 0;
	free(ranked);
	free(machines);
	return best;
}

enum item_kind list_count_rows(struct list_view *list)
{
	struct model *model = session_model(list->view.app);
	struct list_filter filter = { 0 };
	enum item_kind best = ITEM_PROFILE;
	int best_score = 0;

	list_filter_parse(&filter, list->filter);
	list->generation = model_generation(model);
	list->by_state = filter.by_state || list->order == ORDER_STATE;
	for (enum item_kind kind = 0; kind < ITEM_KINDS; kind++) {
		struct group *group = &list->groups[kind];
		size_t count = model_count(model, kind);
		int score;

		free(group->match);
		group->match = NULL;
		group->match_count = 0;
		if (filter.count == 0 && list->order == ORDER_NAME)
			continue;
		group->match = mem_array(count > 0 ? count : 1, sizeof(group->match[0]));
		group->match_count = count;
		for (size_t i = 0; i < count; i++) {
			group->match[i] = i;
			if (list->by_state)
				model_want(model, model_item(model, kind, i));
		}
		if (list->order != ORDER_NAME)
			list_order_sort(model, kind, list->order, group->match, group->match_count);
		if (filter.count == 0)
			continue;
		score = filter_group(model, kind, &filter, group);
		if (score > best_score) {
			best_score = score;
			best = kind;
		}
	}
	list_filter_finish(&filter);
	return best;
}
