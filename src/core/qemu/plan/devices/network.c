/* SPDX-License-Identifier: MIT */
/* The network of a guest: checks against this host, and arguments. */
#include "core/qemu/plan/build.h"
#include "core/qemu/plan/port_problem.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SAY(b, ...) problem_add((b)->problems, PROBLEM_HOST, SET_NETWORK, -1, __VA_ARGS__)

/* The rules of the kernel for opening an existing tap. */
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
		SAY(b, "interface %s does not exist; as root: ip tuntap add dev %s mode tap user %u && ip link set %s up", name,
		    name, facts->uid, name);
	else if (strv_has(&facts->bridges, name))
		SAY(b, "%s is a bridge; write bridge,%s", name, name);
	else if (facts->link.known && !facts->link.is_tap)
		SAY(b, "%s is not a tap interface", name);
	else if (facts->link.known && !may_open_tap(facts))
		SAY(b, "%s belongs to another user; as root: ip tuntap del dev %s mode tap, then add it again with 'user %u'", name,
		    name, facts->uid);
	else if (facts->link.in_use)
		SAY(b, "%s is in use by another process", name);
	check_tun_device(b);
}

static void check_bridge(struct build *b, const char *name)
{
	const struct host_facts *facts = b->facts;
	const struct bridge_helper *helper = &facts->bridge_helper;
	/* A helper that the user sets may have other rules. */
	bool usual = !b->spec->net_rest || !strstr(b->spec->net_rest, "helper=");

	if (!strv_has(&facts->interfaces, name))
		SAY(b, "interface %s does not exist; as root: ip link add %s type bridge && ip link set %s up", name, name, name);
	else if (facts->link.known && !strv_has(&facts->bridges, name))
		SAY(b, "%s is not a bridge", name);
	if (usual && !helper->path)
		SAY(b, "qemu-bridge-helper not found; it is part of QEMU's system emulators");
	else if (usual && !helper->privileged && !facts->net_admin)
		SAY(b, "%s is not allowed to create taps; as root: chmod u+s %s", helper->path, helper->path);
	if (usual && helper->acl == BRIDGE_NO_FILE)
		SAY(b, "%s is missing; as root: mkdir -p %.*s && echo allow %s >%s", helper->acl_file,
		    (int)(strrchr(helper->acl_file, '/') - helper->acl_file), helper->acl_file, name, helper->acl_file);
	else if (usual && helper->acl == BRIDGE_DENIED)
		SAY(b, "%s does not allow %s; as root, add the line: allow %s", helper->acl_file, name, name);
	if (facts->tun_error == ENOENT || facts->tun_error == ENODEV)
		check_tun_device(b);
}

static void check_port(struct build *b, size_t i)
{
	char *problem = port_problem(b->facts, &b->spec->ports[i]);

	if (problem)
		problem_add(b->problems, PROBLEM_HOST, SET_PUBLISH, (int)i, "%s", problem);
	free(problem);
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

static char *netdev_value(const struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const char *rest = spec->net_rest ? spec->net_rest : "", *comma = spec->net_rest ? "," : "";
	const char *name = spec->ifname ? spec->ifname : "";
	struct str value;

	if (spec->net == NET_TAP)
		return mem_printf("tap,id=" PLAN_NETDEV_ID ",ifname=%s%s%s,script=no,downscript=no", name, comma, rest);
	if (spec->net == NET_BRIDGE)
		return mem_printf("bridge,id=" PLAN_NETDEV_ID ",br=%s%s%s", name, comma, rest);
	str_init(&value);
	str_adds(&value, "user,id=" PLAN_NETDEV_ID);
	for (size_t i = 0; i < spec->port_count; i++) {
		const struct vm_port *port = &spec->ports[i];

		str_addf(&value, ",hostfwd=%s:%s:%u-:%u", port->udp ? "udp" : "tcp", port->address, port->host, port->guest);
	}
	return str_detach(&value);
}

void build_network_args(struct build *b)
{
	enum vm_setting cause = b->spec->port_count ? SET_PUBLISH : SET_NETWORK;
	char *netdev;

	if (b->spec->net == NET_NONE) {
		build_option(b, build_origin(b, SET_NETWORK), "-net", "none");
		return;
	}
	build_option(b, b->spec->mac ? build_origin(b, SET_MAC) : b->facts->kept_mac ? KEPT_MAC " in the state directory" : "default",
	             "-device", "virtio-net-%s,netdev=" PLAN_NETDEV_ID ",mac=%s", build_bus_suffix(b), b->plan->mac);
	netdev = netdev_value(b);
	build_option(b, build_origin_or_default(b, cause, b->spec->net == NET_USER && !b->spec->port_count), "-netdev", "%s", netdev);
	free(netdev);
}
