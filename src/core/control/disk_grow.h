/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_DISK_GROW_H
#define CORE_CONTROL_DISK_GROW_H

#include "core/control/control.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes a disk of a running VM larger; the guest sees it at once, but must grow its partitions and file systems itself.
 * disk: as for drive_files_find. size: as in the setting `disk`. A size that is not larger is refused, because the guest
 * would lose what is behind it. The recorded value gets the new size if it has one.
 */
struct control_job *control_disk_grow(const struct control_vm *, const char *disk, const char *size, control_done_fn *, void *data,
                                      struct error *);

/* Returns false, with the reason, unless the new size in MiB is larger than `now` bytes. */
bool disk_grows(uint64_t now, uint64_t mib, struct error *);
/* Returns the text of a disk with another size, if it has one; otherwise a copy. The caller frees it. */
char *disk_text_grown(const char *text, uint64_t mib);

#endif
