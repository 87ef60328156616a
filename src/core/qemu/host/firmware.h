/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FIRMWARE_H
#define CORE_QEMU_HOST_FIRMWARE_H

#include "core/qemu/host/facts.h"

/*
 * UEFI images for a guest's architecture: what QEMU's descriptors name
 * (docs/interop/firmware.json: the user's, /etc/qemu, /usr/share/qemu; a
 * file hides those of its name further back, an empty one hides them for
 * good), then paths where distributions are known to keep them. What is not
 * raw is left out; without Secure Boot comes first, what is never taken
 * unasked last.
 */

/* Appends to facts->firmwares. root: "" or, in tests, a directory that stands for "/". */
void firmware_search(const char *root, enum vm_arch, struct host_facts *);
/* May it be taken where none was named? Not what boots only signed systems, needs SMM or forgets its variables. */
bool firmware_is_default(const struct firmware *);
/* One descriptor's text; false when it is of no use for this architecture. Strings are the caller's. */
bool firmware_parse(const char *text, size_t len, enum vm_arch, struct firmware *);

#endif
