/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_CLONE_H
#define CORE_MACHINES_CLONE_H

#include "core/jobs/job.h"

struct error;
struct store;

/*
 * A clone of a profile with disks of its own, which a job makes in the clone's
 * state directory: copies of the boot disk and the other disks in the same
 * format, or linked ones, which are qcow2 overlays that read what the guest
 * has not written from the original's file. CDs, kernels and files with
 * metadata are shared; UEFI variables are copied. Everything else is as of
 * new_profile_clone.
 */

/*
 * Describes the job. Fails if the name `to` is not free, while the original runs or is being changed, and where a start
 * of the original would be refused because of its disks. The caller finishes `out` in any case.
 */
bool clone_prepare(struct store *, const struct vm_config *from, const char *to, bool linked, struct job *out, struct error *);

#endif
