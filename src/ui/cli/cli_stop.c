/* SPDX-License-Identifier: MIT */
#include "ui/cli/cli_stop.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "ui/cli/cli_targets.h"
#include "ui/cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT 30	/* seconds; after the same time a VM counts as not reacting */

static void print_note(const char *line)
{
	cli_note("%s", line);
}

bool cli_stop_options(const struct command_context *context, const struct command_words *words, struct stop_wait *out)
{
	const char *seconds = command_words_value(words, "--timeout");
	uint64_t timeout = DEFAULT_TIMEOUT;
	struct error err;

	if (seconds && !number_parse(seconds, 0, 86400, &timeout, &err)) {
		command_usage(context, "--timeout %s: %s", seconds, err.text);
		return false;
	}
	*out = (struct stop_wait){ .say = isatty(STDERR_FILENO) ? print_note : NULL };
	stop_ladder_init(&out->ladder, (unsigned)timeout * 1000);
	out->ladder.force = command_words_value(words, "--force");
	return true;
}

struct stops {
	size_t *of;			/* the target of each VM that is being stopped */
	cli_stop_fn *ended;
	void *data;
	int status;
};

static void take_status(struct stops *stops, int status)
{
	if (status > stops->status)
		stops->status = status;
}

static void on_ended(void *data, size_t index, const char *why)
{
	struct stops *stops = data;

	take_status(stops, why ? cli_error("%s", why) : stops->ended(stops->data, stops->of[index]));
}

int cli_stop(const struct cli_targets *targets, struct stop_wait *how, cli_stop_fn *off, cli_stop_fn *ended, void *data)
{
	struct stop_target *stopping = mem_array(targets->count, sizeof(*stopping));
	struct error *held = mem_array(targets->count, sizeof(*held));
	struct stops stops = { .of = mem_array(targets->count, sizeof(*stops.of)), .ended = ended, .data = data };
	size_t count = 0;

	for (size_t i = 0; i < targets->count; i++) {
		const struct cli_target *target = &targets->items[i];
		const struct vm_target *vm = &target->vm;

		if (!vm->running && !vm_target_is_held(vm, target->word, &held[i])) {
			take_status(&stops, off(data, i));
			continue;
		}
		stops.of[count] = i;
		stopping[count++] = (struct stop_target){
			.name = vm->running ? vm->entry.name : target->word, .entry = vm->running ? &vm->entry : NULL,
			.state = vm->running ? vm->entry.state : vm->state, .held = &held[i],
		};
	}
	how->ended = on_ended;
	how->data = &stops;
	stop_and_wait(stopping, count, how);
	free(stops.of);
	free(held);
	free(stopping);
	return stops.status;
}
