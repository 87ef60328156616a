/* SPDX-License-Identifier: MIT */
#include "core/machines/mac_conflict.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/keeper/run/registry.h"
#include "core/machines/identity.h"
#include "core/machines/state_dir.h"
#include "core/vm/kept.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "core/vm/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The VM that the others are compared with. */
struct own {
	const struct vm_config *config;
	char *state;			/* NULL if not known */
	char mac[18];
};

static bool fixed_mac(const struct vm_config *config, char mac[18])
{
	const char *text = vm_config_get(config, SET_MAC);
	struct error ignored;

	return text && vm_mac_parse(text, mac, &ignored);
}

/* Parses only the network mode, because checking all settings of a VM with thousands of disks takes long. */
static enum net_mode mode_of(const struct vm_config *config)
{
	struct vm_config network;
	struct vm_spec spec = { 0 };
	struct problems ignored = { 0 };
	enum net_mode mode;

	vm_config_init(&network, config->origin);
	vm_config_set(&network, SET_NETWORK, vm_config_get(config, SET_NETWORK));
	vm_spec_read(&network, NULL, &spec, &ignored);
	mode = spec.net;
	vm_spec_finish(&spec);
	vm_config_finish(&network);
	problems_finish(&ignored);
	return mode;
}

/* Returns false if there is nothing to compare. */
static bool learn(const struct vm_config *config, struct own *own)
{
	enum net_mode mode = mode_of(config);

	*own = (struct own){ .config = config, .state = state_dir_of(config) };
	if (mode != NET_NONE && fixed_mac(config, own->mac))
		return true;
	if ((mode == NET_TAP || mode == NET_BRIDGE) && own->state && kept_mac(own->state, own->mac))
		return true;
	free(own->state);
	return false;
}

static bool check_profile(struct store *store, const char *name, const struct own *own, struct problems *problems)
{
	struct store_revision revision;
	struct vm_config other;
	struct error ignored;
	char *state, mac[18];
	bool found;

	if (own->config->origin == CONFIG_PROFILE && text_equal(own->config->name, name))
		return false;
	vm_config_init(&other, CONFIG_PROFILE);
	found = store->load(store, name, &other, &revision, &ignored);
	state = found ? state_dir_of(&other) : NULL;
	/* VMs with the same state directory never run at the same time. */
	found = found && !text_equal(state, own->state) && (fixed_mac(&other, mac) || (state && kept_mac(state, mac))) &&
	        !strcmp(mac, own->mac) && mode_of(&other) != NET_NONE;
	free(state);
	vm_config_finish(&other);
	if (found)
		problem_add(problems, PROBLEM_WARNING, SET_MAC, -1, "%s is also used by %s", own->mac, name);
	return found;
}

/* Returns true if the QEMU of this entry has the address among its arguments. */
static bool runs_with(const struct registry_entry *entry, const char *mac)
{
	char *path = mem_printf("/proc/%d/cmdline", (int)kept_pid(entry->state));
	char arguments[65536], wanted[32];
	ssize_t len = io_head(path, arguments, sizeof(arguments));

	free(path);
	snprintf(wanted, sizeof(wanted), ",mac=%s", mac);
	return len > 0 && memmem(arguments, (size_t)len, entry->uuid, strlen(entry->uuid)) &&
	       memmem(arguments, (size_t)len, wanted, strlen(wanted));
}

static void check_running(const struct record_io *records, const struct own *own, struct problems *problems)
{
	struct registry_list list = { 0 };
	struct error ignored;

	if (!registry_read(records, &list, &ignored))
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct registry_entry *entry = &list.items[i];

		if (vm_entry_is_of_profile(entry) || text_equal(entry->state, own->state) || !runs_with(entry, own->mac))
			continue;
		problem_add(problems, PROBLEM_WARNING, SET_MAC, -1, "%s is also used by %s, which is running", own->mac,
		            entry->name);
		break;
	}
	registry_list_finish(&list);
}

void mac_conflict_check(struct store *store, const struct record_io *records, const struct vm_config *config,
                        struct problems *problems)
{
	struct strv names = { 0 };
	struct error ignored;
	struct own own;
	bool found = false;

	if (!learn(config, &own))
		return;
	if (store->names(store, &names, &ignored))
		for (size_t i = 0; i < names.count && !found; i++)
			found = check_profile(store, names.items[i], &own, problems);
	if (!found)
		check_running(records, &own, problems);
	strv_finish(&names);
	free(own.state);
}
