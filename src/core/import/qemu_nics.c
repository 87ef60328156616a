/* SPDX-License-Identifier: MIT */
/* The network card: -nic, -netdev with -device, or -net nic with -net user. */
#include "core/import/qemu_line_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/vm/list.h"

#include <stdlib.h>
#include <string.h>

/* What a backend says, as settings. */
struct network {
	char *mode;		/* "user", "tap,NAME", "bridge,NAME"; NULL: no setting can hold it */
	struct strv ports;
};

/* QEMU's user network gives this address to its first guest. */
#define GUEST_ADDRESS "10.0.2.15"

/* "tcp:127.0.0.1:2222-:22" -> "127.0.0.1:2222:22". Returns false for a guest that is not this one. */
static bool add_port(struct network *network, const char *text)
{
	char *copy = mem_strdup(text), *host = strchr(copy, ':'), *port = host ? strchr(host + 1, ':') : NULL;
	char *guest = port ? strchr(port, '-') : NULL, *colon = guest ? strrchr(guest, ':') : NULL;
	bool good = colon != NULL, udp;

	if (good) {
		*host++ = *port++ = *guest++ = *colon++ = '\0';
		udp = !strcmp(copy, "udp");
		good = (udp || !*copy || !strcmp(copy, "tcp")) && (!*guest || !strcmp(guest, GUEST_ADDRESS));
		if (good) {
			char *value = mem_printf("%s%s%s:%s%s", host, *host ? ":" : "", port, colon, udp ? "/udp" : "");
			struct vm_port parsed;
			struct error ignored;

			good = vm_port_parse(value, &parsed, &ignored);
			strv_take(&network->ports, value);
		}
	}
	free(copy);
	return good;
}

static void read_user(struct option_list *list, struct network *network)
{
	const char *port;
	bool good = true;
	char *rest;

	while ((port = option_list_take(list, "hostfwd")))
		good &= add_port(network, port);
	rest = option_list_rest(list);
	if (good && !rest)
		network->mode = mem_strdup("user");
	free(rest);
}

static void read_tap(struct option_list *list, struct network *network)
{
	const char *name = option_list_take(list, "ifname"), *script = option_list_take(list, "script");
	const char *down = option_list_take(list, "downscript");
	char *rest = option_list_rest(list);

	/* Without script=no, QEMU runs /etc/qemu-ifup, which paddock does not. */
	if (name && script && !strcmp(script, "no") && (!down || !strcmp(down, "no")))
		network->mode = mem_printf("tap,%s%s%s", name, rest ? "," : "", rest ? rest : "");
	free(rest);
}

static void read_bridge(struct option_list *list, struct network *network)
{
	const char *name = option_list_take(list, "br");
	char *rest = option_list_rest(list);

	network->mode = mem_printf("bridge,%s%s%s", name ? name : "br0", rest ? "," : "", rest ? rest : "");
	free(rest);
}

/* The list is without what belongs to the card. */
static void read_backend(struct option_list *list, struct network *network)
{
	const char *type = option_list_take(list, "type");

	*network = (struct network){ 0 };
	option_list_take(list, "id");
	if (type && !strcmp(type, "user"))
		read_user(list, network);
	else if (type && !strcmp(type, "tap"))
		read_tap(list, network);
	else if (type && !strcmp(type, "bridge"))
		read_bridge(list, network);

	struct error ignored;

	if (network->mode && !vm_value_check(SET_NETWORK, network->mode, &ignored)) {
		free(network->mode);
		network->mode = NULL;
	}
}

static void network_finish(struct network *network)
{
	free(network->mode);
	strv_finish(&network->ports);
}

static bool is_virtio(const char *model)
{
	return !model || (text_starts(model, "virtio") && !strstr(model, "non-transitional"));
}

/* Sets what was read; the card becomes virtio-net, which is the one that paddock adds. */
static void become(struct qemu_line *line, const struct network *network, const char *mac, const char *remark)
{
	struct error ignored;

	import_set(line->out, SET_NETWORK, network->mode, remark);
	if (mac && vm_value_check(SET_MAC, mac, &ignored))
		import_set(line->out, SET_MAC, mac, NULL);
	else if (mac)
		import_leave(line->out, "not a MAC address", "mac=%s", mac);
	for (size_t i = 0; i < network->ports.count; i++)
		import_set(line->out, SET_PUBLISH, network->ports.items[i], NULL);
}

/* -nic TYPE,model=M,mac=A,... Returns true if it became the settings. */
static bool read_nic(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	struct network network;
	const char *model, *mac;
	bool good;

	option_list_read(&list, option->value, "type");
	model = option_list_take(&list, "model");
	mac = option_list_take(&list, "mac");
	read_backend(&list, &network);
	good = network.mode && is_virtio(model);
	if (good) {
		option->open = false;
		become(line, &network, mac, model ? NULL : "the card becomes virtio-net");
	}
	network_finish(&network);
	option_list_finish(&list);
	return good;
}

/* -netdev TYPE,id=N with -device virtio-net-pci,netdev=N */
static bool read_netdev(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list, card = { 0 };
	struct qemu_option *device;
	struct network network;
	char *rest = NULL;
	const char *id;
	bool good;

	option_list_read(&list, option->value, "type");
	id = option_list_get(&list, "id");
	device = id ? qemu_option_with(line, "-device", "netdev", id) : NULL;
	if (device)
		option_list_read(&card, device->value, "driver");
	good = device && text_starts(option_list_get(&card, "driver"), "virtio-net") && is_virtio(option_list_take(&card, "driver"));
	read_backend(&list, &network);
	if (good && network.mode) {
		const char *mac = option_list_take(&card, "mac");

		option_list_take(&card, "netdev");
		option_list_take(&card, "id");
		option->open = device->open = false;
		become(line, &network, mac, NULL);
		if ((rest = option_list_rest(&card)))
			import_leave(line->out, "no setting for it", "%s of the network card", rest);
	}
	good = good && network.mode;
	free(rest);
	network_finish(&network);
	option_list_finish(&list);
	option_list_finish(&card);
	return good;
}

/* -net nic,model=M,macaddr=A with one -net user, tap or bridge */
static bool read_net(struct qemu_line *line, struct qemu_option *option)
{
	struct qemu_option *card = option, *backend = option;
	struct option_list list, card_list;
	struct network network;
	const char *model, *mac;
	bool good;

	while (card && strcmp(card->value, "nic") && !text_starts(card->value, "nic,"))
		card = qemu_option_next(line, "-net", card);
	while (backend && (!strcmp(backend->value, "nic") || text_starts(backend->value, "nic,")))
		backend = qemu_option_next(line, "-net", backend);
	if (!card || !backend)
		return false;
	option_list_read(&list, backend->value, "type");
	option_list_read(&card_list, card->value, "type");
	option_list_take(&card_list, "type");
	model = option_list_take(&card_list, "model");
	mac = option_list_take(&card_list, "macaddr");
	read_backend(&list, &network);
	good = network.mode && is_virtio(model);
	if (good) {
		card->open = backend->open = false;
		become(line, &network, mac, model ? NULL : "the card becomes virtio-net");
	}
	network_finish(&network);
	option_list_finish(&list);
	option_list_finish(&card_list);
	return good;
}

/* Is there a word about the network among the options? */
static struct qemu_option *any(struct qemu_line *line)
{
	static const char *const names[] = { "-nic", "-netdev", "-net" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct qemu_option *option = qemu_option_next(line, names[i], NULL);

		if (option)
			return option;
	}
	return NULL;
}

static bool read_one(struct qemu_line *line)
{
	struct qemu_option *option = NULL;

	while ((option = qemu_option_next(line, "-nic", option)))
		if (read_nic(line, option))
			return true;
	while ((option = qemu_option_next(line, "-netdev", option)))
		if (read_netdev(line, option))
			return true;
	option = qemu_option_next(line, "-net", NULL);
	return option && read_net(line, option);
}

void qemu_nics_read(struct qemu_line *line)
{
	static const char *const names[] = { "-nic", "-net" };
	bool none = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (struct qemu_option *option = NULL; (option = qemu_option_next(line, names[i], option));)
			if (!strcmp(option->value, "none")) {
				option->open = false;
				none = true;
			}
	if (!none && !any(line))
		import_set(line->out, SET_NETWORK, "user", "QEMU's default; the card becomes virtio-net");
	else if (!any(line))
		import_set(line->out, SET_NETWORK, "none", NULL);
	else if (!read_one(line))
		import_set(line->out, SET_NETWORK, "none", "the network is in the arguments that are kept");
}
