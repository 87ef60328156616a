/* SPDX-License-Identifier: MIT */
/* What this host has to say about a guest's network, and what to do about it. */
#include "core/qemu/plan/build.h"

#include <errno.h>
#include <string.h>

#define SAY(b, ...) problem_add((b)->problems, PROBLEM_HOST, SET_NETWORK, -1, __VA_ARGS__)

/* The rights that the kernel asks for of who opens a tap that is there. */
static bool may_open_tap(const struct host_facts *facts)
{
	const struct link_fact *tap = &facts->link;

	if (facts->net_admin)
		return true;
	return (tap->owner < 0 || tap->owner == (long)facts->uid) && (tap->group < 0 || tap->in_group);
}

static void check_tun_device(struct build *b)
{
	int reason = b->facts->tun_error;

	if (reason == EACCES || reason == EPERM)
		SAY(b, "/dev/net/tun: %s; as root: chmod 666 /dev/net/tun", strerror(reason));
	else if (reason)
		SAY(b, "/dev/net/tun: %s; as root: modprobe tun", strerror(reason));
}

static void check_tap(struct build *b, const char *name)
{
	const struct host_facts *facts = b->facts;

	if (!strv_has(&facts->interfaces, name))
		SAY(b, "there is no interface %s; as root: ip tuntap add dev %s mode tap user %u && ip link set %s up", name,
		    name, facts->uid, name);
	else if (strv_has(&facts->bridges, name))
		SAY(b, "%s is a bridge: write bridge,%s", name, name);
	else if (facts->link.known && !facts->link.is_tap)
		SAY(b, "%s is not a tap", name);
	else if (facts->link.known && !may_open_tap(facts))
		SAY(b, "%s belongs to somebody else; as root: ip tuntap del dev %s mode tap, then add it with 'user %u'", name,
		    name, facts->uid);
	else if (facts->link.in_use)
		SAY(b, "%s is in use by another process", name);
	check_tun_device(b);
}

static void check_helper(struct build *b, const char *bridge)
{
	const struct host_facts *facts = b->facts;
	const struct bridge_helper *helper = &facts->bridge_helper;

	if (!helper->path)
		SAY(b, "qemu-bridge-helper is not to be found; it comes with QEMU's system emulators");
	else if (!helper->privileged && !facts->net_admin)
		SAY(b, "%s may make no taps; as root: chmod u+s %s", helper->path, helper->path);
	if (helper->acl == BRIDGE_NO_FILE)
		SAY(b, "%s is missing; as root: mkdir -p %.*s && echo allow %s >%s", helper->acl_file,
		    (int)(strrchr(helper->acl_file, '/') - helper->acl_file), helper->acl_file, bridge, helper->acl_file);
	else if (helper->acl == BRIDGE_DENIED)
		SAY(b, "%s does not allow %s; as root, add the line: allow %s", helper->acl_file, bridge, bridge);
}

static void check_bridge(struct build *b, const char *name)
{
	const struct host_facts *facts = b->facts;

	if (!strv_has(&facts->interfaces, name))
		SAY(b, "there is no interface %s; as root: ip link add %s type bridge && ip link set %s up", name, name, name);
	else if (facts->link.known && !strv_has(&facts->bridges, name))
		SAY(b, "%s is not a bridge", name);
	/* A helper of the user's own knows its own rules. */
	if (!b->spec->net_rest || !strstr(b->spec->net_rest, "helper="))
		check_helper(b, name);
	if (facts->tun_error == ENOENT || facts->tun_error == ENODEV)
		check_tun_device(b);
}

static bool is_every(const char *address)
{
	return !*address || !strcmp(address, "0.0.0.0");
}

static void check_port(struct build *b, size_t i)
{
	const struct vm_port *port = &b->spec->ports[i];

	if (port->host < 1024 && !b->facts->unprivileged_low_ports)
		problem_add(b->problems, PROBLEM_HOST, SET_PUBLISH, (int)i, "port %u needs root, ports from 1024 on don't", port->host);
	if (strv_has(&b->facts->absent, port->address))
		problem_add(b->problems, PROBLEM_HOST, SET_PUBLISH, (int)i,
		            "no interface of this host has the address %s: leave it out for all of them, or write 127.0.0.1 for this host alone",
		            port->address);
	for (size_t k = 0; k < b->facts->busy_count; k++) {
		const struct busy_port *busy = &b->facts->busy[k];

		if (busy->port != port->host || busy->udp != port->udp)
			continue;
		if (strcmp(busy->address, port->address) && !is_every(busy->address) && !is_every(port->address))
			continue;
		problem_add(b->problems, PROBLEM_HOST, SET_PUBLISH, (int)i, "port %u is taken%s%s", port->host,
		            busy->holder ? " by " : "", busy->holder ? busy->holder : "");
		return;
	}
}

void build_check_network(struct build *b)
{
	if (b->spec->net == NET_TAP && b->spec->ifname)
		check_tap(b, b->spec->ifname);
	if (b->spec->net == NET_BRIDGE && b->spec->ifname)
		check_bridge(b, b->spec->ifname);
	for (size_t i = 0; i < b->spec->port_count; i++)
		check_port(b, i);
}
