/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_LAYOUT_H
#define CORE_QEMU_PLAN_LAYOUT_H

#include "core/qemu/host/facts.h"

/*
 * The paths of a VM's files, and the boot mode of a path. Used by both
 * host_gather and plan_build, so that the plan uses the files that were
 * probed. Pure; the caller frees the results.
 */

/* The architecture of the guest: as given, or else that of the host. */
enum vm_arch layout_arch(const struct vm_spec *, const struct host_facts *);
/* The boot mode of the image, from facts alone; BOOT_AUTO if there is nothing to boot. */
enum boot_mode layout_boot(const struct vm_spec *, const struct host_facts *);
/* The state directory as the user wrote it, for mkdir (facts->state is the cleaned path). */
char *layout_state_written(const struct vm_spec *, const struct host_facts *);
/* NAME in the state directory. */
char *layout_in_state(const struct host_facts *, const char *name);
/* The file of disk i, relative to QEMU's working directory. */
char *layout_disk(const struct vm_spec *, const struct host_facts *, size_t i);
/* The directory of share i. Absolute, because a daemon changes its working directory first. */
char *layout_share(const struct vm_spec *, const struct host_facts *, size_t i);
/* File names in the state directory: the variables, and a combined image that contains its variables. */
#define LAYOUT_UEFI_VARS "uefi-vars.fd"
#define LAYOUT_UEFI_COMBINED "uefi.fd"
/* The path of the variables template of a firmware named ..CODE..; NULL if its name does not contain CODE. */
char *layout_vars_beside(const char *code);

/* Suffixes to try when the given image is missing, for a "did you mean" hint. NULL-terminated. */
const char *const *layout_endings(void);

/* Returns "x" for "x-", "x-kernel" and other completions of a shell, or NULL for other paths. The caller frees it. */
char *layout_stem(const char *image);

/* A path for QEMU's block layer, which would treat "a:b" as a protocol. */
char *layout_block_path(const char *path);
/* A path for qemu-img, which would also treat "-x" as an option. */
char *layout_img_path(const char *path);
/* A value for option lists: every comma is doubled. */
char *layout_commas(const char *text);
/* Both layout_block_path and layout_commas. */
char *layout_block_value(const char *path);

/* Returns true for a regular file or a block device. */
bool file_is_image(const struct file_fact *);
/* Returns why a file cannot be used ("No such file or directory", "is a directory"), or NULL if it can. */
const char *file_trouble(const struct file_fact *);

#endif
