/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_STREAM_INITRAMFS_H
#define CORE_KEEPER_STREAM_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

struct plan;

/*
 * A boot that found no root file system: Debian's and Ubuntu's initramfs then
 * shows its prompt. Kernels of cloud images have drivers for virtio only, and say nothing
 * about that, so the keeper does. Pure.
 */
#define INITRAMFS_NOTICE "the guest found no root file system; if its kernel lacks a driver for the disk, " \
                         "--boot-bus virtio (in a profile: [boot] bus = virtio) helps"

/*
 * Looks through the console's next bytes. true: the prompt has just been
 * completed, for the first time, and no disk of the plan is on virtio. *place: 0 at first, kept by the caller.
 */
bool initramfs_seen(unsigned *place, const char *bytes, size_t len, const struct plan *);

#endif
