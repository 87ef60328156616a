/* SPDX-License-Identifier: MIT */
/* USB devices of the host that the guest has. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/usb.h"
#include "ui/hardware/hardware_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"
#include "ui/session.h"
#include "ui/usb_ask.h"

#include <stdint.h>
#include <stdlib.h>

/* Returns the value of `device` that has passed this device, or NULL if none has. */
static const char *setting_of(const struct vm_config *running, const struct usb_passed *passed)
{
	const struct strv *devices = &running->value[SET_DEVICE];
	struct usb_match match;

	for (size_t i = 0; i < devices->count; i++)
		if (usb_match_read(devices->items[i], &match) && usb_match_equal(&match, &passed->match))
			return devices->items[i];
	return NULL;
}

static void add_row(struct hardware *hardware, const struct usb_passed *passed, const char *setting, const struct usb_devices *devices)
{
	const char *state = passed->attached ? "" : "  (not plugged in)";
	char *text = NULL;

	for (size_t i = 0; i < devices->count && !text; i++)
		if (usb_match_is(&passed->match, &devices->items[i]))
			text = usb_device_text(&devices->items[i]);
	hardware_row(hardware, &hardware_usb, STYLE_NORMAL, setting, "%s%s", text ? text : setting ? setting : passed->path, state);
	free(text);
}

static void passed_came(void *data, const struct usb_passed *passed, size_t count, const struct error *err)
{
	struct hardware *hardware = data;
	struct usb_devices devices;
	struct vm_config running;
	struct control_vm vm;
	struct error ignored;

	hardware_rows_begin(hardware, &hardware_usb);
	if (err)
		hardware_row(hardware, &hardware_usb, STYLE_DIM, NULL, "%s", err->text);
	vm_config_init(&running, CONFIG_PROFILE);
	usb_devices_read(session_root(hardware_app(hardware)), &devices);
	if (count > 0 && hardware_vm(hardware, &vm) && control_running(&vm, &running, &ignored))
		for (size_t i = 0; i < count; i++)
			add_row(hardware, &passed[i], setting_of(&running, &passed[i]), &devices);
	usb_devices_finish(&devices);
	vm_config_finish(&running);
	hardware_rows_end(hardware, &hardware_usb);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;

	if (hardware_vm(hardware, &vm))
		hardware_asks(hardware, section, control_usb(&vm, passed_came, hardware));
}

static void change(struct hardware *hardware, const char *device, bool adds)
{
	struct hardware_change wanted = {
		.save = hardware_save_value, .value = device, .setting = SET_DEVICE, .action = adds ? SETTING_ADD : SETTING_REMOVE,
		.said = adds ? "the guest has the USB device" : "the host has the USB device back",
	};
	struct control_vm vm;
	void *data = hardware_begin(hardware, &wanted, &vm);
	struct error err;

	if (data)
		hardware_begun(data, (adds ? control_usb_add : control_usb_remove)(&vm, device, hardware_done, data, &err), &err);
}

static void on_pick(struct app *app, const void *nothing, const char *device)
{
	struct hardware *hardware = hardware_top(app);

	(void)nothing;
	if (hardware)
		change(hardware, device, true);
}

static void run_add(struct hardware *hardware)
{
	usb_ask(hardware_app(hardware), (struct ask_then){ on_pick, NULL, NULL });
}

static void run_remove(struct hardware *hardware, const char *device)
{
	change(hardware, device, false);
}

const struct hardware_section hardware_usb = {
	.title = "USB", .add = "pass a USB device of this host", .keys = "d take back", .query = query,
	.run_add = run_add, .run_remove = run_remove,
};
