/* SPDX-License-Identifier: MIT */
#include "ui/cli/ask_guest.h"

#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"
#include "core/machines/guest_figures.h"

#include <stdio.h>

#define ANSWER_MS 2000

struct asking {
	struct loop *loop;
	struct loop_timer *timer;
	struct keeper_client *client;
	struct guest_inquiry inquiry;
	bool asked, answered;
};

static void on_done(void *data)
{
	struct asking *asking = data;

	asking->answered = true;
	loop_quit(asking->loop, 0);
}

static void on_time(void *data)
{
	struct asking *asking = data;

	if (asking->asked) {
		loop_quit(asking->loop, 1);
		return;
	}
	asking->asked = true;
	guest_inquiry_begin(&asking->inquiry, asking->client);
	/* After the answers: QEMU executes one command after the other. */
	guest_memory_poll(asking->client, false);
	loop_timer_arm(asking->timer, ANSWER_MS);
}

static void on_lost(void *data, const char *why)
{
	(void)why;
	loop_quit(((struct asking *)data)->loop, 1);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	(void)end;
	on_lost(data, "");
}

bool ask_guest(const char *uuid, unsigned ms, struct guest_figures *out)
{
	static const struct keeper_events events = { .lost = on_lost, .ended = on_ended };
	struct asking asking = { .loop = loop_new(), .inquiry = { .done = on_done } };
	struct registry_entry entry = { 0 };
	struct error ignored;

	asking.inquiry.data = &asking;
	snprintf(entry.uuid, sizeof(entry.uuid), "%s", uuid);
	asking.client = keeper_connect(asking.loop, &entry, &keeper_watch, &events, &asking, &ignored);
	if (asking.client) {
		guest_memory_poll(asking.client, true);
		asking.timer = loop_timer(asking.loop, on_time, &asking);
		loop_timer_arm(asking.timer, ms);
		loop_run(asking.loop);
		asking.inquiry.done = NULL;
		keeper_close(asking.client);
		loop_timer_free(asking.timer);
	}
	loop_free(asking.loop);
	*out = asking.inquiry.figures;
	return asking.answered;
}
