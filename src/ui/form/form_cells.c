/* SPDX-License-Identifier: MIT */
#include "ui/form/form_cells.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/list.h"
#include "core/vm/spec.h"

#include <string.h>

static const char *const modes[] = { "user", "tap", "bridge", "none", NULL };
static const char *const protocols[] = { "tcp", "udp", NULL };
static const char *const formats[] = { "", "qcow2", "raw", "vmdk", "vdi", "vpc", NULL };
static const char *const buses[] = { "", "ide", "virtio", "scsi", "nvme", NULL };

static bool split_network(const char *value, char *cells[FORM_CELLS])
{
	size_t len = strcspn(value, ",");

	/* The meaning of an unset value: the cell shows it, and the value stays unset until it is changed. */
	cells[0] = len ? mem_strndup(value, len) : mem_strdup(modes[0]);
	cells[1] = mem_strdup(value[len] ? value + len + 1 : "");
	return true;
}

static char *join_network(char *const cells[FORM_CELLS])
{
	bool takes_name = strcmp(cells[0], "tap") == 0 || strcmp(cells[0], "bridge") == 0;

	return takes_name ? mem_printf("%s,%s", cells[0], cells[1]) : mem_strdup(cells[0]);
}

static bool split_port(const char *value, char *cells[FORM_CELLS])
{
	struct vm_port port;
	struct error ignored;

	if (!vm_port_parse(value, &port, &ignored))
		return false;
	cells[0] = mem_strdup(port.address);
	cells[1] = mem_printf("%u", port.host);
	cells[2] = mem_printf("%u", port.guest);
	cells[3] = mem_strdup(port.udp ? "udp" : "tcp");
	return true;
}

static char *join_port(char *const cells[FORM_CELLS])
{
	return mem_printf("%s%s%s:%s%s", cells[0], *cells[0] ? ":" : "", cells[1], cells[2],
	                  strcmp(cells[3], "udp") == 0 ? "/udp" : "/tcp");
}

static void add_key(struct str *out, const char *key, const char *text)
{
	if (*text)
		str_addf(out, "%s%s=%s", out->len ? "," : "", key, text);
}

static bool split_disk(const char *value, char *cells[FORM_CELLS])
{
	struct vm_disk disk = { 0 };
	struct error ignored;

	/* A new row: there is no value to split yet. */
	if (*value && !vm_disk_parse(value, &disk, &ignored))
		return false;
	cells[0] = mem_strdup(disk.path ? disk.path : "");
	cells[1] = disk.size_mib ? vm_size_format(disk.size_mib) : mem_strdup("");
	cells[2] = mem_strdup(disk.format ? disk.format : "");
	cells[3] = mem_strdup(disk.bus ? disk.bus : "");
	vm_disk_finish(&disk);
	return true;
}

static char *join_disk(char *const cells[FORM_CELLS])
{
	struct str out;

	str_init(&out);
	if (*cells[0] && strchr(cells[0], '='))
		str_adds(&out, "file=");
	list_add(&out, cells[0]);
	add_key(&out, "size", cells[1]);
	add_key(&out, "format", cells[2]);
	add_key(&out, "bus", cells[3]);
	return str_detach(&out);
}

static bool split_share(const char *value, char *cells[FORM_CELLS])
{
	struct vm_share share = { 0 };
	struct error ignored;

	if (*value && !vm_share_parse(value, &share, &ignored))
		return false;
	cells[0] = mem_strdup(share.path ? share.path : "");
	cells[1] = mem_strdup(share.tag ? share.tag : "");
	vm_share_finish(&share);
	return true;
}

static char *join_share(char *const cells[FORM_CELLS])
{
	struct str out;

	str_init(&out);
	list_add(&out, cells[0]);
	add_key(&out, "tag", cells[1]);
	return str_detach(&out);
}

const struct form_split *form_split_of(enum vm_setting setting)
{
	static const struct form_split splits[] = {
		{ SET_NETWORK, 2, NULL, { "mode", "interface" }, { modes },
		  { "how the guest reaches the network: user, tap, bridge, none",
		    "tap or bridge interface of the host, such as tap0" },
		  split_network, join_network, "user" },
		{ SET_PUBLISH, 4, "published port", { "address", "host port", "guest port", "protocol" },
		  { NULL, NULL, NULL, protocols },
		  { "IPv4 address of the host to listen on; if empty, all interfaces",
		    "host port: a number from 1 to 65535", "guest port: a number from 1 to 65535",
		    "protocol: tcp, udp" },
		  split_port, join_port, "127.0.0.1:8080:80/tcp" },
		{ SET_DISK, 4, "disk", { "file", "size", "format", "bus" }, { NULL, NULL, formats, buses },
		  { "disk file, by default in the state directory; created if it is missing and has a size",
		    "size of a new disk: a number with K, M, G or T, such as 4G",
		    "disk format: qcow2, raw, vmdk, vdi, vpc; if empty, it is detected",
		    "disk bus: ide, virtio, scsi, nvme; if empty, the machine's default" },
		  split_disk, join_disk, "size=4G,format=qcow2" },
		{ SET_SHARE, 2, "shared directory", { "directory", "tag" }, { NULL },
		  { "directory of the host to share by virtiofs",
		    "name for mount -t virtiofs NAME /mnt in the guest; if empty, virtiofs0 and so on" },
		  split_share, join_share, "" },
	};

	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++)
		if (splits[i].setting == setting)
			return &splits[i];
	return NULL;
}
