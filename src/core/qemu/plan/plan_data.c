/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan_data.h"

#include "core/base/alloc.h"

#include <stdlib.h>
#include <string.h>

void plan_forget_data(struct plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		mem_wipe(plan->steps[i].bytes, plan->steps[i].bytes_len);
		plan->steps[i].bytes = NULL;
		plan->steps[i].bytes_len = 0;
	}
}

bool plan_step_takes_time(const struct plan_step *step)
{
	return step->kind == STEP_CREATE_DISK || step->kind == STEP_METADATA_ISO || step->kind == STEP_COPY_VARS ||
	       step->kind == STEP_HELPER;
}

void plan_finish(struct plan *plan)
{
	for (size_t i = 0; i < plan->arg_count; i++) {
		free(plan->args[i].text);
		free(plan->args[i].origin);
	}
	for (size_t i = 0; i < plan->step_count; i++) {
		struct plan_step *step = &plan->steps[i];

		free(step->path);
		free(step->from);
		mem_wipe(step->bytes, step->bytes_len);
		free(step->meta);
		strv_finish(&step->argv);
		free(step->socket);
		free(step->log);
		free(step->what);
	}
	free(plan->args);
	free(plan->steps);
	free(plan->name);
	free(plan->uuid);
	free(plan->mac);
	free(plan->image);
	free(plan->state);
	free(plan->state_absolute);
	free(plan->cwd);
	free(plan->kind);
	free(plan->qemu);
	strv_finish(&plan->settings);
	memset(plan, 0, sizeof(*plan));
}

bool plan_has_agent(const struct plan *plan)
{
	for (size_t i = 1; i < plan->arg_count; i++)
		if (!strcmp(plan->args[i].text, PLAN_AGENT_CHARDEV))
			return true;
	return false;
}
