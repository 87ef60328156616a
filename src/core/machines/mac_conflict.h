/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_MAC_CONFLICT_H
#define CORE_MACHINES_MAC_CONFLICT_H

struct problems;
struct record_io;
struct store;
struct vm_config;

/*
 * Another VM with the same MAC address: a warning, since the two may never be
 * in one network. Every profile is read for it, so it is only looked for where
 * it may be: the address is written in the profile, or the network is one
 * that VMs share (tap, bridge) and the address is kept.
 */
void clash_check(struct store *, const struct record_io *, const struct vm_config *, struct problems *);

#endif
