/* SPDX-License-Identifier: MIT */
#include "core/machines/ending.h"

#include "core/base/str.h"
#include "core/keeper/run/last_run.h"

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

const char *ending_reason(const char *reason)
{
	/* QEMU's own words (ShutdownCause), then the keeper's. */
	static const struct { const char *reason, *text; } known[] = {
		{ "guest-shutdown", "the guest powered off" }, { "guest-reset", "the guest has reset itself" },
		{ "guest-panic", "the guest panicked" }, { "host-qmp-quit", "QEMU was asked to quit" },
		{ "host-signal", "QEMU got a signal" }, { "host-ui", "its window was closed" },
		{ "host-error", "QEMU failed" }, { "exited", "QEMU ended" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].reason, reason) == 0)
			return known[i].text;
	return reason;
}

const char *running_word(enum vm_phase phase, bool unresponsive, bool paused)
{
	if (phase == VM_STOPPING && unresponsive)
		return "does not react";
	if (phase == VM_RUNNING && paused)
		return "paused";
	return lifecycle_phase_name(phase);
}
