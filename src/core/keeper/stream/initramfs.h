/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_INITRAMFS_H
#define CORE_KEEPER_STREAM_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

struct plan;

/*
 * Detects a boot that found no root file system, after which the initramfs of Debian and
 * Ubuntu shows its prompt. Kernels of cloud images have only virtio drivers, but do not
 * report that, so the keeper does. Pure.
 */
#define INITRAMFS_NOTICE "the guest found no root file system; if its kernel lacks a driver for the disk, " \
                         "use --boot-bus virtio (in a profile: [boot] bus = virtio)"

/*
 * Scans the next bytes of the console. Returns true when the prompt is complete for the first time and no disk of
 * the plan is on virtio. *place: state between calls, 0 at first.
 */
bool initramfs_seen(unsigned *place, const char *bytes, size_t len, const struct plan *);

#endif
