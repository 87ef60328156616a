/* SPDX-License-Identifier: MIT */
#include "core/machines/guest_figures.h"

#include "core/base/alloc.h"
#include "core/control/agent.h"
#include "core/keeper/clients/client.h"
#include "core/qemu/plan/plan_data.h"

#include <stdlib.h>
#include <string.h>

#define INTERFACES "guest-network-get-interfaces"
#define BALLOON "/machine/peripheral/" PLAN_BALLOON_ID

static void answered(struct guest_inquiry *inquiry)
{
	if (--inquiry->open == 0 && inquiry->done)
		inquiry->done(inquiry->data);
}

static void on_blocks(void *data, const char *result, const char *error)
{
	struct guest_inquiry *inquiry = data;

	(void)error;
	if (result)
		inquiry->figures.block_count = qmp_blocks_parse(result, inquiry->figures.blocks);
	answered(inquiry);
}

/* The guest's connections end, but its address stays what it was. */
static void on_usernet(void *data, const char *result, const char *error)
{
	struct guest_inquiry *inquiry = data;
	char address[sizeof(inquiry->figures.address)];

	(void)error;
	if (result && qmp_usernet_parse(result, address))
		memcpy(inquiry->figures.address, address, sizeof(address));
	answered(inquiry);
}

/* The guest agent knows the addresses without a connection, and in every network. */
static void on_interfaces(void *data, const char *result, const char *error)
{
	struct guest_inquiry *inquiry = data;
	struct guest_info *info = result ? mem_alloc(sizeof(*info)) : NULL;

	(void)error;
	if (info)
		guest_info_read(info, INTERFACES, result);
	for (size_t i = 0; info && i < info->address_count; i++) {
		const char *address = info->addresses[i].address;
		size_t size = strlen(address) + 1;

		if (size > sizeof(inquiry->figures.address) || strchr(address, ':'))
			continue;
		memcpy(inquiry->figures.address, address, size);
		break;
	}
	free(info);
	answered(inquiry);
}

static void on_memory(void *data, const char *result, const char *error)
{
	struct guest_inquiry *inquiry = data;
	struct memory_state *memory = &inquiry->figures.memory;

	(void)error;
	*memory = (struct memory_state){ .updated = 0 };
	inquiry->figures.memory_known = result && memory_stats_read(result, memory) && memory->updated != 0;
	answered(inquiry);
}

void guest_inquiry_begin(struct guest_inquiry *inquiry, struct keeper_client *client)
{
	if (inquiry->open > 0)
		return;
	inquiry->open = 4;
	keeper_qmp(client, "query-blockstats", NULL, on_blocks, inquiry);
	keeper_qmp(client, "human-monitor-command", "{\"command-line\": \"info usernet\"}", on_usernet, inquiry);
	keeper_agent(client, INTERFACES, NULL, on_interfaces, inquiry);
	keeper_qmp(client, "qom-get", "{\"path\": \"" BALLOON "\", \"property\": \"guest-stats\"}", on_memory, inquiry);
}

static void on_polled(void *data, const char *result, const char *error)
{
	(void)data, (void)result, (void)error;
}

void guest_memory_poll(struct keeper_client *client, bool on)
{
	keeper_qmp(client, "qom-set", on ? "{\"path\": \"" BALLOON "\", \"property\": \"guest-stats-polling-interval\", \"value\": 1}"
	           : "{\"path\": \"" BALLOON "\", \"property\": \"guest-stats-polling-interval\", \"value\": 0}", on_polled, NULL);
}
