/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_USB_H
#define CORE_CONTROL_USB_H

#include "core/control/control.h"
#include "core/qemu/host/usb_devices.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * USB devices of this host that are passed to a running VM, or taken back. device: as the setting `device`, such as
 * usb-host,vendorid=0x1050,productid=0x0407. Fails for a device that is not plugged in or cannot be opened, and if the
 * VM has no USB controller.
 */
struct control_job *control_usb_add(const struct control_vm *, const char *device, control_done_fn *, void *data, struct error *);
struct control_job *control_usb_remove(const struct control_vm *, const char *device, control_done_fn *, void *data, struct error *);
/* Returns true for a device that the two above can change. Whether the VM has a controller for it, QEMU says. */
bool control_usb_can(const struct vm_config *running, const char *device);

/* A usb-host device that QEMU has. */
struct usb_passed {
	struct usb_match match;
	char path[128];		/* in QOM */
	bool attached;		/* QEMU has opened a device of the host for it */
};

#define USB_PASSED_MAX 32	/* the most that are read */

/* passed: valid during the call; NULL, with err, on failure. */
typedef void control_usb_fn(void *data, const struct usb_passed *passed, size_t count, const struct error *err);
/* Asks which devices are passed. */
struct control_job *control_usb(const struct control_vm *, control_usb_fn *, void *data);

/*
 * The setting for what a user names: a device of the host as "VENDOR:PRODUCT" (hexadecimal) or "BUS-PORT", or the setting
 * itself. Of devices with the same IDs the port must be given; one that is not plugged in can be named by its IDs.
 */
bool usb_setting_for(const char *word, const struct usb_devices *, char **setting, struct error *);

#endif
