/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/usb_devices.h"

#include "core/base/alloc.h"
#include "core/base/io.h"

#include <dirent.h>
#include <fcntl.h>
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

static unsigned read_number(const char *dir, const char *name, int base)
{
	char text[ATTRIBUTE_MAX];

	read_attribute(dir, name, text);
	return (unsigned)strtoul(text, NULL, base);
}

static bool may_open(const char *root, const char *dir)
{
	char *path = mem_printf("%s/dev/bus/usb/%03u/%03u", root, read_number(dir, "busnum", 10),
	                        read_number(dir, "devnum", 10));
	bool may = access(path, R_OK | W_OK) == 0;

	free(path);
	return may;
}

/* Devices are named BUS-PORT; the names of interfaces contain a colon, and controllers are named usbN. */
static bool is_device(const char *entry, unsigned *bus, const char **port)
{
	char *end;

	*bus = (unsigned)strtoul(entry, &end, 10);
	*port = end + 1;
	return end > entry && *end == '-' && end[1] && !strchr(entry, ':');
}

static void add_device(struct usb_devices *list, const char *root, const char *entry)
{
	struct usb_device device = { 0 };
	char maker[ATTRIBUTE_MAX], product[ATTRIBUTE_MAX];
	const char *port;
	char *dir;

	if (!is_device(entry, &device.bus, &port))
		return;
	dir = mem_printf("%s/sys/bus/usb/devices/%s", root, entry);
	device.vendor = read_number(dir, "idVendor", 16);
	device.product = read_number(dir, "idProduct", 16);
	read_attribute(dir, "manufacturer", maker);
	read_attribute(dir, "product", product);
	if (device.vendor && read_number(dir, "bDeviceClass", 16) != CLASS_HUB) {
		device.port = mem_strdup(port);
		device.name = mem_printf("%s%s%s", maker, *maker && *product ? " " : "", product);
		device.number = read_number(dir, "devnum", 10);
		device.usable = may_open(root, dir);
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

static void find_twins(struct usb_devices *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->count; k++)
			list->items[i].twin |= i != k && list->items[i].vendor == list->items[k].vendor &&
			                       list->items[i].product == list->items[k].product;
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
	find_twins(out);
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
	if (device->twin)
		return mem_printf("usb-host,hostbus=%u,hostport=%s", device->bus, device->port);
	return mem_printf("usb-host,vendorid=0x%04x,productid=0x%04x", device->vendor, device->product);
}

char *usb_device_text(const struct usb_device *device)
{
	return mem_printf("%04x:%04x %s%sport %u-%s%s", device->vendor, device->product, device->name,
	                  *device->name ? ", " : "", device->bus, device->port,
	                  device->usable ? "" : " (no permission to open it)");
}
