/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PORT_PROBLEM_H
#define CORE_QEMU_PLAN_PORT_PROBLEM_H

struct host_facts;
struct vm_port;

/*
 * Returns why a port cannot be published on this host, such as "port 8080 is in use by nginx (pid 812)", or NULL. The
 * facts must contain those of probe_ports for it. The caller frees the text.
 */
char *port_problem(const struct host_facts *, const struct vm_port *);

#endif
