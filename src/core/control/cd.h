/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_CD_H
#define CORE_CONTROL_CD_H

#include "core/control/control.h"

struct drives;
struct drive;

/*
 * The CD drive of a running VM. Of several, the one with the boot image, or else an empty one, or else the first, but
 * never the one with metadata. A change lasts for this run and is not recorded: the next start inserts what the
 * settings say.
 */

/*
 * Inserts a file, instead of what is in the drive. path: absolute. It is used as raw, and never written, whatever it
 * contains. force: even if the guest has locked the tray, as it does while the CD is mounted.
 */
struct control_job *control_cd_insert(const struct control_vm *, const char *path, bool force, control_done_fn *, void *data,
                                      struct error *);
/* Leaves the tray open. */
struct control_job *control_cd_eject(const struct control_vm *, bool force, control_done_fn *, void *data, struct error *);

/* Checks a file for a CD drive as a start would, and that nobody writes to it. path: absolute. */
bool control_cd_check(const struct vm_config *, const char *path, struct error *);
/* Returns the drive that is changed, or NULL if there is none. */
const struct drive *cd_drive_of(const struct drives *);

#endif
