/* SPDX-License-Identifier: MIT */
#include "ui/usb_ask.h"

#include "core/base/alloc.h"
#include "core/qemu/host/usb_devices.h"
#include "ui/kit/app.h"
#include "ui/session.h"

#include <stdint.h>
#include <stdlib.h>

void usb_ask(struct app *app, struct ask_then then)
{
	struct usb_devices devices;
	struct ask_choice *choices;

	usb_devices_read(session_root(app), &devices);
	if (devices.count == 0) {
		app_say(app, "no USB device is plugged in");
		if (then.data != NULL)
			then.free(then.data);
		return;
	}
	choices = mem_array(devices.count + 1, sizeof(*choices));
	for (size_t i = 0; i < devices.count; i++)
		choices[i] = (struct ask_choice){ .id = usb_device_argument(&devices.items[i]),
		                                  .text = usb_device_text(&devices.items[i]) };
	ask_choice(app, "Choose a USB device of this host for the guest", choices, then);
	for (size_t i = 0; i < devices.count; i++) {
		free((void *)(uintptr_t)choices[i].id);
		free((void *)(uintptr_t)choices[i].text);
	}
	free(choices);
	usb_devices_finish(&devices);
}
