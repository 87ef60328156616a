/* SPDX-License-Identifier: MIT */
#include "ui/cli/vm_use.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/keeper/run/started.h"
#include "core/usage/usage.h"
#include "core/vm/kept.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"

#include <stdio.h>
#include <stdlib.h>

static void find_address(struct vm_use *use, const struct vm_spec *spec, const char *state)
{
	char mac[18];

	if (spec->net != NET_TAP && spec->net != NET_BRIDGE)
		return;
	if (spec->mac)
		snprintf(mac, sizeof(mac), "%s", spec->mac);
	else if (!kept_mac(state, mac))
		return;
	usage_guest_address("", mac, use->address);
}

static void read_settings(struct vm_use *use, const char *state, const struct record_io *records)
{
	struct problems ignored = { 0 };
	struct vm_config config;
	struct vm_spec spec = { 0 };

	vm_config_init(&config, CONFIG_PROFILE);
	use->settings_known = state && started_read(records, state, &config, NULL);
	if (use->settings_known) {
		vm_spec_read(&config, NULL, &spec, &ignored);
		use->cpus = spec.cpus;
		use->memory = spec.memory_mib << 20;
		disk_uses_of(&spec, state, &use->disks);
		disk_uses_read(&use->disks);
		ssh_line(&spec, use->ssh, sizeof(use->ssh));
		find_address(use, &spec, state);
	}
	vm_spec_finish(&spec);
	problems_finish(&ignored);
	vm_config_finish(&config);
}

struct vm_use *vm_use_new(const struct record_io *records, pid_t qemu, pid_t keeper, const char *state)
{
	struct vm_use *use;

	if (!qemu)
		return NULL;
	use = mem_alloc(sizeof(*use));
	use->exact = USAGE_UNKNOWN;
	use->usage = usage_new("", qemu, keeper, false);
	if (!usage_sample(use->usage, loop_now(), true)) {
		vm_use_free(use);
		return NULL;
	}
	/* The record of the settings is the keeper's. */
	if (keeper)
		read_settings(use, state, records);
	return use;
}

bool vm_use_again(struct vm_use *use)
{
	return usage_sample(use->usage, loop_now(), true);
}

void vm_use_free(struct vm_use *use)
{
	if (!use)
		return;
	usage_free(use->usage);
	disk_uses_finish(&use->disks);
	free(use->guest);
	free(use);
}
