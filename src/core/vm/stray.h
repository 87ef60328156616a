/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_STRAY_H
#define CORE_VM_STRAY_H

struct vm_config;

/*
 * A key of a profile that is no setting. It stays in the file and does
 * nothing, so one that looks misspelt is remembered in config->strays, as a
 * sentence with what was meant, and told with the other problems. A section
 * that is like none of ours is its owner's and nothing is said of it.
 */
void stray_note(struct vm_config *, const char *section, const char *key);

#endif
