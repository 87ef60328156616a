/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_IMAGE_H
#define CORE_VM_IMAGE_H

#include "core/vm/spec.h"

/*
 * What a path can boot as. image_state_dir and image_kind_of_name are pure;
 * the others look at the file system.
 */

/*
 * Returns the path of an image's state directory: PATH + "-state", after removing
 * a final ".iso" (lower case only) unless PATH is the prefix of a kernel. The
 * caller frees it.
 */
char *image_state_dir(const char *path, bool is_prefix);
/* Returns true if PATH exists or is the prefix of a kernel. Unlike image_detect, opens nothing. */
bool image_is_there(const char *path);
/* Returns true if PATH does not exist but PATH-kernel does. */
bool image_is_prefix(const char *path);

/*
 * The boot mode of PATH when none is set. A regular file or block device is an
 * ISO if its name ends in .iso (any case) or it has "CD001" at byte 32769, or
 * else a disk. If there is neither, PATH-kernel with PATH-squashfs.img means
 * squashfs, and PATH-kernel alone kernel. Returns BOOT_AUTO if nothing is there.
 */
enum boot_mode image_detect(const char *path);

/*
 * The kind of image that a file of this name is: BOOT_DISK for the extensions
 * of disk images (img raw qcow2 qcow vmdk vdi vhd vhdx), BOOT_ISO for .iso,
 * BOOT_KERNEL for "X-kernel" (*prefix_len is then the length of X), or
 * BOOT_AUTO if it is not an image.
 */
enum boot_mode image_kind_of_name(const char *name, size_t *prefix_len);

#endif
