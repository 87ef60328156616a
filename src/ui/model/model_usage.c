/* SPDX-License-Identifier: MIT */
#include "ui/model/model_usage.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/machines/guest_figures.h"
#include "ui/model/model_impl.h"

#include <stdio.h>

#define PERIOD 1000		/* ms */
#define ASKED_MS 5000		/* between questions to QEMU */
#define HELD_MOST 256		/* machines whose files stay open; the screen needs descriptors for other things too */

static bool is_sampled(const struct running_vm *machine)
{
	return machine->pid > 0 && (machine->phase == VM_RUNNING || machine->phase == VM_STOPPING);
}

static void drop(struct runner *runner)
{
	usage_free(runner->usage);
	runner->usage = NULL;
}

/* A QEMU that was seen to end is not looked for again: its PID may be another process's. */
static void sample(struct model *model, struct runner *runner, bool held, uint64_t now_ms)
{
	const struct running_vm *machine = &runner->machine;

	if (!is_sampled(machine)) {
		drop(runner);
		return;
	}
	if (runner->usage_pid != machine->pid) {
		drop(runner);
		runner->usage = usage_new(model->usage.root, machine->pid, machine->keeper, held);
		runner->usage_pid = machine->pid;
	}
	if (runner->usage != NULL &&
	    !usage_sample(runner->usage, now_ms, text_equal(machine->uuid, model->usage.counted)))
		drop(runner);
}

void model_usage_sample(struct model *model, uint64_t now_ms)
{
	if (model->usage.host_memory == 0)
		model->usage.host_memory = usage_host_memory(model->usage.root);
	for (size_t i = 0; i < model->runner_count; i++)
		sample(model, model->runners[i], i < HELD_MOST, now_ms);
	model->usage.sampled = now_ms;
}

/* The answers come later, and are seen with the next sample. */
static void ask_guest(struct model *model, uint64_t now)
{
	const struct running_vm *machine = model_running_vm_by_uuid(model, model->usage.counted);
	struct runner *runner = machine != NULL && is_sampled(machine) ? model_runner(model, machine->uuid) : NULL;

	if (runner == NULL || runner->watch == NULL || (runner->guest != NULL && now < runner->asked + ASKED_MS))
		return;
	if (runner->guest == NULL)
		runner->guest = mem_alloc(sizeof(*runner->guest));
	runner->asked = now;
	guest_inquiry_begin(runner->guest, runner->watch);
}

static void on_timer(void *data)
{
	struct model *model = data;

	if (!model->usage.wanted)
		return;
	model->usage.wanted = false;
	model_usage_sample(model, loop_now());
	ask_guest(model, loop_now());
	model->usage.counted[0] = '\0';
	model->events.changed(model->data);
}

void model_usage_allow(struct model *model, const char *root)
{
	model->usage.root = root;
	model->usage.timer = loop_timer(model->loop, on_timer, model);
}

void model_usage_want(struct model *model, const char *uuid)
{
	uint64_t now, due = model->usage.sampled + PERIOD;
	bool any = false;

	if (model->usage.timer == NULL)
		return;
	for (size_t i = 0; i < model->runner_count && !any; i++)
		any = is_sampled(&model->runners[i]->machine);
	if (!any)
		return;
	model->usage.wanted = true;
	if (uuid != NULL)
		snprintf(model->usage.counted, sizeof(model->usage.counted), "%s", uuid);
	if (loop_timer_armed(model->usage.timer))
		return;
	now = loop_now();
	loop_timer_arm(model->usage.timer, model->usage.sampled == 0 || now >= due ? 0 : due - now);
}

const struct usage *model_usage(const struct model *model, const struct running_vm *machine)
{
	const struct runner *runner = model_runner(model, machine->uuid);

	return runner != NULL ? runner->usage : NULL;
}

const struct guest_figures *model_guest(const struct model *model, const struct running_vm *machine)
{
	const struct runner *runner = model_runner(model, machine->uuid);

	return runner != NULL && runner->guest != NULL ? &runner->guest->figures : NULL;
}

bool model_usage_sums(const struct model *model, struct usage_sums *out)
{
	bool any = false;

	*out = (struct usage_sums){ .cpu = -1, .host_memory = model->usage.host_memory };
	for (size_t i = 0; i < model->runner_count; i++) {
		const struct usage *usage = model->runners[i]->usage;

		if (usage == NULL)
			continue;
		any = true;
		out->resident += usage_figures(usage)->resident;
		if (usage_figures(usage)->cpu >= 0)
			out->cpu = (out->cpu < 0 ? 0 : out->cpu) + usage_figures(usage)->cpu;
	}
	return any;
}
