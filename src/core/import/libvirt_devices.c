/* SPDX-License-Identifier: MIT */
#include "core/import/libvirt_xml_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/vm/list.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

/* What <boot dev> does not order comes after all that <boot order> does. */
#define UNORDERED 1000

struct disk {
	struct xml_node *node;
	const char *path;
	const char *format;	/* NULL: not given */
	const char *bus;	/* NULL: the machine's default */
	bool is_cd;
	long order;
};

/* Reads a disk on a file or a block device of this host. Returns false for all others. */
static bool read_disk(struct xml_node *node, struct disk *disk)
{
	static const struct { const char *theirs, *ours; } buses[] = {
		{ "virtio", "virtio" }, { "scsi", "scsi" }, { "sata", NULL }, { "ide", NULL }, { "nvme", "nvme" },
	};
	const char *device = xml_attribute(node, "device"), *bus = xml_attribute(xml_child(node, "target"), "bus");
	const char *order = xml_attribute(xml_child(node, "boot"), "order");
	struct xml_node *source = xml_child(node, "source");
	const char *file = xml_attribute(source, "file"), *dev = xml_attribute(source, "dev");
	struct error ignored;
	uint64_t number;
	bool known = !bus;

	*disk = (struct disk){ .node = node, .path = file ? file : dev, .order = UNORDERED };
	disk->is_cd = device && !strcmp(device, "cdrom");
	disk->format = xml_attribute(xml_child(node, "driver"), "type");
	for (size_t i = 0; bus && i < sizeof(buses) / sizeof(buses[0]); i++)
		if (!strcmp(bus, buses[i].theirs)) {
			disk->bus = buses[i].ours;
			known = true;
		}
	if (order && number_parse(order, 1, UNORDERED - 1, &number, &ignored))
		disk->order = (long)number;
	return disk->path && disk->path[0] == '/' && (disk->is_cd || (known && (!device || !strcmp(device, "disk"))));
}

static void become_image(const struct disk *disk, struct imported *out)
{
	import_set(out, SET_BOOT_MODE, disk->is_cd ? "iso" : "disk", NULL);
	import_set(out, SET_IMAGE, disk->path, NULL);
	if (disk->is_cd)
		return;
	if (disk->bus)
		import_set(out, SET_BOOT_BUS, disk->bus, NULL);
	if (disk->format)
		libvirt_set(out, SET_BOOT_FORMAT, disk->format, NULL);
}

static void become_disk(const struct disk *disk, struct imported *out)
{
	struct vm_disk ours = { .path = mem_strdup(disk->path), .format = mem_strdup(disk->format), .bus = mem_strdup(disk->bus) };
	char *text = vm_disk_format(&ours);

	libvirt_set(out, SET_DISK, text, NULL);
	free(text);
	vm_disk_finish(&ours);
}

static void keep_cd(const struct disk *disk, struct imported *out)
{
	struct str value;

	str_init(&value);
	str_adds(&value, "media=cdrom,format=raw,readonly=on,file=");
	list_add(&value, disk->path);
	import_keep(out, "-drive", value.text, "a CD next to the image");
	str_finish(&value);
}

/* first: what boots if no disk has an order of its own. */
static void read_disks(struct xml_node *devices, const char *first, struct imported *out)
{
	bool prefers_cd = first && !strcmp(first, "cdrom");
	struct disk disk, boot = { .order = -1 };

	for (struct xml_node *node = xml_child(devices, "disk"); node; node = xml_next(node)) {
		bool better = read_disk(node, &disk) &&
		              (boot.order < 0 || disk.order < boot.order ||
		               (disk.order == boot.order && disk.is_cd != boot.is_cd && disk.is_cd == prefers_cd));

		if (better)
			boot = disk;
	}
	if (boot.order >= 0)
		become_image(&boot, out);
	else
		import_leave(out, "set image to a disk, an ISO, or the prefix of a kernel", "nothing to boot");
	for (struct xml_node *node = xml_child(devices, "disk"); node; node = xml_next(node)) {
		const char *target = xml_attribute(xml_child(node, "target"), "dev");

		node->read = true;
		if (!read_disk(node, &disk)) {
			/* An empty drive is no loss: paddock's machines have one. */
			if (!disk.is_cd || xml_child(node, "source"))
				import_leave(out, "neither a disk on a file nor a CD", "disk %s", target ? target : "");
		} else if (node != boot.node && disk.is_cd) {
			keep_cd(&disk, out);
		} else if (node != boot.node) {
			become_disk(&disk, out);
		}
	}
}

/* --- network --- */

/* A network card as settings and, for others than the first, as the value of -nic. */
struct card {
	const char *type;		/* "user" or "bridge" */
	const char *bridge;
	const char *model;		/* NULL: not given */
	const char *mac;		/* NULL: not given */
	const char *remark;
};

/* A word that cannot end the value of an option. */
static bool is_word(const char *text)
{
	return text && *text && !strpbrk(text, ",= \t\n");
}

static bool read_card(struct xml_node *node, struct card *card)
{
	const char *type = xml_attribute(node, "type");
	struct xml_node *source = xml_child(node, "source");

	*card = (struct card){ .type = "user" };
	card->model = xml_attribute(xml_child(node, "model"), "type");
	card->mac = xml_attribute(xml_child(node, "mac"), "address");
	card->bridge = xml_attribute(source, "bridge");
	if (type && !strcmp(type, "network"))
		card->remark = "was a network of libvirt; bridge,virbr0 is its default network, if qemu-bridge-helper allows it";
	else if (type && !strcmp(type, "bridge") && is_word(card->bridge))
		card->type = "bridge";
	else if (!type || strcmp(type, "user") != 0)
		return false;
	return (!card->model || is_word(card->model)) && (!card->mac || is_word(card->mac));
}

static void keep_card(const struct card *card, struct imported *out)
{
	bool bridge = !strcmp(card->type, "bridge");
	struct str value;

	str_init(&value);
	str_addf(&value, "%s%s%s", card->type, bridge ? ",br=" : "", bridge ? card->bridge : "");
	if (card->model)
		str_addf(&value, ",model=%s", !strcmp(card->model, "virtio") ? "virtio-net-pci" : card->model);
	if (card->mac)
		str_addf(&value, ",mac=%s", card->mac);
	import_keep(out, "-nic", value.text, card->remark);
	str_finish(&value);
}

static void become_network(const struct card *card, struct imported *out)
{
	char *bridge = !strcmp(card->type, "bridge") ? mem_printf("bridge,%s", card->bridge) : NULL;

	libvirt_set(out, SET_NETWORK, bridge ? bridge : "user", card->remark);
	if (card->mac)
		libvirt_set(out, SET_MAC, card->mac, NULL);
	free(bridge);
}

static void read_cards(struct xml_node *devices, struct imported *out)
{
	bool first = true;
	struct card card;

	for (struct xml_node *node = xml_child(devices, "interface"); node; node = xml_next(node)) {
		const char *type = xml_attribute(node, "type");

		node->read = true;
		if (!read_card(node, &card)) {
			import_leave(out, "a network that paddock does not set up", "interface of type %s", type ? type : "");
			continue;
		}
		if (first && (!card.model || !strncmp(card.model, "virtio", strlen("virtio")))) {
			become_network(&card, out);
		} else {
			if (first)
				import_set(out, SET_NETWORK, "none", "the network is in the arguments that are kept");
			keep_card(&card, out);
		}
		first = false;
	}
	if (first)
		import_set(out, SET_NETWORK, "none", NULL);
}

/* --- what the host lends --- */

static bool is_id(const char *text)
{
	return text && !strncmp(text, "0x", 2) && strlen(text) == 6 && strspn(text + 2, "0123456789abcdefABCDEF") == 4;
}

static void read_host_devices(struct xml_node *devices, struct imported *out)
{
	for (struct xml_node *node = xml_child(devices, "hostdev"); node; node = xml_next(node)) {
		const char *type = xml_attribute(node, "type");
		struct xml_node *source = xml_child(node, "source");
		const char *vendor = xml_attribute(xml_child(source, "vendor"), "id");
		const char *product = xml_attribute(xml_child(source, "product"), "id");
		char *text;

		node->read = true;
		if (!type || strcmp(type, "usb") || !is_id(vendor) || !is_id(product)) {
			import_leave(out, "only USB devices with IDs are passed on", "hostdev of type %s", type ? type : "");
			continue;
		}
		text = mem_printf("usb-host,vendorid=%s,productid=%s", vendor, product);
		import_set(out, SET_USB, "yes", NULL);
		import_set(out, SET_DEVICE, text, NULL);
		free(text);
	}
}

static void read_shares(struct xml_node *devices, struct imported *out)
{
	for (struct xml_node *node = xml_child(devices, "filesystem"); node; node = xml_next(node)) {
		const char *driver = xml_attribute(xml_child(node, "driver"), "type");
		const char *directory = xml_attribute(xml_child(node, "source"), "dir");
		const char *tag = xml_attribute(xml_child(node, "target"), "dir");
		struct vm_share share = { .path = mem_strdup(directory), .tag = mem_strdup(tag) };
		char *text = directory ? vm_share_format(&share) : NULL;

		node->read = true;
		if (text && driver && !strcmp(driver, "virtiofs"))
			libvirt_set(out, SET_SHARE, text, NULL);
		else
			import_leave(out, "only virtiofs with a directory is set up", "filesystem %s", directory ? directory : "");
		free(text);
		vm_share_finish(&share);
	}
}

static void read_inputs(struct xml_node *devices, struct imported *out)
{
	for (struct xml_node *node = xml_child(devices, "input"); node; node = xml_next(node)) {
		const char *type = xml_attribute(node, "type"), *bus = xml_attribute(node, "bus");

		node->read = true;
		if (type && bus && !strcmp(type, "tablet") && !strcmp(bus, "usb")) {
			import_set(out, SET_USB, "yes", NULL);
			import_set(out, SET_DEVICE, "usb-tablet", NULL);
		}
	}
}

/* Why a device is left out; "" if nobody would miss it. */
static const char *reason_of(const char *name)
{
	static const struct { const char *name, *reason; } known[] = {
		{ "emulator", "paddock uses the QEMU in PATH" }, { "controller", "" }, { "serial", "" }, { "console", "" },
		{ "memballoon", "" }, { "rng", "" }, { "panic", "" }, { "channel", "paddock has the guest agent's, and no SPICE" },
		{ "graphics", "set gui = yes for a window" }, { "video", "QEMU's default is used" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, name))
			return known[i].reason;
	return "no setting for it";
}

void libvirt_devices_read(struct xml_node *devices, const char *first, struct imported *out)
{
	read_disks(devices, first, out);
	read_cards(devices, out);
	read_host_devices(devices, out);
	read_shares(devices, out);
	read_inputs(devices, out);
	for (struct xml_node *node = devices ? devices->child : NULL; node; node = node->next) {
		const char *type = xml_attribute(node, "type"), *reason = reason_of(node->name);

		if (!node->read && *reason)
			import_leave(out, reason, "%s%s%s", node->name, type ? " of type " : "", type ? type : "");
	}
}
