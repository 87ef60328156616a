/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_GRAMMAR_H
#define CORE_VM_GRAMMAR_H

#include "core/vm/spec.h"

/* Parsers of single settings, for vm_spec_read and for each other. On failure they return false and set err. */

/* "", default, user, none, tap,NAME[,REST], bridge,NAME[,REST] */
bool vm_network_parse(struct vm_spec *, const char *text, struct error *);
/* Accelerators separated by colons, then QEMU's own options after commas. *out is NULL for "auto"; the caller frees it. */
bool vm_accel_parse(const char *text, char **out, struct error *);
/* yes, no, on, off, true, false, 1, 0, in any case */
bool vm_switch_parse(const char *text, bool *out, struct error *);

/* Returns true if this can be the name of a disk image format: letters, digits, '-' and '_'. */
bool vm_image_format_check(const char *format, struct error *err);
/* ide, virtio, scsi or nvme */
bool vm_bus_check(const char *text, struct error *err);

#endif
