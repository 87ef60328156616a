/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_GROW_DISK_H
#define CORE_MACHINES_GROW_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct vm_config;

/*
 * Makes a disk of a VM that is off larger, with qemu-img, which locks the image as QEMU does. The rules about its file
 * are those of a start. disk: index of the value of `disk`, or DRIVE_IMAGE_INDEX for the boot image. Waits for qemu-img,
 * so it is not for the screen.
 */
bool grow_disk(const struct vm_config *, const char *state, int disk, uint64_t mib, struct error *);

#endif
