/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/ports.h"
#include "core/vm/same_value.h"
#include "ui/cli/cli_control.h"

#include <stdio.h>
#include <string.h>

static void print_port(const char *text, const struct net_flow *flows, size_t count)
{
	struct error ignored;
	struct vm_port port;
	size_t connections;

	if (!vm_port_parse(text, &port, &ignored))
		return;
	connections = net_flow_connections(flows, count, &port);
	printf("%s:%u/%s -> %u", port.address[0] ? port.address : "*", port.host, port.udp ? "udp" : "tcp", port.guest);
	if (connections)
		printf("  %zu connection%s", connections, connections == 1 ? "" : "s");
	putchar('\n');
}

struct listing {
	struct cli_control *control;
	const struct vm_config *config;
};

static void print_all(void *data, const struct net_flow *flows, size_t count, const struct error *err)
{
	const struct listing *listing = data;
	const struct strv *ports = &listing->config->value[SET_PUBLISH];

	if (!err) {
		for (size_t i = 0; i < ports->count; i++)
			print_port(ports->items[i], flows, count);
		for (size_t i = 0; i < count; i++)
			if (!net_flow_is_forward(&flows[i]))
				cli_line("%s %s:%u -> %s:%u  %s", flows[i].protocol, flows[i].source, flows[i].source_port,
				         flows[i].destination, flows[i].destination_port, flows[i].state);
	}
	cli_control_heard(listing->control, err);
}

static int list(struct cli_control *control)
{
	struct vm_config running;
	struct listing listing = { .control = control, .config = &control->target.config };
	struct error err;
	int status = 1;

	vm_config_init(&running, CONFIG_PROFILE);
	if (!control->target.running) {
		print_all(&listing, NULL, 0, NULL);
		status = 0;
	} else if (!control_running(&control->vm, &running, &err)) {
		cli_error("%s: %s", control->word, err.text);
	} else {
		listing.config = &running;
		status = cli_control_wait(control, control_flows(&control->vm, print_all, &listing), NULL);
	}
	vm_config_finish(&running);
	return status;
}

static int change(struct cli_control *control, bool adds, const char *port)
{
	struct error err;
	int status = 0;

	if (!vm_value_check(SET_PUBLISH, port, &err))
		return cli_error("%s: publish %s: %s", control->word, port, err.text);
	if (!cli_control_may_change(control))
		return 1;
	if (control->target.running)
		status = cli_control_wait(control, (adds ? control_port_add : control_port_remove)(&control->vm, port, cli_control_done, control, &err), &err);
	return cli_control_save(control, status, SET_PUBLISH, adds ? SETTING_ADD : SETTING_REMOVE, port);
}

int command_port(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct cli_control control;
	int status;

	if (!command_read_words(context, 3, argc, argv, &words))
		return 2;

	bool adds = words.count == 3 && strcmp(words.words[1], "add") == 0;

	if (words.count == 0)
		return command_usage(context, "NAME is missing");
	if (words.count == 2 || (words.count == 3 && !adds && strcmp(words.words[1], "remove") != 0))
		return command_usage(context, "after NAME comes `add PORT` or `remove PORT`");
	if (!cli_control_open(&control, context, &words, &status))
		return status;
	status = words.count == 3 ? change(&control, adds, words.words[2]) : list(&control);
	cli_control_close(&control);
	return status;
}
