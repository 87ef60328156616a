/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FIRMWARE_H
#define CORE_QEMU_HOST_FIRMWARE_H

#include "core/qemu/host/facts.h"

/*
 * Finds UEFI images for a guest's architecture: first those in QEMU's firmware
 * descriptors (docs/interop/firmware.json) of the user, in /etc/qemu and in
 * /usr/share/qemu, then those at known paths of distributions. A descriptor
 * hides those with the same name in later directories; an empty one hides them
 * without replacement. Only raw images are used. Images without Secure Boot
 * come first, and those that are never used by default come last.
 */

/* Appends to facts->firmwares. root: "", or in tests a directory that replaces "/". */
void firmware_search(const char *root, enum vm_arch, struct host_facts *);
/* Returns true if the firmware may be used by default: it boots unsigned systems, does not require SMM and stores variables. */
bool firmware_is_default(const struct firmware *);
/* Parses a descriptor. Returns false if it is not usable for this architecture. The caller frees the strings. */
bool firmware_parse(const char *text, size_t len, enum vm_arch, struct firmware *);

#endif
