/* SPDX-License-Identifier: MIT */
#ifndef FAKE_BOOT_ISO_H
#define FAKE_BOOT_ISO_H

#include <stddef.h>

/*
 * The least of an ISO that firmware boots from: volume descriptors, a boot
 * catalog with one entry for each platform, and one image for all of them
 * (no emulation, four sectors loaded). It has no files.
 */
enum { BOOT_ISO_BIOS = 0, BOOT_ISO_EFI = 0xef };

void boot_iso_write(const char *path, const unsigned char *platforms, size_t count, const void *image, size_t len);

#endif
