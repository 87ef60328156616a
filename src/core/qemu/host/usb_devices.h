/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_USB_DEVICES_H
#define CORE_QEMU_HOST_USB_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The USB devices of this host that can be passed to a guest, from sysfs:
 * without hubs, in the order of their ports. Used by the picker of the form
 * and by the check before a start. Reads only short kernel files, so it does
 * not block.
 */
struct usb_device {
	unsigned vendor, product;
	unsigned bus, number;	/* as in /dev/bus/usb */
	char *port;		/* path from the root of its bus, such as "1.4" */
	char *name;		/* "Yubico YubiKey OTP"; "" if not known */
	bool usable;		/* this user can open it for writing */
	bool ambiguous;	/* another device has the same vendor and product */
};

struct usb_devices {
	struct usb_device *items;
	size_t count;
};

/* root: prefix of /sys and /dev, "" except in tests. Without USB the list is empty. */
void usb_devices_read(const char *root, struct usb_devices *out);
void usb_devices_finish(struct usb_devices *);		/* leaves the list empty */

/* Returns the value for -device: "usb-host,vendorid=0x1050,productid=0x0407", or by bus and port if another
 * device has the same IDs. The caller frees it. */
char *usb_device_argument(const struct usb_device *);
/* Returns a description: "1050:0407 Yubico YubiKey OTP, port 1-1.4". The caller frees it. */
char *usb_device_text(const struct usb_device *);

/* The devices of the host that a usb-host device of a guest stands for; 0 and "" match any. */
struct usb_match {
	unsigned vendor, product, bus, number;
	char port[32];
};

/* Reads the value of a -device. Returns false if it is no usb-host, or names the device by its file (hostdevice). */
bool usb_match_read(const char *argument, struct usb_match *out);
bool usb_match_is(const struct usb_match *, const struct usb_device *);
bool usb_match_equal(const struct usb_match *, const struct usb_match *);
/* Returns why QEMU could not open any of the devices that match, with the remedy, or NULL if it can. The caller frees it. */
char *usb_match_problem(const struct usb_match *, const struct usb_devices *);

#endif
