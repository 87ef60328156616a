/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan_for_config.h"

#include "core/base/strv.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/plan/plan.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"

#include <stdlib.h>

/* found: the detected boot mode, recorded if the command line excludes boot modes. */
static void note_settings(const struct vm_config *given, const char *cwd, enum boot_mode found, struct strv *out)
{
	struct vm_config config;

	vm_config_init(&config, given->origin);
	vm_config_copy(&config, given);
	vm_config_absolute(&config, cwd);
	if (config.boot_excluded)
		vm_config_set(&config, SET_BOOT_MODE, boot_mode_name(found));
	for (int i = 0; i < VM_SETTINGS; i++) {
		for (size_t j = 0; i != SET_DATA && j < config.value[i].count; j++) {
			strv_addf(out, "%s.%s", setting_info((enum vm_setting)i)->section, setting_info((enum vm_setting)i)->key);
			strv_add(out, config.value[i].items[j]);
		}
	}
	vm_config_finish(&config);
}

bool plan_make(const struct vm_config *config, bool fresh, struct plan *out, struct problems *problems)
{
	struct vm_spec spec = { 0 };
	struct host_facts facts;
	bool good;

	vm_spec_read(config, getenv("LINUXKIT_QEMU_ACCEL"), &spec, problems);
	host_gather(&spec, fresh, &facts, problems);
	good = plan_build(&spec, &facts, out, problems);
	note_settings(config, facts.cwd, layout_boot(&spec, &facts), &out->settings);
	host_facts_finish(&facts);
	vm_spec_finish(&spec);
	return good;
}
