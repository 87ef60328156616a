/* SPDX-License-Identifier: MIT */
#include "core/machines/reset_uefi.h"

#include "core/base/error.h"
#include "core/keeper/run/uefi.h"
#include "core/machines/foreign_qemu.h"
#include "core/qemu/plan/plan_data.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/problem.h"

static bool reset_in(const char *state, bool *removed, struct error *err)
{
	pid_t pid;

	/* The lock is held only by a QEMU that a keeper started. */
	if (foreign_qemu_probe(state, &pid) == FOREIGN_RUNS)
		return error_set(err, "QEMU (pid %d) is running in %s; stop it first", (int)pid, state);
	return uefi_reset(state, removed, err);
}

bool reset_uefi(const struct vm_config *config, const char *state, bool *removed, struct error *err)
{
	struct problems ignored = { 0 };
	struct plan plan = { 0 };
	bool good;

	if (!config)
		return state ? reset_in(state, removed, err) : error_set(err, "the state directory of the VM is not known");
	/* Problems that prevent a start, such as a missing firmware, do not prevent a reset. */
	plan_make(config, false, &plan, &ignored);
	good = reset_in(plan.state_absolute, removed, err);
	problems_finish(&ignored);
	plan_finish(&plan);
	return good;
}
