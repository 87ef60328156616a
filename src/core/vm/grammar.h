/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_GRAMMAR_H
#define CORE_VM_GRAMMAR_H

#include "core/vm/spec.h"

/* Readers of single settings for vm_spec_read and each other; each fills its own members of the spec. */

/* "", default, user, none, tap,NAME[,REST], bridge,NAME[,REST] */
bool vm_network_parse(struct vm_spec *, const char *text, struct error *);
/* tcg and kvm, colons between, then QEMU's own machine options after commas; "auto" gives NULL. *out is the caller's. */
bool vm_accel_parse(const char *text, char **out, struct error *);
/* yes no on off true false 1 0, in any case */
bool vm_switch_parse(const char *text, bool *out, struct error *);

/* Could it be the name of a format of disk images? */
bool vm_image_format_check(const char *format, struct error *err);
/* ide, virtio, scsi or nvme */
bool vm_bus_check(const char *text, struct error *err);

#endif
