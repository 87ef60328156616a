/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_USB_DEVICES_H
#define CORE_QEMU_HOST_USB_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The USB devices of this host that a guest could be given, as sysfs shows
 * them: no hubs, in the order of their ports. For the form's picker and the check before
 * a start; it reads a few short files of the kernel's, which never blocks.
 */
struct usb_device {
	unsigned vendor, product;
	unsigned bus, number;	/* as in /dev/bus/usb */
	char *port;		/* "1.4": from the root of its bus */
	char *name;		/* "Yubico YubiKey OTP"; "" if it does not say */
	bool usable;		/* this user may open it for writing */
	bool twin;		/* another one has the same vendor and product */
};

struct usb_devices {
	struct usb_device *items;
	size_t count;
};

/* root stands in front of /sys and /dev: "" but for tests. No USB at all is an empty list. */
void usb_devices_read(const char *root, struct usb_devices *out);
void usb_devices_finish(struct usb_devices *);		/* leaves it empty */

/* For -device: "usb-host,vendorid=0x1050,productid=0x0407"; of twins by bus and port. The caller's. */
char *usb_device_argument(const struct usb_device *);
/* For people: "1050:0407 Yubico YubiKey OTP, port 1-1.4"; the caller's. */
char *usb_device_text(const struct usb_device *);

#endif
