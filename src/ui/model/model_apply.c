/* SPDX-License-Identifier: MIT */
#include "ui/model/model_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/control/control.h"
#include "core/machines/apply.h"

#include <stdlib.h>

/* Live changes of a running VM, for as long as they take. */

static void applied(void *data, const struct apply_outcome *outcome)
{
	struct runner *runner = data;
	char *text = apply_text(outcome, &runner->applied);
	char *line = mem_printf("%s: %s", runner->machine.name, text);

	runner->apply = NULL;
	pending_finish(&runner->applied);
	runner->model->events.said(runner->model->data, line);
	free(line);
	free(text);
}

/* Reads what there is to apply. */
static bool read_changes(struct model *model, const struct item *item, const struct running_vm *machine, struct pending *out,
                         struct error *err)
{
	size_t waiting, live;
	bool good = pending_of_profile(out, model->store, model->records, item->name, machine->state, machine->uuid, err);
	char *waits = pending_words(out, false, &waiting), *now = pending_words(out, true, &live);

	if (good && live == 0 && waiting == 0)
		good = error_set(err, "%s runs with the settings of its profile", item->name);
	else if (good && live == 0)
		good = error_set(err, "nothing can be applied now; %s wait%s for a restart", waits, waiting == 1 ? "s" : "");
	free(waits);
	free(now);
	return good;
}

bool model_apply(struct model *model, const struct item *item, struct error *err)
{
	const struct running_vm *machine = model_running_vm(model, item);
	struct runner *runner = machine != NULL ? model_runner(model, machine->uuid) : NULL;
	struct pending pending = { 0 };

	if (item->kind != ITEM_PROFILE)
		return error_set(err, "only a profile can differ from what runs");
	if (runner == NULL || runner->machine.state == NULL)
		return error_set(err, "%s does not run; its next start has its profile's settings", item->name);
	if (runner->watch == NULL || runner->machine.phase != VM_RUNNING)
		return error_set(err, "%s cannot be changed now", item->name);
	if (runner->apply != NULL)
		return error_set(err, "%s is being changed", item->name);
	if (!read_changes(model, item, &runner->machine, &pending, err)) {
		pending_finish(&pending);
		return false;
	}
	runner->applied = pending;
	runner->apply = apply_new(&(struct control_vm){ .client = runner->watch, .state = runner->machine.state,
	                                                .records = model->records },
	                          &runner->applied, applied, runner);
	apply_run(runner->apply);
	return true;
}
