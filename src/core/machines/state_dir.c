/* SPDX-License-Identifier: MIT */
#include "core/machines/state_dir.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/strv.h"
#include "core/qemu/host/gather.h"
#include "core/vm/config.h"
#include "core/vm/kept.h"
#include "core/vm/spec.h"
#include "core/vm/store.h"

#include <stdlib.h>
#include <string.h>

char *state_dir_of(const struct vm_config *config)
{
	const char *state = vm_config_get(config, SET_STATE), *image = vm_config_get(config, SET_IMAGE);
	bool given = state && *state, elsewhere;

	if (!given && !(image && *image))
		return NULL;

	char *place = path_expand(given ? state : image);
	if (!given) {
		char *full = place;

		place = host_state_place(full, config->name ? config->name : "", &elsewhere);
		free(full);
	}

	char *full = path_full(place);
	free(place);
	return full;
}

char *state_dir_uuid_of(const struct vm_config *config, const char *state)
{
	const char *written = vm_config_get(config, SET_UUID);
	char uuid[37];
	struct error ignored;

	if (written && *written)
		return vm_uuid_parse(written, uuid, &ignored) ? mem_strdup(uuid) : NULL;
	return state && kept_uuid(state, uuid) ? mem_strdup(uuid) : NULL;
}

char *state_dir_owner_of(struct store *store, const char *own_name, const char *wanted)
{
	struct strv names = { 0 };
	struct error ignored;
	char *owner = NULL;

	if (!store->names(store, &names, &ignored))
		names = (struct strv){ 0 };
	for (size_t i = 0; i < names.count && !owner; i++) {
		struct vm_config other;
		struct store_revision revision;

		vm_config_init(&other, CONFIG_PROFILE);
		if (strcmp(names.items[i], own_name) != 0 && store->load(store, names.items[i], &other, &revision, &ignored)) {
			char *theirs = state_dir_of(&other);

			if (theirs && path_same(theirs, wanted))
				owner = mem_strdup(names.items[i]);
			free(theirs);
		}
		vm_config_finish(&other);
	}
	strv_finish(&names);
	return owner;
}

char *state_dir_owner(struct store *store, const struct vm_config *config)
{
	char *state = state_dir_of(config);
	char *owner = state && config->name ? state_dir_owner_of(store, config->name, state) : NULL;

	free(state);
	return owner;
}
