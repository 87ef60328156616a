/* SPDX-License-Identifier: MIT */
#include "core/vm/spec_check.h"

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool every_interface(const char *address)
{
	return !*address || strcmp(address, "0.0.0.0") == 0;
}

static bool ports_clash(const struct vm_port *a, const struct vm_port *b)
{
	return a->host == b->host && a->udp == b->udp &&
	       (every_interface(a->address) || every_interface(b->address) || strcmp(a->address, b->address) == 0);
}

/* Parses the values again: spec->ports lacks those that are invalid, so its indexes differ. */
static void check_ports(const struct vm_config *config, struct problems *problems)
{
	const struct strv *values = &config->value[SET_PUBLISH];
	struct error ignored;

	for (size_t i = 1; i < values->count; i++) {
		struct vm_port port, earlier;

		if (!vm_port_parse(values->items[i], &port, &ignored))
			continue;
		for (size_t j = 0; j < i; j++) {
			if (!vm_port_parse(values->items[j], &earlier, &ignored) || !ports_clash(&port, &earlier))
				continue;
			problem_add(problems, PROBLEM_ERROR, SET_PUBLISH, (int)i, "host port %u/%s is already published by %s",
			            port.host, port.udp ? "udp" : "tcp", quoted(values->items[j]).text);
			break;
		}
	}
}

/* Compares only the names: "./disk.img" is "disk.img", but symbolic links are not followed. */
static bool same_path(const char *one, const char *other)
{
	char *a = path_clean(one), *b = path_clean(other);
	bool same = strcmp(a, b) == 0;

	free(a);
	free(b);
	return same;
}

/* QEMU locks image files, so a second drive on the same file fails. */
static void check_disks(const struct vm_spec *spec, struct problems *problems)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		const char *path = spec->disks[i].path;

		if (!path)
			continue;
		if (same_path(path, spec->image))
			problem_add(problems, PROBLEM_HOST, SET_DISK, (int)i,
			            "same file as the boot image, and QEMU can open it only once; remove this disk");
		for (size_t j = 0; j < i; j++) {
			if (!spec->disks[j].path || !same_path(path, spec->disks[j].path))
				continue;
			problem_add(problems, PROBLEM_HOST, SET_DISK, (int)i,
			            "same file as disk %zu, and QEMU can open it only once; remove one of them", j + 1);
			break;
		}
	}
}

static const char *tag_of(const struct vm_share *share, size_t number, char buf[32])
{
	snprintf(buf, 32, "virtiofs%zu", number);
	return share->tag ? share->tag : buf;
}

static void check_shares(const struct vm_spec *spec, struct problems *problems)
{
	for (size_t i = 1; i < spec->share_count; i++) {
		for (size_t j = 0; j < i; j++) {
			char one[32], other[32];
			const char *tag = tag_of(&spec->shares[i], i, one);

			if (strcmp(tag, tag_of(&spec->shares[j], j, other)) != 0)
				continue;
			problem_add(problems, PROBLEM_ERROR, SET_SHARE, (int)i, "tag %s is already used by share %zu",
			            quoted(tag).text, j + 1);
			break;
		}
	}
}

void vm_spec_check(const struct vm_config *config, const struct vm_spec *spec, struct problems *problems)
{
	const char *image = vm_config_get(config, SET_IMAGE);

	for (size_t i = 0; i < config->unknown_keys.count; i++)
		problem_add(problems, PROBLEM_WARNING, VM_SETTINGS, -1, "%s", config->unknown_keys.items[i]);
	if (!image || !*image)
		problem_add(problems, PROBLEM_ERROR, SET_IMAGE, -1,
		            "no image; give a disk image, an ISO or the prefix of a kernel");
	if (spec->boot != BOOT_AUTO && spec->boot_excluded & 1u << spec->boot)
		problem_add(problems, PROBLEM_ERROR, SET_BOOT_MODE, -1, "%s is both requested and excluded",
		            boot_mode_name(spec->boot));
	if (spec->firmware && !spec->uefi)
		problem_add(problems, PROBLEM_WARNING, SET_FIRMWARE, -1, "not used without %s",
		            spec->origin == CONFIG_PROFILE ? "uefi = yes" : "--uefi");
	if (spec->net != NET_USER && config->value[SET_PUBLISH].count)
		problem_add(problems, PROBLEM_ERROR, SET_PUBLISH, -1, "publishing a port requires network mode user");
	if (spec->net == NET_NONE && spec->mac)
		problem_add(problems, PROBLEM_WARNING, SET_MAC, -1, "not used with network mode none");
	check_ports(config, problems);
	check_disks(spec, problems);
	check_shares(spec, problems);
	if (spec->data && spec->data_file)
		problem_add(problems, PROBLEM_ERROR, SET_DATA_FILE, -1, "data and a data file cannot be used together; keep one of them");
	if (spec->nocloud && !spec->data && !spec->data_file)
		problem_add(problems, PROBLEM_WARNING, SET_NOCLOUD, -1, "not used without data or a data file");
	if (spec->virtiofsd && !config->value[SET_SHARE].count)
		problem_add(problems, PROBLEM_WARNING, SET_VIRTIOFSD, -1, "not used without a shared directory");
	for (size_t i = 0; i < spec->devices.count; i++) {
		if (!*spec->devices.items[i])
			problem_add(problems, PROBLEM_WARNING, SET_DEVICE, (int)i, "empty; QEMU will reject it");
	}
}
