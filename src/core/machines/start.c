/* SPDX-License-Identifier: MIT */
#include "core/machines/start.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/machines/mac_conflict.h"
#include "core/qemu/plan/plan_for_config.h"
#include "core/vm/config.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"

#include <stdlib.h>

static bool lacks_only_uefi(const struct vm_config *config, const struct problems *problems)
{
	unsigned stops = 0, of_uefi = 0;

	for (size_t i = 0; i < problems->count; i++) {
		stops += problems->items[i].severity != PROBLEM_WARNING;
		of_uefi += problems->items[i].severity == PROBLEM_ERROR && problems->items[i].setting == SET_UEFI;
	}
	return !vm_config_get(config, SET_UEFI) && of_uefi > 0 && stops == of_uefi;
}

enum start_verdict start_judge(const struct vm_config *config, bool planned, struct problems *problems, unsigned options)
{
	if (options & START_RUNS)
		problems_drop(problems, PROBLEM_HOST);
	for (size_t i = 0; i < problems->count; i++) {
		struct problem *problem = &problems->items[i];

		if (problem->severity != PROBLEM_HOST)
			continue;
		/* QEMU reports all other problems of the host itself and exits; without a window, it would continue with VNC. */
		if (problem->setting == SET_GUI && !(options & START_DRY))
			problem->severity = PROBLEM_ERROR;
		else if (options & START_TOLERANT)
			problem->severity = PROBLEM_WARNING;
	}
	if (lacks_only_uefi(config, problems))
		return START_NEEDS_UEFI;
	return planned && !problems_stop(problems, false) ? START_READY : START_REFUSED;
}

void start_prepare(struct start *out, struct store *store, const struct record_io *records,
                   const struct vm_config *config, unsigned options)
{
	*out = (struct start){ 0 };
	if (!(options & START_ALONE))
		mac_conflict_check(store, records, config, &out->problems);
	out->planned = plan_make(config, !(options & START_DRY), &out->plan, &out->problems);
	out->verdict = start_judge(config, out->planned, &out->problems, options);
}

void start_finish(struct start *start)
{
	plan_finish(&start->plan);
	problems_finish(&start->problems);
	*start = (struct start){ 0 };
}

bool start_config(struct store *store, enum vm_ref_kind kind, const char *name, struct vm_config *out, struct error *err)
{
	struct store_revision revision;
	char *image;

	if (kind == VM_REF_PROFILE) {
		vm_config_init(out, CONFIG_PROFILE);
		return store->load(store, name, out, &revision, err);
	}
	vm_config_init(out, CONFIG_COMMAND_LINE);
	image = kind == VM_REF_STATE ? kept_image(name) : mem_strdup(name);
	if (!image)
		return error_set(err, "%s is a state directory without an image; create a profile for it", name);
	free(out->name);
	out->name = mem_strdup(path_base(image));
	vm_config_set(out, SET_IMAGE, image);
	if (kind == VM_REF_STATE)
		vm_config_set(out, SET_STATE, name);
	free(image);
	return true;
}

bool start_config_with_uefi(struct store *store, enum vm_ref_kind kind, const char *name, struct vm_config *out,
                            struct error *err)
{
	struct store_revision revision, now;

	if (kind != VM_REF_PROFILE) {
		if (!start_config(store, kind, name, out, err))
			return false;
		vm_config_set(out, SET_UEFI, "yes");
		return true;
	}
	vm_config_init(out, CONFIG_PROFILE);
	if (!store->load(store, name, out, &revision, err))
		return false;
	vm_config_set(out, SET_UEFI, "yes");
	switch (store->save(store, out, &revision, &now, err)) {
	case STORE_OK:
		return true;
	case STORE_CHANGED:
		return error_set(err, "the profile has been changed in the meantime");
	default:
		return false;
	}
}
