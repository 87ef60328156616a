/* SPDX-License-Identifier: MIT */
#include "core/vm/spec.h"

#include "core/base/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const arch_names[VM_ARCHES] = {
	[ARCH_X86_64]  = "x86_64",
	[ARCH_AARCH64] = "aarch64",
	[ARCH_S390X]   = "s390x",
	[ARCH_RISCV64] = "riscv64",
};

const char *vm_arch_name(enum vm_arch arch)
{
	assert(arch < VM_ARCHES);
	return arch_names[arch];
}

bool vm_arch_parse(const char *name, enum vm_arch *out)
{
	for (int i = 0; i < VM_ARCHES; i++) {
		if (strcmp(name, arch_names[i]) == 0) {
			*out = (enum vm_arch)i;
			return true;
		}
	}
	return false;
}

const char *boot_mode_name(enum boot_mode mode)
{
	static const char *const names[BOOT_MODES] = {
		[BOOT_AUTO]     = "auto",
		[BOOT_DISK]     = "disk",
		[BOOT_ISO]      = "iso",
		[BOOT_KERNEL]   = "kernel",
		[BOOT_SQUASHFS] = "squashfs",
	};

	assert(mode < BOOT_MODES);
	return names[mode];
}

void vm_spec_finish(struct vm_spec *spec)
{
	char *const texts[] = {
		spec->name, spec->uuid, spec->cpu, spec->accel, spec->image, spec->firmware, spec->boot_bus, spec->boot_format,
		spec->ifname, spec->net_rest, spec->mac, spec->data_file, spec->qemu, spec->virtiofsd, spec->qmp, spec->state,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	mem_wipe(spec->data, spec->data ? strlen(spec->data) : 0);
	for (size_t i = 0; i < spec->disk_count; i++)
		vm_disk_finish(&spec->disks[i]);
	for (size_t i = 0; i < spec->share_count; i++)
		vm_share_finish(&spec->shares[i]);
	free(spec->disks);
	free(spec->shares);
	free(spec->ports);
	strv_finish(&spec->devices);
	strv_finish(&spec->args);
	*spec = (struct vm_spec){ 0 };
}
