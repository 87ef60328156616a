/* SPDX-License-Identifier: MIT */
#include "core/machines/ending.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/keeper/clients/keeper_state.h"
#include "core/keeper/run/last_run.h"

#include <stdlib.h>
#include <string.h>

enum ending ending_of(const struct last_run *last)
{
	bool asked, well;

	if (!last)
		return ENDING_NONE;
	if (last_run_open(last))
		return ENDING_CUT_OFF;
	asked = last->asked_by && *last->asked_by;
	well = last->exit == 0 && last->signal == 0;
	if (!last->ran)
		return asked ? ENDING_OFF : ENDING_FAILED;
	if (text_equal(last->asked_by, "kill"))
		return ENDING_KILLED;
	return well || asked ? ENDING_OFF : ENDING_CRASHED;
}

const char *ending_word(enum ending ending)
{
	static const char *const words[ENDINGS] = {
		[ENDING_NONE] = "off", [ENDING_OFF] = "off", [ENDING_KILLED] = "killed", [ENDING_CRASHED] = "crashed",
		[ENDING_CUT_OFF] = "cut off", [ENDING_FAILED] = "failed",
	};

	return words[ending];
}

bool ending_is_bad(enum ending ending)
{
	return ending == ENDING_CRASHED || ending == ENDING_CUT_OFF || ending == ENDING_FAILED;
}

static bool is_set(const char *text)
{
	return text && *text;
}

struct vm_end ending_of_keeper(const struct keeper_end *end)
{
	return (struct vm_end){ .ran = end->started, .status = end->status, .signal = end->signal, .reason = end->reason,
	                        .error = end->error };
}

const char *ending_reason(const char *reason)
{
	/* QEMU's own words (ShutdownCause), then the keeper's. */
	static const struct { const char *reason, *words; } known[] = {
		{ "guest-shutdown", "the guest powered off" }, { "guest-reset", "the guest has reset itself" },
		{ "guest-panic", "the guest panicked" }, { "host-qmp-quit", "QEMU was asked to quit" },
		{ "host-signal", "QEMU got a signal" }, { "host-ui", "its window was closed" },
		{ "host-error", "QEMU failed" }, { "exited", "QEMU ended" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal(known[i].reason, reason))
			return known[i].words;
	return reason;
}

const char *ending_why(const struct vm_end *end)
{
	return is_set(end->error) ? end->error : ending_reason(end->reason);
}

char *ending_sentence(const struct vm_end *end)
{
	struct str text;

	str_init(&text);
	if (end->ran && end->status == 0 && end->signal == 0 && !is_set(end->error) && is_set(end->reason)) {
		str_addf(&text, "%s%s", ending_reason(end->reason),
		         text_equal(end->asked_by, "powerdown") ? " after the power button" : "");
		return str_detach(&text);
	}
	if (!end->ran)
		str_adds(&text, "did not start");
	else if (end->signal)
		str_addf(&text, "ended by signal %d", end->signal);
	else
		str_addf(&text, "ended with status %d", end->status);
	/* The text already says that it did not start, or which signal it was. */
	if (is_set(end->reason) && !text_equal(end->reason, "not-started") && !text_equal(end->reason, "signal"))
		str_addf(&text, ", %s", ending_reason(end->reason));
	if (is_set(end->asked_by))
		str_addf(&text, ", asked by %s", end->asked_by);
	if (is_set(end->error))
		str_addf(&text, ": %s", end->error);
	return str_detach(&text);
}

char *ending_of_qemu(const struct vm_end *end)
{
	if (is_set(end->error))
		return mem_strdup(end->error);
	if (end->signal)
		return mem_printf("QEMU was ended by signal %d (%s)", end->signal, strsignal(end->signal));
	return mem_printf("QEMU exited with status %d without a message", end->status);
}

char *ending_last_run(const struct last_run *last, const char *when)
{
	char *sentence, *line;

	if (!last)
		return mem_strdup("never run");
	if (last_run_open(last))
		return mem_printf("started %s, cut off: its keeper was killed, or the host went down", when);
	sentence = ending_sentence(&(struct vm_end){ .ran = last->ran, .status = last->exit, .signal = last->signal,
	                                             .reason = last->reason, .asked_by = last->asked_by, .error = last->error });
	line = mem_printf("%s %s", when, sentence);
	free(sentence);
	return line;
}

const char *running_word(enum vm_phase phase, bool unresponsive, bool paused)
{
	if (phase == VM_STOPPING && unresponsive)
		return "does not react";
	if (phase == VM_RUNNING && paused)
		return "paused";
	return lifecycle_phase_name(phase);
}
