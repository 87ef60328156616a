/* SPDX-License-Identifier: MIT */
#include "core/control/change.h"

#include "core/base/error.h"
#include "core/control/disk_add.h"
#include "core/control/disk_remove.h"
#include "core/control/ports.h"
#include "core/control/usb.h"

typedef bool can_fn(const struct vm_config *running, const char *value);
typedef struct control_job *begin_fn(const struct control_vm *, const char *value, control_done_fn *, void *data, struct error *);

static const struct {
	can_fn *can;
	begin_fn *add, *remove;
} table[VM_SETTINGS] = {
	[SET_DISK] = { control_disk_can, control_disk_add, control_disk_remove },
	[SET_DEVICE] = { control_usb_can, control_usb_add, control_usb_remove },
	[SET_PUBLISH] = { control_port_can, control_port_add, control_port_remove },
};

bool control_can_change(const struct vm_config *running, enum vm_setting setting, const char *value)
{
	return table[setting].can && table[setting].can(running, value);
}

struct control_job *control_change(const struct control_vm *vm, enum vm_setting setting, enum setting_action action,
                                   const char *value, control_done_fn *done, void *data, struct error *err)
{
	begin_fn *begin = action == SETTING_ADD ? table[setting].add : action == SETTING_REMOVE ? table[setting].remove : NULL;
	char label[64];

	if (begin)
		return begin(vm, value, done, data, err);
	error_set(err, "%s cannot be changed while the VM runs", setting_label(setting, CONFIG_PROFILE, label, sizeof(label)));
	return NULL;
}
