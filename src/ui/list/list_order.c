/* SPDX-License-Identifier: MIT */
#include "ui/list/list_order.h"

#include "core/base/alloc.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *list_order_word(enum list_order order)
{
	static const char *const words[LIST_ORDERS] = {
		[ORDER_NAME] = "name", [ORDER_STATE] = "state", [ORDER_CPU] = "cpu", [ORDER_MEMORY] = "memory", [ORDER_UPTIME] = "uptime",
	};

	return words[order];
}

enum list_order list_order_named(const char *word)
{
	for (enum list_order order = 0; order < LIST_ORDERS; order++)
		if (strcmp(word, list_order_word(order)) == 0)
			return order;
	return ORDER_NAME;
}

#define FAR_FUTURE 1e12	/* seconds since 1970; the time of a start is less */
#define OFF (-1.0)	/* the figure of an item that does not run */

static double figure_of(const struct model *model, const struct running_vm *machine, enum list_order order)
{
	const struct usage *usage = model_usage(model, machine);

	switch (order) {
	case ORDER_CPU:
		return usage != NULL && usage_figures(usage)->cpu > 0 ? usage_figures(usage)->cpu : 0;
	case ORDER_MEMORY:
		return usage != NULL ? (double)usage_figures(usage)->resident : 0;
	case ORDER_UPTIME:
		return FAR_FUTURE - (double)machine->started;
	default:
		return 0;
	}
}

static double figure_of_state(const struct item *item, const struct running_vm *machine, time_t now)
{
	struct status status;

	item_status(item, machine, now, &status);
	return status.running ? 2 : status_is_bad(status.kind) ? 1 : 0;
}

static int compare(const void *a, const void *b, void *data)
{
	const double *figures = data;
	size_t one = *(const size_t *)a, two = *(const size_t *)b;

	if (figures[one] != figures[two])
		return figures[one] < figures[two] ? 1 : -1;
	return (one > two) - (one < two);
}

void list_order_sort(const struct model *model, enum item_kind kind, enum list_order order, size_t *indexes, size_t count)
{
	size_t all = model_count(model, kind);
	double *figures = mem_array(all + 1, sizeof(figures[0]));
	time_t now = time(NULL);
	const struct running_vm **machines = model_machines_of(model, kind);

	for (size_t i = 0; i < all; i++)
		figures[i] = order == ORDER_STATE ? figure_of_state(model_item(model, kind, i), machines[i], now) :
		             machines[i] != NULL ? figure_of(model, machines[i], order) : OFF;
	free(machines);
	qsort_r(indexes, count, sizeof(indexes[0]), compare, figures);
	free(figures);
}
