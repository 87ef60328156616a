/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_DISK_REMOVE_H
#define CORE_CONTROL_DISK_REMOVE_H

#include "core/control/control.h"

#include <stddef.h>

struct drive_files;

/*
 * Removes a disk from a running VM; its file stays. disk: as for drive_files_find. QEMU asks the guest to give it up. If
 * that takes longer than the guest has (control.h), nothing is changed, and once the guest has done it, a second call
 * completes the removal. The disks behind it keep their files: one without a file in its text gets it.
 */
struct control_job *control_disk_remove(const struct control_vm *, const char *disk, control_done_fn *, void *data, struct error *);

/* The texts of all disks but one, for any record of them. The caller finishes the empty `out`. */
void disks_without(const struct drive_files *, size_t disk, struct strv *out);

#endif
