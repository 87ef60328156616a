/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_PROFILE_CHANGE_H
#define CORE_MACHINES_PROFILE_CHANGE_H

#include "core/keeper/clients/protocol_control.h"
#include "core/vm/config.h"

struct error;
struct store;

/*
 * Changes one value of a saved profile, as setting_action says, and keeps the rest of its text. Adding a value that is
 * there, or removing one that is not, changes nothing and succeeds; vm_value_same decides. A profile that somebody else
 * changes meanwhile is read again, once.
 */
bool profile_change(struct store *, const char *name, enum vm_setting, enum setting_action, const char *value, struct error *);

/* The same for any change. edit: returns false if nothing has to be changed; called again for a profile that was changed meanwhile. */
typedef bool profile_edit_fn(struct vm_config *, void *data);
bool profile_edit_saved(struct store *, const char *name, profile_edit_fn *edit, void *data, struct error *);

#endif
