/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_IMAGE_H
#define CORE_VM_IMAGE_H

#include "core/vm/spec.h"

/*
 * What a path can boot as. image_is_prefix and image_detect look at the files
 * beside the path, the rest is pure.
 */

/*
 * The path of the state directory of an image: PATH + "-state", without a final
 * ".iso" (in small letters only) unless PATH is the prefix of a kernel.
 */
char *image_state_dir(const char *path, bool is_prefix);
/* A file, or a prefix with its kernel. Less than image_detect: nothing is opened. */
bool image_is_there(const char *path);
/* Nothing is at PATH, but PATH-kernel is there. */
bool image_is_prefix(const char *path);

/*
 * What boots PATH when nobody says: a regular file or block device is a disk,
 * or an ISO when it ends in .iso (any case) or has "CD001" at 32769; else
 * PATH-kernel with PATH-squashfs.img is squashfs, PATH-kernel alone kernel.
 * BOOT_AUTO when nothing is there.
 */
enum boot_mode image_detect(const char *path);

/*
 * Which image a directory entry NAME belongs to: BOOT_DISK for a disk image's
 * extension (img raw qcow2 qcow vmdk vdi vhd vhdx), BOOT_ISO, BOOT_KERNEL for
 * "X-kernel" (prefix_len is then X's length); BOOT_AUTO: none. Pure.
 */
enum boot_mode image_kind_of_name(const char *name, size_t *prefix_len);

#endif
