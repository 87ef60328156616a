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

/*
 * QEMU starts even if a device is missing or cannot be opened, and attaches it
 * later. Without this warning, users would not know why the guest lacks it.
 */
static void check_host_device(struct build *b, size_t i)
{
	struct usb_match match;
	char *problem;
	bool plugged = false;

	if (!usb_match_read(b->spec->devices.items[i], &match))	/* a path: QEMU opens that or fails */
		return;
	for (size_t k = 0; k < b->facts->usb.count; k++)
		plugged |= usb_match_is(&match, &b->facts->usb.items[k]);
	problem = usb_match_problem(&match, &b->facts->usb);
	if (problem)
		problem_add(b->problems, PROBLEM_WARNING, SET_DEVICE, (int)i, "%s%s", problem,
		            plugged ? "" : "; the guest gets it when it is");
	free(problem);
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
