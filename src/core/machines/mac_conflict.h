/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_MAC_CONFLICT_H
#define CORE_MACHINES_MAC_CONFLICT_H

struct problems;
struct record_io;
struct store;
struct vm_config;

/*
 * Warns about other VMs with the same MAC address. It is only a warning, since
 * the VMs may never be in the same network. As this reads every profile, it is
 * done only if a conflict is possible: the profile sets the address, or VMs
 * share the network (tap, bridge) and the state directory keeps an address.
 */
void mac_conflict_check(struct store *, const struct record_io *, const struct vm_config *, struct problems *);

#endif
