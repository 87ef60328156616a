/* SPDX-License-Identifier: MIT */
/* The network card and its link. */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/link.h"
#include "ui/hardware/hardware_impl.h"

#include <stdlib.h>
#include <string.h>

static void state_came(void *data, const struct link_state *state, const struct error *err)
{
	struct hardware *hardware = data;

	hardware_rows_begin(hardware, &hardware_network);
	if (err)
		hardware_row(hardware, &hardware_network, STYLE_DIM, NULL, "%s", err->text);
	else
		hardware_row(hardware, &hardware_network, STYLE_NORMAL, state->up ? "up" : "down", "%s  %s  %s  link %s", state->model, state->mac,
		             state->backend, state->up ? "up" : "down");
	hardware_rows_end(hardware, &hardware_network);
}

static void query(struct hardware *hardware, const struct hardware_section *section)
{
	struct control_vm vm;

	if (hardware_vm(hardware, &vm))
		hardware_asks(hardware, section, control_link_query(&vm, state_came, hardware));
}

static void run_change(struct hardware *hardware, const char *now)
{
	bool up = strcmp(now, "up") != 0;
	struct hardware_change change = { .said = up ? "the link is up" : "the link is down" };
	struct control_vm vm;
	void *data = hardware_begin(hardware, &change, &vm);
	struct error err;

	if (data)
		hardware_begun(data, control_link_set(&vm, up, hardware_done, data, &err), &err);
}

const struct hardware_section hardware_network = {
	.title = "Network", .keys = "Enter link up or down", .query = query, .run_change = run_change,
};
