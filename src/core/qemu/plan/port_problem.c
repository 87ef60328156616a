/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/port_problem.h"

#include "core/base/alloc.h"
#include "core/qemu/host/facts.h"
#include "core/vm/spec.h"

#include <string.h>

static bool is_every(const char *address)
{
	return !*address || !strcmp(address, "0.0.0.0");
}

char *port_problem(const struct host_facts *facts, const struct vm_port *port)
{
	if (port->host < 1024 && !facts->unprivileged_low_ports)
		return mem_printf("port %u needs root; ports from 1024 on do not", port->host);
	if (strv_has(&facts->absent, port->address))
		return mem_printf("no interface of this host has the address %s; leave the address out for all interfaces, "
		                  "or use 127.0.0.1 for this host only", port->address);
	for (size_t k = 0; k < facts->busy_count; k++) {
		const struct busy_port *busy = &facts->busy[k];

		if (busy->port != port->host || busy->udp != port->udp)
			continue;
		if (strcmp(busy->address, port->address) && !is_every(busy->address) && !is_every(port->address))
			continue;
		return mem_printf("port %u is in use%s%s", port->host, busy->holder ? " by " : "", busy->holder ? busy->holder : "");
	}
	return NULL;
}
