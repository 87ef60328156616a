/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/probe.h"

#include "core/base/alloc.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_LISTEN 10	/* state number of the kernel, as in /proc/net/tcp */
#define UDP_BOUND 7

static bool address_of(const char *hex, struct busy_port *port)
{
	unsigned word[4];
	struct in_addr in;

	if (strlen(hex) == 8 && sscanf(hex, "%8x", &word[0]) == 1) {
		in.s_addr = word[0];
	} else if (sscanf(hex, "%8x%8x%8x%8x", &word[0], &word[1], &word[2], &word[3]) == 4) {
		/* "::" also accepts IPv4, a mapped address is IPv4, and other addresses do not conflict */
		bool mapped = !word[0] && !word[1] && word[2] == htonl(0xffff);

		if (!mapped && (word[0] || word[1] || word[2] || word[3]))
			return false;
		in.s_addr = mapped ? word[3] : 0;
	} else {
		return false;
	}
	return inet_ntop(AF_INET, &in, port->address, sizeof(port->address));
}

bool probe_port_line(const char *line, bool udp, struct busy_port *port, unsigned long *inode)
{
	char address[33];
	unsigned state;

	memset(port, 0, sizeof(*port));
	if (sscanf(line, " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x %*x %*u %*u %lu",
	           address, &port->port, &state, inode) != 4)
		return false;
	if (state != (udp ? UDP_BOUND : TCP_LISTEN))
		return false;
	port->udp = udp;
	return address_of(address, port);
}

static bool process_holds(const char *pid, const char *socket)
{
	char path[300], link[64];
	const struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		if (len < 0)
			continue;
		link[len] = '\0';
		found = !strcmp(link, socket);
	}
	closedir(dir);
	return found;
}

/* Returns the process that has the socket open; NULL if /proc does not show it. */
static char *holder_of(unsigned long inode)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	char socket[64], *holder = NULL;

	if (!dir)
		return NULL;
	snprintf(socket, sizeof(socket), "socket:[%lu]", inode);
	while (!holder && (entry = readdir(dir)))
		if (entry->d_name[strspn(entry->d_name, "0123456789")] == '\0' && process_holds(entry->d_name, socket))
			holder = probe_process_name(entry->d_name);
	closedir(dir);
	return holder;
}

/*
 * Binds the port briefly, as QEMU will do. Reading the tables of the kernel takes
 * a millisecond each, so they are only used to find the holder.
 */
static int bind_error(const struct vm_port *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port->host) };
	int fd = socket(AF_INET, (port->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	int on = 1, reason = 0;

	if (fd < 0)
		return 0;
	if (*port->address)
		inet_pton(AF_INET, port->address, &address.sin_addr);
	if (!port->udp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));	/* old connections do not matter */
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		reason = errno;
	close(fd);
	return reason;
}

static void add_busy(struct host_facts *facts, const struct busy_port *busy)
{
	facts->busy = mem_resize(facts->busy, facts->busy_count + 1, sizeof(*facts->busy));
	facts->busy[facts->busy_count++] = *busy;
}

static void read_table(struct host_facts *facts, const char *path, const struct vm_port *port)
{
	FILE *file = fopen(path, "re");
	struct busy_port busy;
	unsigned long inode;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		if (!probe_port_line(line, port->udp, &busy, &inode) || busy.port != port->host)
			continue;
		busy.holder = holder_of(inode);
		add_busy(facts, &busy);
	}
	free(line);
	fclose(file);
}

static bool is_listed(const struct host_facts *facts, const struct vm_port *port)
{
	for (size_t i = 0; i < facts->busy_count; i++)
		if (facts->busy[i].port == port->host && facts->busy[i].udp == port->udp)
			return true;
	return false;
}

void probe_ports(struct host_facts *facts, const struct vm_port *ports, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct busy_port unseen = { .port = ports[i].host, .udp = ports[i].udp };
		int reason = bind_error(&ports[i]);

		if (reason == EADDRNOTAVAIL && !strv_has(&facts->absent, ports[i].address))
			strv_add(&facts->absent, ports[i].address);
		if (reason != EADDRINUSE || is_listed(facts, &ports[i]))
			continue;
		read_table(facts, ports[i].udp ? "/proc/net/udp" : "/proc/net/tcp", &ports[i]);
		read_table(facts, ports[i].udp ? "/proc/net/udp6" : "/proc/net/tcp6", &ports[i]);
		if (!is_listed(facts, &ports[i]))	/* perhaps of a process in another container */
			add_busy(facts, &unseen);
	}
}

enum { NET_BIND_SERVICE = 10, NET_ADMIN = 12 };		/* capabilities(7) */

static bool has_capability(unsigned number)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return geteuid() == 0;
	while (getline(&line, &size, file) > 0)
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	free(line);
	fclose(file);
	return effective >> number & 1;
}

bool probe_net_admin(void)
{
	return has_capability(NET_ADMIN);
}

bool probe_low_ports(unsigned lowest)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
	unsigned start = 1024;

	if (file) {
		if (fscanf(file, "%u", &start) != 1)
			start = 1024;
		fclose(file);
	}
	return lowest >= start || has_capability(NET_BIND_SERVICE);
}
