/* SPDX-License-Identifier: MIT */
#include "core/control/slots.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/qemu/plan/plan_data.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS_MAX 32

struct slot_search {
	struct control_job *job;
	control_slot_fn *fn;
	unsigned slot;		/* that is asked about, from 1 */
};

bool slot_is_free(const char *json)
{
	json_t *root = json_loads(json, 0, NULL);
	bool has_free = json_is_array(root);
	const json_t *property;
	size_t i;

	/* A device on a bus is a link "child[0]". */
	json_array_foreach(root, i, property) {
		const char *name = json_string_value(json_object_get(property, "name"));

		has_free = has_free && name && !text_starts(name, "child[");
	}
	json_decref(root);
	return has_free;
}

static void ask(struct slot_search *search);

static void came(void *data, const char *result, const char *error)
{
	struct slot_search *search = data;
	char name[32];
	bool taken = result && !slot_is_free(result);

	(void)error;
	snprintf(name, sizeof(name), PLAN_SLOT_ID "%u", search->slot);
	if (taken && search->slot < SLOTS_MAX) {
		search->slot++;
		ask(search);
		return;
	}
	/* An error: there is no port of this number. */
	search->fn(search->job, result && !taken ? SLOT_FREE : search->slot > 1 || taken ? SLOTS_FULL : SLOTS_NONE,
	           result && !taken ? name : NULL);
	free(search);
}

static void ask(struct slot_search *search)
{
	char arguments[128];

	/* The bus of a port has its name. */
	snprintf(arguments, sizeof(arguments), "{\"path\":\"/machine/peripheral/" PLAN_SLOT_ID "%u/" PLAN_SLOT_ID "%u\"}", search->slot,
	         search->slot);
	keeper_qmp(search->job->client, "qom-list", arguments, came, search);
}

void control_find_slot(struct control_job *job, control_slot_fn *fn)
{
	struct slot_search *search = mem_alloc(sizeof(*search));

	*search = (struct slot_search){ .job = job, .fn = fn, .slot = 1 };
	ask(search);
}
