/* SPDX-License-Identifier: MIT */
#include "core/machines/ssh_line.h"

#include "core/vm/spec.h"

#include <stdio.h>
#include <string.h>

#define SSH_PORT 22

bool ssh_line(const struct vm_spec *spec, char *buf, size_t size)
{
	buf[0] = '\0';
	for (size_t i = 0; spec->net == NET_USER && i < spec->port_count; i++) {
		const struct vm_port *port = &spec->ports[i];
		bool all = port->address[0] == '\0' || strcmp(port->address, "0.0.0.0") == 0;
		const char *address = all ? "127.0.0.1" : port->address;

		if (port->guest != SSH_PORT || port->udp)
			continue;
		if (port->host == SSH_PORT)
			snprintf(buf, size, "ssh %s", address);
		else
			snprintf(buf, size, "ssh -p %u %s", port->host, address);
		return true;
	}
	return false;
}
