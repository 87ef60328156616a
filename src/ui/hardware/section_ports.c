/* SPDX-License-Identifier: MIT */
/* Published ports and the connections of user networking. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/ports.h"
#include "ui/hardware/hardware_impl.h"
#include "ui/kit/app.h"
#include "ui/kit/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_port(struct hardware *hardware, const char *text, const struct net_flow *flows, size_t count)
{
	struct error ignored;
	struct vm_port port;
	size_t connections;

	if (!vm_port_parse(text, &port, &ignored))
		return;
	connections = net_flow_connections(flows, count, &port);

	char said[48] = "";

	if (connections > 0)
		snprintf(said, sizeof(said), "   %zu connection%s", connections, connections == 1 ? "" : "s");
	hardware_row(hardware, &hardware_ports, STYLE_NORMAL, text, "%s:%u %s %u/%s%s", port.address[0] ? port.address : "*", port.host,
	             theme_glyph(app_theme(hardware_app(hardware)), GLYPH_ARROW), port.guest, port.udp ? "udp" : "tcp", said);
}

static void flows_came(void *data, const struct net_flow *flows, size_t count, const struct error *err)
{
	struct hardware *hardware = data;
	struct control_vm vm;
	struct vm_config running;
	struct error ignored;
	const struct strv *ports = &running.value[SET_PUBLISH];
	const char *arrow = theme_glyph(app_theme(hardware_app(hardware)), GLYPH_ARROW);

	hardware_rows_begin(hardware, &hardware_ports);
	vm_config_init(&running, CONFIG_PROFILE);
	if (err)
		hardware_row(hardware, &hardware_ports, STYLE_DIM, NULL, "%s", err->text);
	else if (hardware_vm(hardware, &vm) && control_running(&vm, &running, &ignored))
		for (size_t i = 0; i < ports->count; i++)
			add_port(hardware, ports->items[i], flows, count);
	for (size_t i = 0; i < count; i++)
		if (!net_flow_is_forward(&flows[i]))
			hardware_row(hardware, &hardware_ports, STYLE_DIM, NULL, "%s %s:%u %s %s:%u  %s", flows[i].protocol, flows[i].source,
			             flows[i].source_port, arrow, flows[i].destination, flows[i].destination_port, flows[i].state);
	vm_config_finish(&running);
	hardware_rows_end(hardware, &hardware_ports);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;

	(void)section;
	if (hardware_vm(hardware, &vm))
		hardware_asks(hardware, section, control_flows(&vm, flows_came, hardware));
}

static void change(struct hardware *hardware, const char *port, bool adds)
{
	char *said = mem_printf(adds ? "%s is published" : "%s is no longer published", port);
	struct hardware_change change = { .save = hardware_save_value, .value = port, .setting = SET_PUBLISH,
	                                  .action = adds ? SETTING_ADD : SETTING_REMOVE, .said = said };
	struct control_vm vm;
	void *data = hardware_begin(hardware, &change, &vm);
	struct error err;

	if (data)
		hardware_begun(data, (adds ? control_port_add : control_port_remove)(&vm, port, hardware_done, data, &err), &err);
	free(said);
}

static bool check_port(struct app *app, const void *data, const char *text, struct error *err)
{
	(void)app;
	(void)data;
	return vm_value_check(SET_PUBLISH, text, err);
}

static void on_port(struct app *app, const void *data, const char *port)
{
	struct hardware *hardware = hardware_top(app);

	(void)data;
	if (hardware != NULL)
		change(hardware, port, true);
}

static void run_add(struct hardware *hardware)
{
	ask_text(hardware_app(hardware), "Publish a port, as [ADDRESS:]HOST:GUEST[/udp], such as 127.0.0.1:8080:80:", "", check_port,
	         (struct ask_then){ on_port, NULL, NULL });
}

static void run_remove(struct hardware *hardware, const char *port)
{
	change(hardware, port, false);
}

const struct hardware_section hardware_ports = {
	.title = "Ports", .add = "publish a port", .keys = "d withdraw", .query = query, .run_add = run_add, .run_remove = run_remove,
};
