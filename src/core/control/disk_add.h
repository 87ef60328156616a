/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_DISK_ADD_H
#define CORE_CONTROL_DISK_ADD_H

#include "core/control/control.h"

/*
 * Adds a disk to a running VM. text: as the setting `disk`; a relative path is in the state directory. The rules about
 * its file are those of a start, and where a start warns, it is refused. A file that is not there is created if there is
 * a size, and removed again if QEMU does not take it. IDE takes no disks while a VM runs.
 */
struct control_job *control_disk_add(const struct control_vm *, const char *text, control_done_fn *, void *data, struct error *);

/* How the names of nodes and devices begin that were added while the VM runs; a number follows. */
#define DISK_NODE "paddock-disk"

/* Returns true if a VM with these settings may take this disk, or give it up, while it runs: everything but IDE. */
bool control_disk_can(const struct vm_config *running, const char *text);
/*
 * Returns the text of a disk for a user who means a disk of a running VM: with a bus that takes one (virtio instead of
 * IDE) and with a file, a free name in the state directory, where there is none. The caller frees it. NULL, with err, if it
 * is not a disk.
 */
char *control_disk_complete(const struct vm_config *, const char *state, const char *text, struct error *);

#endif
