/* SPDX-License-Identifier: MIT */
#include "core/machines/profile_change.h"

#include "core/base/error.h"
#include "core/vm/same_value.h"
#include "core/vm/store.h"

/* Returns false if nothing has to be changed. */
static bool change(struct vm_config *config, enum vm_setting setting, enum setting_action action, const char *value)
{
	struct strv *values = &config->value[setting];
	size_t at = 0;

	while (at < values->count && !vm_value_same(setting, values->items[at], value))
		at++;
	if (action == SETTING_SET && at == 0 && values->count == 1)
		return false;
	if (action == SETTING_SET)
		vm_config_set(config, setting, value);
	else if ((action == SETTING_ADD) == (at < values->count))
		return false;
	else if (action == SETTING_ADD)
		vm_config_add(config, setting, value);
	else
		strv_remove(values, at);
	return true;
}

bool profile_edit_saved(struct store *store, const char *name, profile_edit_fn *edit, void *data, struct error *err)
{
	enum store_outcome outcome = STORE_CHANGED;

	for (int tries = 0; tries < 2 && outcome == STORE_CHANGED; tries++) {
		struct vm_config config;
		struct store_revision revision, now;

		vm_config_init(&config, CONFIG_PROFILE);
		if (!store->load(store, name, &config, &revision, err))
			outcome = STORE_FAILED;
		else if (!edit(&config, data))
			outcome = STORE_OK;
		else
			outcome = store->save(store, &config, &revision, &now, err);
		vm_config_finish(&config);
	}
	if (outcome == STORE_CHANGED)
		error_set(err, "%s is being changed by another program", name);
	return outcome == STORE_OK;
}

struct one_change {
	enum vm_setting setting;
	enum setting_action action;
	const char *value;
};

static bool change_one(struct vm_config *config, void *data)
{
	const struct one_change *one = data;

	return change(config, one->setting, one->action, one->value);
}

bool profile_change(struct store *store, const char *name, enum vm_setting setting, enum setting_action action,
                    const char *value, struct error *err)
{
	struct one_change one = { setting, action, value };

	return profile_edit_saved(store, name, change_one, &one, err);
}
