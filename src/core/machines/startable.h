/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_STARTABLE_H
#define CORE_MACHINES_STARTABLE_H

struct vm_config;

/*
 * Detects saved VMs that cannot start on any host. The list, `paddock ls` and its JSON show this word for them, as they
 * do for a missing image, instead of showing them as off.
 */
#define UNSTARTABLE_WORD "invalid"

/* Returns the first invalid setting, "machine.memory: reason", or NULL. Pure. The caller frees it. */
char *startable_bad_setting(const struct vm_config *);

#endif
