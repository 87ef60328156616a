/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_PORTS_H
#define CORE_CONTROL_PORTS_H

#include "core/control/control.h"

#include "core/vm/spec.h"

#include <stddef.h>

/*
 * Publishes a port of a running VM, or ends that. port: as the setting `publish`. A port that is in use on this host is
 * refused with its holder, and so is a VM without user networking.
 */
struct control_job *control_port_add(const struct control_vm *, const char *port, control_done_fn *, void *data, struct error *);
struct control_job *control_port_remove(const struct control_vm *, const char *port, control_done_fn *, void *data, struct error *);
/* Returns true if a VM with these settings can publish ports, this one or another: it has user networking. */
bool control_port_can(const struct vm_config *running, const char *port);

/* A row of QEMU's table of user networking: a published port, or a connection. */
struct net_flow {
	char protocol[8];	/* "TCP", "UDP", "ICMP" */
	char state[24];		/* "HOST_FORWARD" for a published port, "ESTABLISHED", "38 sec" ... */
	char source[48], destination[48];	/* addresses; "*" for any */
	unsigned source_port, destination_port;
	unsigned received, sent;	/* bytes that wait in QEMU's queues */
};

#define NET_FLOWS_MAX 4096	/* the most rows that are read */

/* flows: valid during the call; NULL, with err, on failure. */
typedef void control_flows_fn(void *data, const struct net_flow *flows, size_t count, const struct error *err);
/* Asks for the published ports and the connections. */
struct control_job *control_flows(const struct control_vm *, control_flows_fn *, void *data);
/* Parses the output of `info usernet`; returns how many rows were stored. Lines of another kind are skipped. */
size_t net_flows_read(const char *text, struct net_flow *out, size_t max);
/* Returns true for a published port, false for a connection. */
bool net_flow_is_forward(const struct net_flow *);
/* Counts the connections to a published port. */
size_t net_flow_connections(const struct net_flow *, size_t count, const struct vm_port *);

#endif
