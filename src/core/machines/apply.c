/* SPDX-License-Identifier: MIT */
#include "core/machines/apply.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/control/change.h"
#include "core/machines/pending.h"

#include <stdlib.h>

struct step {
	enum vm_setting setting;
	enum setting_action action;
	char *value;
};

struct apply {
	struct control_vm vm;
	char *state;
	struct step *steps;
	size_t count, size, at;
	struct control_job *job;	/* of the step before `at`; NULL: none is under way */
	struct apply_outcome outcome;
	apply_done_fn *done;
	void *data;
};

struct apply *apply_new(const struct control_vm *vm, const struct pending *pending, apply_done_fn *done, void *data)
{
	struct apply *apply = mem_alloc(sizeof(*apply));

	*apply = (struct apply){ .vm = *vm, .state = mem_strdup(vm->state), .done = done, .data = data };
	apply->vm.state = apply->state;
	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_change *change = &pending->items[i];

		if (!change->live)
			continue;
		apply->steps = mem_grow(apply->steps, &apply->size, apply->count + 1, sizeof(*apply->steps));
		apply->steps[apply->count++] = (struct step){
			.setting = change->setting, .action = change->next ? SETTING_ADD : SETTING_REMOVE,
			.value = mem_strdup(change->next ? change->next : change->now),
		};
	}
	return apply;
}

void apply_cancel(struct apply *apply)
{
	if (!apply)
		return;
	control_forget(apply->job);
	for (size_t i = 0; i < apply->count; i++)
		free(apply->steps[i].value);
	free(apply->steps);
	strv_finish(&apply->outcome.errors);
	free(apply->state);
	free(apply);
}

static void step_done(void *data, const struct error *err)
{
	struct apply *apply = data;

	apply->job = NULL;
	if (err)
		strv_add(&apply->outcome.errors, err->text);
	else
		apply->outcome.done++;
	apply_run(apply);
}

void apply_run(struct apply *apply)
{
	struct error err;

	while (!apply->job && apply->at < apply->count) {
		const struct step *step = &apply->steps[apply->at++];

		apply->job = control_change(&apply->vm, step->setting, step->action, step->value, step_done, apply, &err);
		if (!apply->job)
			strv_add(&apply->outcome.errors, err.text);
	}
	if (apply->job)
		return;
	apply->done(apply->data, &apply->outcome);
	apply_cancel(apply);
}

char *apply_text(const struct apply_outcome *outcome, const struct pending *pending)
{
	struct str text;
	size_t waiting;
	char *words = pending_words(pending, false, &waiting);

	str_init(&text);
	if (outcome->done || !outcome->errors.count)
		str_addf(&text, "%zu change%s applied", outcome->done, outcome->done == 1 ? "" : "s");
	for (size_t i = 0; i < outcome->errors.count; i++)
		str_addf(&text, "%s%s", text.len ? "; " : "", outcome->errors.items[i]);
	if (waiting)
		str_addf(&text, "; %s wait%s for a restart", words, waiting == 1 ? "s" : "");
	free(words);
	return str_detach(&text);
}
