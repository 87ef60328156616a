/* SPDX-License-Identifier: MIT */
#include "core/machines/guest_figures.h"

#include "core/keeper/clients/client.h"

#include <string.h>

#define BALLOON "/machine/peripheral/paddock-balloon"

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

static void on_memory(void *data, const char *result, const char *error)
{
	struct guest_inquiry *inquiry = data;

	(void)error;
	inquiry->figures.memory_known = result && qmp_memory_parse(result, &inquiry->figures.memory);
	answered(inquiry);
}

void guest_inquiry_begin(struct guest_inquiry *inquiry, struct keeper_client *client)
{
	if (inquiry->open > 0)
		return;
	inquiry->open = 3;
	keeper_qmp(client, "query-blockstats", NULL, on_blocks, inquiry);
	keeper_qmp(client, "human-monitor-command", "{\"command-line\": \"info usernet\"}", on_usernet, inquiry);
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
