/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_UNKNOWN_KEY_H
#define CORE_VM_UNKNOWN_KEY_H

struct vm_config;

/*
 * Records an unknown key of a profile. Such a key stays in the file and has
 * no effect, so it is reported with the other problems: this adds a sentence
 * to config->unknown_keys, with a suggestion if the key looks misspelt. Keys in a
 * section whose name does not resemble a section of paddock are not reported;
 * they belong to another program.
 */
void unknown_key_note(struct vm_config *, const char *section, const char *key);

#endif
