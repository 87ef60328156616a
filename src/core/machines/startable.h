/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_STARTABLE_H
#define CORE_MACHINES_STARTABLE_H

struct vm_config;

/*
 * What is wrong with a saved VM before anything of this host is asked, so that no start takes it. The list, `paddock
 * ls` and its JSON show such a VM by one word, as they do where its image is missing, and not as one that is off.
 */
#define UNSTARTABLE_WORD "invalid"

/* The first value that cannot be read: "machine.memory: reason"; NULL: none. Pure; the caller's. */
char *startable_bad_setting(const struct vm_config *);

#endif
