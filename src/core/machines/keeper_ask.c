/* SPDX-License-Identifier: MIT */
#include "core/machines/keeper_ask.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/registry.h"

#include <stdlib.h>

#define ANSWER_MS 5000		/* QEMU's monitor answers at once, unless its host is very busy */

struct asking {
	struct keeper_ask *ask;
	struct keeper_client *client;	/* NULL: cannot be reached */
	size_t *left;			/* how many replies are still expected */
	bool heard;			/* its keeper has said how the VM is */
	bool done;
};

static void done(struct asking *asking, const char *why)
{
	if (asking->done)
		return;
	asking->done = true;
	--*asking->left;
	asking->ask->why.text[0] = '\0';
	if (why)
		error_set(&asking->ask->why, "%s", why);
}

static void on_reply(void *data, unsigned id, const char *error)
{
	(void)id;
	done(data, error);
}

static void on_state(void *data, const struct keeper_state *state)
{
	(void)state;
	((struct asking *)data)->heard = true;
}

static void on_lost(void *data, const char *why)
{
	done(data, why);
}

static void on_ended(void *data, const struct keeper_end *end)
{
	(void)end;
	done(data, "the VM has ended");
}

static void time_over(void *data)
{
	*(bool *)data = true;
}

void keepers_ask(struct keeper_ask *asks, size_t count, enum keeper_command command)
{
	static const struct keeper_events events = { .reply = on_reply, .state = on_state, .lost = on_lost, .ended = on_ended };
	struct loop *loop = loop_new();
	struct asking *all = mem_array(count, sizeof(*all));
	size_t left = count;
	bool over = false;
	struct loop_timer *timer = loop_timer(loop, time_over, &over);

	for (size_t i = 0; i < count; i++) {
		struct error err;

		all[i] = (struct asking){ .ask = &asks[i], .left = &left };
		all[i].client = keeper_connect(loop, asks[i].entry, &keeper_watch, &events, &all[i], &err);
		if (all[i].client)
			keeper_command(all[i].client, command);
		else
			done(&all[i], err.text);
	}
	loop_timer_arm(timer, ANSWER_MS);
	while (left > 0 && !over)
		loop_turn(loop, -1);
	for (size_t i = 0; i < count; i++) {
		done(&all[i], all[i].heard ? keeper_unanswered : "its keeper does not answer");
		keeper_close(all[i].client);
	}
	free(all);
	loop_timer_free(timer);
	loop_free(loop);
}
