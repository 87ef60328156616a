/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/usb_devices.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/base/str.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLASS_HUB 9
#define ATTRIBUTE_MAX 256	/* longer than any string descriptor */

/* Reads an attribute of a device, without control characters and trailing spaces; "" if it is missing. */
static void read_attribute(const char *dir, const char *name, char text[ATTRIBUTE_MAX])
{
	char *path = mem_printf("%s/%s", dir, name);
	ssize_t got = io_head(path, text, ATTRIBUTE_MAX);
	size_t len = got > 0 ? (size_t)got : 0;

	while (len > 0 && (unsigned char)text[len - 1] <= ' ')
		len--;
	text[len] = '\0';
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = '?';
	free(path);
}

static unsigned read_attribute_number(const char *dir, const char *name, int base)
{
	char text[ATTRIBUTE_MAX];

	read_attribute(dir, name, text);
	return (unsigned)strtoul(text, NULL, base);
}

/* Devices are named BUS-PORT; the names of interfaces contain a colon, and controllers are named usbN. */
static void add_device(struct usb_devices *list, const char *root, const char *entry)
{
	struct usb_device device = { 0 };
	char maker[ATTRIBUTE_MAX], product[ATTRIBUTE_MAX];
	char *dir, *dash;

	device.bus = (unsigned)strtoul(entry, &dash, 10);
	if (dash == entry || *dash != '-' || !dash[1] || strchr(entry, ':'))
		return;
	dir = mem_printf("%s/sys/bus/usb/devices/%s", root, entry);
	device.vendor = read_attribute_number(dir, "idVendor", 16);
	device.product = read_attribute_number(dir, "idProduct", 16);
	read_attribute(dir, "manufacturer", maker);
	read_attribute(dir, "product", product);
	if (device.vendor && read_attribute_number(dir, "bDeviceClass", 16) != CLASS_HUB) {
		char *node;

		device.port = mem_strdup(dash + 1);
		device.name = mem_printf("%s%s%s", maker, *maker && *product ? " " : "", product);
		device.number = read_attribute_number(dir, "devnum", 10);
		node = mem_printf("%s/dev/bus/usb/%03u/%03u", root, read_attribute_number(dir, "busnum", 10), device.number);
		device.usable = access(node, R_OK | W_OK) == 0;
		free(node);
		list->items = mem_resize(list->items, list->count + 1, sizeof(*list->items));
		list->items[list->count++] = device;
	}
	free(dir);
}

static int by_port(const void *one, const void *other)
{
	const struct usb_device *a = one, *b = other;

	return a->bus != b->bus ? (a->bus < b->bus ? -1 : 1) : strverscmp(a->port, b->port);
}

void usb_devices_read(const char *root, struct usb_devices *out)
{
	char *path = mem_printf("%s/sys/bus/usb/devices", root);
	DIR *dir = opendir(path);
	const struct dirent *entry;

	*out = (struct usb_devices){ 0 };
	while (dir && (entry = readdir(dir)))
		add_device(out, root, entry->d_name);
	if (dir)
		closedir(dir);
	if (out->count > 1)
		qsort(out->items, out->count, sizeof(*out->items), by_port);
	for (size_t i = 0; i < out->count; i++)
		for (size_t k = 0; k < out->count; k++)
			out->items[i].ambiguous |= i != k && out->items[i].vendor == out->items[k].vendor &&
			                      out->items[i].product == out->items[k].product;
	free(path);
}

void usb_devices_finish(struct usb_devices *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].port);
		free(list->items[i].name);
	}
	free(list->items);
	*list = (struct usb_devices){ 0 };
}

char *usb_device_argument(const struct usb_device *device)
{
	if (device->ambiguous)
		return mem_printf("usb-host,hostbus=%u,hostport=%s", device->bus, device->port);
	return mem_printf("usb-host,vendorid=0x%04x,productid=0x%04x", device->vendor, device->product);
}

char *usb_device_text(const struct usb_device *device)
{
	return mem_printf("%04x:%04x %s%sport %u-%s%s", device->vendor, device->product, device->name,
	                  *device->name ? ", " : "", device->bus, device->port,
	                  device->usable ? "" : " (no permission to open it)");
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

static unsigned property_number(const char *device, const char *key)
{
	size_t len;
	const char *value = property_of(device, key, &len);

	return value ? (unsigned)strtoul(value, NULL, 0) : 0;
}

bool usb_match_read(const char *argument, struct usb_match *out)
{
	size_t len;
	const char *port;

	*out = (struct usb_match){ 0 };
	if (!text_starts(argument, "usb-host,") || property_of(argument, "hostdevice", &len))
		return false;
	out->vendor = property_number(argument, "vendorid");
	out->product = property_number(argument, "productid");
	out->bus = property_number(argument, "hostbus");
	out->number = property_number(argument, "hostaddr");
	port = property_of(argument, "hostport", &len);
	if (port)
		snprintf(out->port, sizeof(out->port), "%.*s", len < sizeof(out->port) ? (int)len : 1, len < sizeof(out->port) ? port : "?");
	return true;
}

bool usb_match_is(const struct usb_match *match, const struct usb_device *usb)
{
	return (!match->vendor || match->vendor == usb->vendor) && (!match->product || match->product == usb->product) &&
	       (!match->bus || match->bus == usb->bus) && (!match->number || match->number == usb->number) &&
	       (!match->port[0] || !strcmp(match->port, usb->port));
}

bool usb_match_equal(const struct usb_match *a, const struct usb_match *b)
{
	return a->vendor == b->vendor && a->product == b->product && a->bus == b->bus && a->number == b->number &&
	       !strcmp(a->port, b->port);
}

char *usb_match_problem(const struct usb_match *match, const struct usb_devices *list)
{
	const struct usb_device *denied = NULL;

	for (size_t i = 0; i < list->count; i++) {
		if (!usb_match_is(match, &list->items[i]))
			continue;
		if (list->items[i].usable)
			return NULL;
		denied = &list->items[i];
	}
	if (!denied)
		return mem_strdup("no such device is plugged in");
	return mem_printf("no permission to open %04x:%04x%s%s; as root: chmod 666 /dev/bus/usb/%03u/%03u, or add a udev rule",
	                  denied->vendor, denied->product, *denied->name ? " " : "", denied->name, denied->bus, denied->number);
}
