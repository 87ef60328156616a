/* SPDX-License-Identifier: MIT */
#include "core/vm/config.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct setting settings[VM_SETTINGS] = {
	[SET_UUID] = {
		.section = "vm", .key = "uuid", .option = "--uuid", .fallback = "generated once",
		.meaning = "identity that the guest sees",
		.values = "a UUID, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427",
	},
	[SET_DESCRIPTION] = {
		.section = "vm", .key = "description", .fallback = "none",
		.meaning = "what the machine is for",
		.values = "any text",
	},
	[SET_ARCH] = {
		.section = "vm", .key = "arch", .option = "--arch", .fallback = "the host's",
		.meaning = "architecture of the guest",
		.values = "x86_64, aarch64, s390x, riscv64",
	},
	[SET_CPUS] = {
		.section = "vm", .key = "cpus", .option = "--cpus", .fallback = "1",
		.meaning = "number of vCPUs",
		.values = "a number from 1",
	},
	[SET_MEMORY] = {
		.section = "vm", .key = "memory", .option = "--mem", .fallback = "1024",
		.meaning = "memory of the guest",
		.values = "MiB, or a number with K, M, G or T, such as 2G",
	},
	[SET_CPU] = {
		.section = "vm", .key = "cpu", .option = "--cpu", .fallback = "auto",
		.meaning = "CPU model",
		.values = "auto, or what QEMU's -cpu takes, such as max",
	},
	[SET_ACCEL] = {
		.section = "vm", .key = "accel", .option = "--accel", .fallback = "auto",
		.meaning = "accelerator",
		.values = "auto, kvm, tcg, or kvm:tcg to try one after the other",
	},
	[SET_BOOT_MODE] = {
		.section = "boot", .key = "mode", .fallback = "auto",
		.meaning = "what the image is",
		.values = "auto, disk, iso, kernel, squashfs",
	},
	[SET_IMAGE] = {
		.section = "boot", .key = "image", .fallback = "none",
		.meaning = "what to boot",
		.values = "a file, or the prefix of PREFIX-kernel",
	},
	[SET_UEFI] = {
		.section = "boot", .key = "uefi", .option = "--uefi", .fallback = "no",
		.meaning = "boot with UEFI firmware",
		.values = "yes, no",
	},
	[SET_FIRMWARE] = {
		.section = "boot", .key = "firmware", .option = "--fw", .fallback = "auto",
		.meaning = "UEFI firmware",
		.values = "auto, or a file",
	},
	[SET_BOOT_BUS] = {
		.section = "boot", .key = "bus", .option = "--boot-bus", .fallback = "auto",
		.meaning = "bus of the boot disk",
		.values = "auto (ide on x86_64, virtio elsewhere), ide, virtio, scsi, nvme",
	},
	[SET_BOOT_FORMAT] = {
		.section = "boot", .key = "format", .option = "--boot-format", .fallback = "auto",
		.meaning = "format of the boot disk",
		.values = "auto (as detected at first use), raw, qcow2, or another that QEMU knows",
	},
	[SET_NETWORK] = {
		.section = "network", .key = "mode", .option = "--networking", .fallback = "user",
		.meaning = "how the guest reaches the network",
		.values = "user, tap,NAME, bridge,NAME, none",
	},
	[SET_MAC] = {
		.section = "network", .key = "mac", .option = "--mac", .fallback = "auto",
		.meaning = "MAC address of the guest",
		.values = "auto (generated once and kept), or an address such as 52:54:00:12:34:56",
	},
	[SET_PUBLISH] = {
		.section = "network", .key = "publish", .option = "--publish", .fallback = "none", .repeatable = true,
		.meaning = "host port to forward to a guest port",
		.values = "[address:]host:guest[/tcp|udp]; without an address, on all interfaces",
	},
	[SET_DISK] = {
		.section = "disks", .key = "disk", .option = "--disk", .fallback = "none", .repeatable = true,
		.meaning = "additional disk, created if it is missing and has a size",
		.values = "[FILE,][size=N[KMGT],][format=F,][bus=B], B being ide, virtio, scsi or nvme",
	},
	[SET_TRUST_BACKING] = {
		.section = "disks", .key = "trust_backing", .option = "--trust-backing", .fallback = "no",
		.meaning = "allow images to refer to files outside their directory",
		.values = "yes, no",
	},
	[SET_FORCE_RAW] = {
		.section = "disks", .key = "force_raw", .option = "--force-raw", .fallback = "no",
		.meaning = "use files that do not look like disks as raw disks",
		.values = "yes, no",
	},
	[SET_SHARE] = {
		.section = "shares", .key = "share", .option = "--virtiofs", .fallback = "none", .repeatable = true,
		.meaning = "directory shared with the guest by virtiofs",
		.values = "DIRECTORY[,tag=NAME]",
	},
	[SET_USB] = {
		.section = "devices", .key = "usb", .option = "--usb", .fallback = "no",
		.meaning = "give the guest a USB controller",
		.values = "yes, no",
	},
	[SET_DEVICE] = {
		.section = "devices", .key = "device", .option = "--device", .fallback = "none", .repeatable = true,
		.meaning = "additional device",
		.values = "what QEMU's -device takes, such as usb-host,vendorid=0x1234,productid=0x5678",
	},
	[SET_LIVE] = {
		.section = "devices", .key = "live", .fallback = "yes, if QEMU supports it",
		.meaning = "give the guest the devices for changes while it runs",
		.values = "yes, no",
	},
	[SET_GUI] = {
		.section = "display", .key = "gui", .option = "--gui", .fallback = "no",
		.meaning = "show the guest's screen in a QEMU window",
		.values = "yes, no",
	},
	[SET_DATA] = {
		.section = "metadata", .key = "data", .option = "--data", .fallback = "none",
		.meaning = "text to give to the guest on a CD",
		.values = "any text; not together with a data file",
	},
	[SET_DATA_FILE] = {
		.section = "metadata", .key = "data_file", .option = "--data-file", .fallback = "none",
		.meaning = "file to give to the guest on a CD",
		.values = "a file; not together with data",
	},
	[SET_NOCLOUD] = {
		.section = "metadata", .key = "nocloud", .option = "--nocloud", .fallback = "no",
		.meaning = "also write the data for cloud-init (user-data, meta-data)",
		.values = "yes, no",
	},
	[SET_QEMU] = {
		.section = "qemu", .key = "binary", .option = "--qemu", .fallback = "qemu-system-ARCH in PATH",
		.meaning = "QEMU program to run",
		.values = "a program",
	},
	[SET_VIRTIOFSD] = {
		.section = "qemu", .key = "virtiofsd", .option = "--virtiofsd", .fallback = "searched for",
		.meaning = "virtiofsd program to run",
		.values = "a program",
	},
	[SET_QMP] = {
		.section = "qemu", .key = "qmp", .option = "--qmp", .fallback = "none",
		.meaning = "additional QMP socket for other tools",
		.values = "a path of at most 107 bytes",
	},
	[SET_SANDBOX] = {
		.section = "qemu", .key = "sandbox", .option = "--sandbox", .fallback = "yes, if QEMU supports it",
		.meaning = "block system calls that QEMU does not need",
		.values = "yes, no",
	},
	[SET_ARG] = {
		.section = "qemu", .key = "arg", .option = "--arg", .fallback = "none", .repeatable = true,
		.meaning = "additional argument for QEMU, passed unchanged",
		.values = "any text, one argument each",
	},
	[SET_STATE] = {
		.section = "state", .key = "directory", .option = "--state", .fallback = "IMAGE-state next to the image",
		.meaning = "directory for the machine's state",
		.values = "a directory",
	},
};

const struct setting *setting_info(enum vm_setting setting)
{
	assert(setting < VM_SETTINGS);
	return &settings[setting];
}

enum vm_setting setting_find(const char *section, const char *key)
{
	int i = 0;

	while (i < VM_SETTINGS &&
	       (strcasecmp(settings[i].section, section) != 0 || strcasecmp(settings[i].key, key) != 0))
		i++;
	return (enum vm_setting)i;
}

const char *setting_label(enum vm_setting setting, enum config_origin origin, char *buf, size_t size)
{
	const struct setting *info = setting_info(setting);

	if (origin == CONFIG_COMMAND_LINE && info->option)
		snprintf(buf, size, "%s", info->option);
	else if (origin == CONFIG_COMMAND_LINE && setting == SET_IMAGE)
		snprintf(buf, size, "PATH");
	else
		snprintf(buf, size, "%s.%s", info->section, info->key);
	return buf;
}

void vm_config_init(struct vm_config *config, enum config_origin origin)
{
	*config = (struct vm_config){ .origin = origin };
}

/* Metadata may hold passwords. */
static void wipe_data(struct vm_config *config)
{
	for (size_t i = 0; i < config->value[SET_DATA].count; i++)
		explicit_bzero(config->value[SET_DATA].items[i], strlen(config->value[SET_DATA].items[i]));
}

void vm_config_finish(struct vm_config *config)
{
	wipe_data(config);
	for (int i = 0; i < VM_SETTINGS; i++)
		strv_finish(&config->value[i]);
	strv_finish(&config->unknown_keys);
	free(config->name);
	vm_config_init(config, config->origin);
}

void vm_config_copy(struct vm_config *to, const struct vm_config *from)
{
	if (to == from)
		return;
	free(to->name);
	to->name = mem_strdup(from->name);
	to->origin = from->origin;
	to->boot_excluded = from->boot_excluded;
	for (int i = 0; i < VM_SETTINGS; i++)
		strv_copy(&to->value[i], &from->value[i]);
	strv_copy(&to->unknown_keys, &from->unknown_keys);
}

bool vm_config_equal(const struct vm_config *a, const struct vm_config *b)
{
	for (int i = 0; i < VM_SETTINGS; i++) {
		if (!strv_equal(&a->value[i], &b->value[i]))
			return false;
	}
	return true;
}

const char *vm_config_get(const struct vm_config *config, enum vm_setting setting)
{
	const struct strv *values = &config->value[setting];

	return values->count ? values->items[0] : NULL;
}

void vm_config_set(struct vm_config *config, enum vm_setting setting, const char *text)
{
	/* text may be the value that is about to be freed. */
	char *copy = mem_strdup(text);

	if (setting == SET_DATA)
		wipe_data(config);
	strv_finish(&config->value[setting]);
	if (copy)
		strv_take(&config->value[setting], copy);
}

void vm_config_add(struct vm_config *config, enum vm_setting setting, const char *text)
{
	assert(setting_info(setting)->repeatable || !config->value[setting].count);
	strv_add(&config->value[setting], text);
}
