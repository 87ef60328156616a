/* SPDX-License-Identifier: MIT */
/* Checks -device against the USB controller of the guest and the USB devices of the host. */
#include "core/qemu/plan/build.h"

#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

#define HOST_DEVICE "usb-host,"

/* -usb is a property of the machine, and only q35 acts on it. */
static void check_controller(struct build *b, size_t i)
{
	const char *device = b->spec->devices.items[i];

	if (b->arch == ARCH_S390X)
		problem_add(b->problems, PROBLEM_HOST, SET_DEVICE, (int)i, "s390x machines have no USB");
	else if (b->arch == ARCH_X86_64)
		problem_add(b->problems, PROBLEM_HOST, SET_DEVICE, (int)i, "%s needs a USB controller; %s", device,
		            b->spec->origin == CONFIG_PROFILE ? "set usb = yes" : "use --usb");
	else
		problem_add(b->problems, PROBLEM_HOST, SET_DEVICE, (int)i,
		            "%s needs a USB controller; add the device qemu-xhci before it", device);
}

/* Returns the value of ",KEY=" in a -device, up to the next comma, or NULL. */
static const char *property_of(const char *device, const char *key, size_t *len)
{
	size_t key_len = strlen(key);

	for (const char *at = strchr(device, ','); at; at = strchr(at, ',')) {
		at++;
		if (strncmp(at, key, key_len) || at[key_len] != '=')
			continue;
		at += key_len + 1;
		*len = strcspn(at, ",");
		return at;
	}
	return NULL;
}

static bool number_is(const char *device, const char *key, unsigned number)
{
	size_t len;
	const char *value = property_of(device, key, &len);

	return !value || strtoul(value, NULL, 0) == number;
}

static bool is_meant(const char *device, const struct usb_device *usb)
{
	size_t len;
	const char *port = property_of(device, "hostport", &len);

	return number_is(device, "vendorid", usb->vendor) && number_is(device, "productid", usb->product) &&
	       number_is(device, "hostbus", usb->bus) && number_is(device, "hostaddr", usb->number) &&
	       (!port || (strlen(usb->port) == len && !strncmp(port, usb->port, len)));
}

/*
 * QEMU starts even if a device is missing or cannot be opened, and attaches it
 * later. Without this warning, users would not know why the guest lacks it.
 */
static void check_host_device(struct build *b, size_t i)
{
	const struct usb_devices *list = &b->facts->usb;
	const char *device = b->spec->devices.items[i];
	const struct usb_device *denied = NULL;
	size_t len;

	if (property_of(device, "hostdevice", &len))	/* a path: QEMU opens that or fails */
		return;
	for (size_t k = 0; k < list->count; k++) {
		const struct usb_device *usb = &list->items[k];

		if (!is_meant(device, usb))
			continue;
		if (usb->usable)
			return;
		denied = usb;
	}
	if (denied)
		problem_add(b->problems, PROBLEM_WARNING, SET_DEVICE, (int)i,
		            "no permission to open %04x:%04x%s%s; as root: chmod 666 /dev/bus/usb/%03u/%03u, or add a udev rule",
		            denied->vendor, denied->product, *denied->name ? " " : "", denied->name, denied->bus,
		            denied->number);
	else
		problem_add(b->problems, PROBLEM_WARNING, SET_DEVICE, (int)i,
		            "no such device is plugged in; the guest gets it when it is");
}

void build_check_usb(struct build *b)
{
	const struct strv *devices = &b->spec->devices;
	bool controller = b->spec->usb && b->arch == ARCH_X86_64;

	if (b->spec->usb && b->arch != ARCH_X86_64)
		problem_add(b->problems, PROBLEM_WARNING, SET_USB, -1, "not used on %s machines%s", vm_arch_name(b->arch),
		            b->arch == ARCH_S390X ? "" : "; add the device qemu-xhci");
	for (size_t i = 0; i < devices->count; i++) {
		const char *device = devices->items[i];

		controller |= memmem(device, strcspn(device, ","), "hci", 3) != NULL;
		/* usb-tablet, usb-host ...: devices that need a USB controller before them */
		if (text_starts(device, "usb-") && !text_starts(device, "usb-ehci") && !controller)
			check_controller(b, i);
		else if (text_starts(device, HOST_DEVICE))
			check_host_device(b, i);
	}
}

void build_usb_args(struct build *b)
{
	if (b->spec->usb)
		build_arg(b, build_origin(b, SET_USB), "-usb");
	for (size_t i = 0; i < b->spec->devices.count; i++)
		build_option(b, build_origin(b, SET_DEVICE), "-device", "%s", b->spec->devices.items[i]);
}
