/* SPDX-License-Identifier: MIT */
#include "core/machines/stop_ladder.h"

#include "core/base/str.h"

#include <assert.h>

#define QEMU_MS 10000		/* to flush its disks and to exit */
#define KILL_MS 5000		/* a keeper kills QEMU at once and reports it, well within this time */

static const struct {
	const char *done, *key, *name;
} steps[STOP_STEPS] = {
	[STOP_BUTTON] = { "power button pressed", "b", "power button" },
	[STOP_AGENT] = { "guest agent asked to shut down", "a", "agent" },
	[STOP_QUIT] = { "QEMU asked to quit", "Q", "quit" },
	[STOP_TERM] = { "SIGTERM sent to QEMU", "T", "SIGTERM" },
	[STOP_KILL] = { "QEMU killed", "K", "kill" },
};

void stop_ladder_init(struct stop_ladder *ladder, unsigned step_ms)
{
	unsigned qemu_ms = step_ms < QEMU_MS ? step_ms : QEMU_MS;

	*ladder = (struct stop_ladder){ .wait_ms = {
		[STOP_BUTTON] = step_ms, [STOP_AGENT] = step_ms, [STOP_QUIT] = qemu_ms, [STOP_TERM] = qemu_ms,
		[STOP_KILL] = KILL_MS,
	} };
}

static bool possible(const struct stop_ladder *ladder, enum stop_step step)
{
	return step != STOP_AGENT || ladder->agent;
}

/* The first step at or after this one that force does not leave out; STOP_STEPS if there is none. */
static enum stop_step forced(const struct stop_ladder *ladder, enum stop_step step)
{
	while (step < STOP_STEPS && (!possible(ladder, step) || ladder->wait_ms[step] == 0))
		step++;
	return step;
}

void stop_ladder_begin(struct stop_ladder *ladder, enum stop_step step, uint64_t now)
{
	ladder->step = ladder->force ? forced(ladder, step) : step;
	assert(ladder->step < STOP_STEPS);
	ladder->stage = STOP_WAITING;
	ladder->due = now + ladder->wait_ms[ladder->step];
}

bool stop_ladder_offers(const struct stop_ladder *ladder, enum stop_step step)
{
	if (!possible(ladder, step))
		return false;
	/* Some guests react only to the second press of the power button. */
	return ladder->stage == STOP_IDLE || step > ladder->step || (step == STOP_BUTTON && ladder->step == STOP_BUTTON);
}

enum stop_verdict stop_ladder_time(struct stop_ladder *ladder, uint64_t now)
{
	if (ladder->stage != STOP_WAITING || now < ladder->due)
		return STOP_STAY;

	enum stop_step next = ladder->force ? forced(ladder, ladder->step + 1) : STOP_STEPS;

	if (next == STOP_STEPS) {
		ladder->stage = STOP_OVERDUE;
		return STOP_TELL;
	}
	stop_ladder_begin(ladder, next, now);
	return STOP_TAKE;
}

void stop_ladder_failed(struct stop_ladder *ladder)
{
	ladder->due = 0;
}

void stop_ladder_cancel(struct stop_ladder *ladder)
{
	ladder->stage = STOP_IDLE;
}

unsigned stop_ladder_left(const struct stop_ladder *ladder, uint64_t now)
{
	return ladder->stage == STOP_WAITING && ladder->due > now ? (unsigned)((ladder->due - now + 999) / 1000) : 0;
}

const char *stop_step_done(enum stop_step step)
{
	return steps[step].done;
}

const char *stop_step_key(enum stop_step step)
{
	return steps[step].key;
}

const char *stop_step_name(enum stop_step step)
{
	return steps[step].name;
}

char *stop_ladder_text(const struct stop_ladder *ladder, uint64_t now, const char *prefix)
{
	struct str text;

	str_init(&text);
	if (ladder->stage == STOP_IDLE)
		return str_detach(&text);
	str_adds(&text, steps[ladder->step].done);
	if (ladder->stage == STOP_WAITING)
		str_addf(&text, "; %u s left%s", stop_ladder_left(ladder, now), prefix ? ", then " : "");
	else
		str_addf(&text, ", no reaction%s", prefix ? "; " : "");
	for (int step = STOP_AGENT; prefix && step < STOP_STEPS; step++)
		if (stop_ladder_offers(ladder, (enum stop_step)step))
			str_addf(&text, "%s%s = %s, ", prefix, steps[step].key, steps[step].name);
	if (prefix)
		str_addf(&text, "%s" STOP_CANCEL_KEY " = stop waiting", prefix);
	return str_detach(&text);
}
