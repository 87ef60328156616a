/* SPDX-License-Identifier: MIT */
/* QEMU's firmware descriptors: one that is of use names its code, and nothing in it is read past its end. */
#include "core/qemu/host/firmware.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const enum vm_arch arches[] = { ARCH_X86_64, ARCH_AARCH64 };

	for (size_t i = 0; i < sizeof(arches) / sizeof(arches[0]); i++) {
		struct firmware firmware = { 0 };

		if (firmware_parse((const char *)bytes, len, arches[i], &firmware) &&
		    (!firmware.code || (firmware.stateless && firmware_is_default(&firmware)))) {
			fputs("a descriptor is taken that names no code, or by default one that keeps nothing\n", stderr);
			abort();
		}
		free(firmware.code);
		free(firmware.vars);
		free(firmware.origin);
	}
	return 0;
}
