/* SPDX-License-Identifier: MIT */
#include "core/control/ports.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/job.h"
#include "core/qemu/host/probe.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/port_problem.h"
#include "core/vm/grammar.h"
#include "core/vm/same_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct port_job {
	struct control_job job;
	char *text;		/* as it is recorded */
	bool adds;
};

static void finish(struct control_job *job)
{
	free(((struct port_job *)job)->text);
}

/* QEMU says something only if it failed, except for a removal. */
static void forwarded(void *data, const char *result, const char *error)
{
	struct port_job *job = data;
	char *said = result ? control_monitor_output(result) : mem_strdup(error);
	bool good = result && (job->adds ? !said[0] : strstr(said, " removed") != NULL);

	if (good)
		control_job_record(&job->job, SET_PUBLISH, job->adds ? SETTING_ADD : SETTING_REMOVE, job->text);
	else
		control_job_end(&job->job, said[0] ? said : "QEMU does not say why it failed");
	free(said);
}

bool control_port_can(const struct vm_config *running, const char *port)
{
	const char *network = vm_config_get(running, SET_NETWORK);
	struct vm_spec spec = { .net = NET_USER };
	struct error ignored;
	bool can = vm_network_parse(&spec, network ? network : "", &ignored) && spec.net == NET_USER;

	(void)port;
	vm_spec_finish(&spec);
	return can;
}

/* Returns false if the VM has no user networking. *running: the text of an equal port that is published, or NULL. */
static bool check_running(const struct control_vm *vm, const char *port, char **running, struct error *err)
{
	struct vm_config config;
	bool good;

	*running = NULL;
	vm_config_init(&config, CONFIG_PROFILE);
	good = control_running(vm, &config, err);
	if (good && !control_port_can(&config, port))
		good = error_set(err, "publish: the network is %s; only user networking publishes ports",
		                 vm_config_get(&config, SET_NETWORK));
	for (size_t i = 0; good && i < config.value[SET_PUBLISH].count; i++)
		if (!*running && vm_value_same(SET_PUBLISH, config.value[SET_PUBLISH].items[i], port))
			*running = mem_strdup(config.value[SET_PUBLISH].items[i]);
	vm_config_finish(&config);
	return good;
}

static bool check_host(const struct vm_port *port, struct error *err)
{
	struct host_facts facts = { 0 };
	char *problem;

	probe_ports(&facts, port, 1);
	facts.unprivileged_low_ports = probe_low_ports(port->host);
	problem = port_problem(&facts, port);
	if (problem)
		error_set(err, "publish: %s", problem);
	host_facts_finish(&facts);
	free(problem);
	return !problem;
}

/* Takes over `text`. */
static struct control_job *begin(const struct control_vm *vm, const struct vm_port *port, char *text, bool adds,
                                 control_done_fn *done, void *data)
{
	struct port_job *job = control_job_new(sizeof(*job), vm, mem_printf("publish %s", text), done, data);
	const char *protocol = port->udp ? "udp" : "tcp";
	char *command = adds ? mem_printf("hostfwd_add " PLAN_NETDEV_ID " %s:%s:%u-:%u", protocol, port->address, port->host, port->guest)
	                     : mem_printf("hostfwd_remove " PLAN_NETDEV_ID " %s:%s:%u", protocol, port->address, port->host);

	job->text = text;
	job->adds = adds;
	job->job.finish = finish;
	control_monitor(&job->job, command, forwarded);
	free(command);
	return &job->job;
}

struct control_job *control_port_add(const struct control_vm *vm, const char *text, control_done_fn *done, void *data,
                                     struct error *err)
{
	struct vm_port port;
	char *running = NULL;

	if (!vm_port_parse(text, &port, err) || !check_running(vm, text, &running, err)) {
		error_prefix(err, "%s", text);
		return NULL;
	}
	if (running) {
		error_set(err, "%s is published already", running);
		free(running);
		return NULL;
	}
	return check_host(&port, err) ? begin(vm, &port, mem_strdup(text), true, done, data) : NULL;
}

struct control_job *control_port_remove(const struct control_vm *vm, const char *text, control_done_fn *done, void *data,
                                        struct error *err)
{
	struct vm_port port;
	char *running = NULL;

	if (!vm_port_parse(text, &port, err) || !check_running(vm, text, &running, err)) {
		error_prefix(err, "%s", text);
		return NULL;
	}
	if (!running) {
		error_set(err, "%s is not published", text);
		return NULL;
	}
	return begin(vm, &port, running, false, done, data);
}

struct flows_job {
	struct control_job job;
	control_flows_fn *flows;
	void *data;
};

static void flows_done(void *data, const struct error *err)
{
	struct flows_job *job = data;

	job->flows(job->data, NULL, 0, err);
}

static void flows_came(void *data, const char *result, const char *error)
{
	struct flows_job *job = data;
	struct net_flow *flows;
	char *text;

	if (!result) {
		control_job_end(&job->job, error);
		return;
	}
	text = control_monitor_output(result);
	flows = mem_alloc(NET_FLOWS_MAX * sizeof(*flows));
	if (job->job.done)
		job->flows(job->data, flows, net_flows_read(text, flows, NET_FLOWS_MAX), NULL);
	free(flows);
	free(text);
	job->job.done = NULL;
	control_job_end(&job->job, NULL);
}

struct control_job *control_flows(const struct control_vm *vm, control_flows_fn *done, void *data)
{
	struct flows_job *job = control_job_new(sizeof(*job), vm, mem_strdup("connections"), flows_done, NULL);

	job->job.data = job;
	job->flows = done;
	job->data = data;
	control_monitor(&job->job, "info usernet", flows_came);
	return &job->job;
}

size_t net_flows_read(const char *text, struct net_flow *out, size_t max)
{
	size_t count = 0;

	for (const char *line = text; line && count < max; line = strchr(line, '\n'), line += line != NULL) {
		struct net_flow flow = { 0 };
		size_t indent = strspn(line, " "), open = strcspn(line, "[\n"), close;
		const char *rest;

		if (line[open] != '[' || open == indent || open - indent >= sizeof(flow.protocol))
			continue;
		close = open + strcspn(line + open, "]\n");
		if (line[close] != ']' || close - open - 1 >= sizeof(flow.state))
			continue;
		memcpy(flow.protocol, line + indent, open - indent);
		memcpy(flow.state, line + open + 1, close - open - 1);
		rest = line + close + 1;
		if (sscanf(rest, "%*d %47s %u %47s %u %u %u", flow.source, &flow.source_port, flow.destination, &flow.destination_port,
		           &flow.received, &flow.sent) == 6)
			out[count++] = flow;
	}
	return count;
}

bool net_flow_is_forward(const struct net_flow *flow)
{
	return strcmp(flow->state, "HOST_FORWARD") == 0;
}

/* The row of a published port, as those of its connections, has the port of the host as its source. */
size_t net_flow_connections(const struct net_flow *flows, size_t count, const struct vm_port *port)
{
	size_t connections = 0;

	for (size_t i = 0; i < count; i++)
		connections += !net_flow_is_forward(&flows[i]) && flows[i].source_port == port->host &&
		               strcmp(flows[i].protocol, port->udp ? "UDP" : "TCP") == 0;
	return connections;
}
