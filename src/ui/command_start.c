/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "core/base/loop.h"
#include "core/base/number.h"
#include "core/qemu/plan.h"
#include "ui/command.h"
#include "ui/launch.h"
#include "ui/machine.h"

#include <errno.h>

/* Its keeper exists; whether QEMU runs is what the keeper says. */
static int join(const char *word, const struct machine *machine, uint64_t deadline)
{
	struct error err;

	if (!launch_join(&machine->entry, deadline, &err))
		return command_failf("%s: %s", machine->entry.name, err.text);
	command_failf("%s runs already; paddock attach %s is its console", word, word);
	return 0;
}

/* Of two that start it at the same time one is refused by the lock. It waits for the other one's start. */
static int join_other(const struct command_context *context, const char *word, uint64_t deadline,
                      const struct error *refusal)
{
	struct machine machine;
	struct error err;
	bool found = machine_find(word, context->store, context->records, &machine, &err);
	int status;

	if (found && machine.running)
		status = join(word, &machine, deadline);
	else
		status = command_failf("%s: %s", word, refusal->text);
	if (found)
		machine_finish(&machine);
	return status;
}

static int start(const struct command_context *context, const char *word, const struct machine *machine,
                 uint64_t deadline)
{
	struct plan plan = { 0 };
	struct error err;
	int status = 1;

	if (!launch_plan(context, &machine->config, 0, &plan))
		status = 1;
	else if (launch_and_wait(&plan, deadline, &err))
		status = 0;
	else if (err.code == EBUSY)
		status = join_other(context, word, deadline, &err);
	else
		status = command_failf("%s: %s", machine->config.name, err.text);
	plan_finish(&plan);
	return status;
}

int command_start(const struct command_context *context, int argc, char **argv)
{
	struct command_words words;
	struct machine machine;
	struct error err;
	uint64_t seconds = 0;
	int status;

	if (!command_read(context, argc, argv, &words))
		return 2;

	const char *timeout = command_words_value(&words, "--timeout");

	if (timeout && !number_parse(timeout, 1, 86400, &seconds, &err))
		return command_usage(context, "--timeout %s: %s", timeout, err.text);
	if (!machine_find(words.name, context->store, context->records, &machine, &err))
		return command_fail(&err);

	uint64_t deadline = timeout ? loop_now() + seconds * 1000 : 0;

	if (machine.running)
		status = join(words.name, &machine, deadline);
	else
		status = start(context, words.name, &machine, deadline);
	machine_finish(&machine);
	return status;
}
