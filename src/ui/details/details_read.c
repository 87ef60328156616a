/* SPDX-License-Identifier: MIT */
#include "core/machines/start.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/plan/plan_for_config.h"
#include "ui/details/details_view_impl.h"
#include "ui/details/log_view.h"
#include "ui/details/page_pending.h"
#include "ui/details/page_usage.h"

#include "core/base/alloc.h"
#include "core/base/loop.h"
#include "core/base/error.h"
#include "core/keeper/run/last_run.h"
#include "core/keeper/run/started.h"
#include "core/usage/usage.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"
#include "core/vm/store.h"
#include "ui/kit/app.h"
#include "ui/model/model.h"
#include "ui/model/model_usage.h"
#include "ui/session.h"

#include <stdlib.h>

#define USE_MS 1000

void details_forget(struct facts_of_item *of)
{
	vm_config_finish(&of->config);
	vm_spec_finish(&of->spec);
	host_facts_finish(&of->facts);
	plan_finish(&of->plan);
	problems_finish(&of->problems);
	free(of->error);
	pending_finish(&of->pending);
	vm_config_finish(&of->next);
	plan_finish(&of->next_plan);
	disk_uses_finish(&of->disks);
	problems_finish(&of->next_problems);
	*of = (struct facts_of_item){ 0 };
}

const struct item *details_item(const struct details_view *details)
{
	return details->name != NULL ? model_find(session_model(details->view.app), details->kind, details->name) : NULL;
}

time_t details_run_of(const struct details_view *details, const struct item *item)
{
	const struct running_vm *machine = model_running_vm(session_model(details->view.app), item);

	return machine != NULL && machine->phase != VM_STARTING ? machine->started : 0;
}

/* A running machine is shown with the settings it was started with, not with those of its profile now. */
static void read_started(struct details_view *details, const struct item *item)
{
	struct facts_of_item *of = &details->of;
	const struct running_vm *machine = model_running_vm(session_model(details->view.app), item);
	struct vm_config started;
	struct plan argv = { 0 };

	vm_config_init(&started, CONFIG_PROFILE);
	of->started = machine != NULL && machine->state != NULL &&
	              started_read(session_records(details->view.app), machine->state, &started, &argv);
	if (of->started) {
		vm_config_init(&of->next, CONFIG_PROFILE);
		if (item->kind == ITEM_PROFILE && of->have_config) {
			vm_config_copy(&of->next, &of->config);
			of->have_next = true;
			pending_compare(&of->pending, &started, &argv, machine->uuid, &of->next);
			/* It counts at once. */
			vm_config_set(&started, SET_DESCRIPTION, vm_config_get(&of->next, SET_DESCRIPTION));
		}
		if (started_has_data(&argv))
			vm_config_set(&started, SET_DATA, "(a text, which is not stored)");
		vm_config_copy(&of->config, &started);
		of->have_config = of->have_plan = true;
		of->plan = argv;
		argv = (struct plan){ 0 };
	}
	plan_finish(&argv);
	vm_config_finish(&started);
}

void details_read_config(struct details_view *details, const struct item *item)
{
	struct facts_of_item *of = &details->of;
	struct error err;

	details_forget(of);
	details->looks = item->looks;
	details->read_run = details_run_of(details, item);
	vm_config_init(&of->config, CONFIG_PROFILE);
	if (item->kind != ITEM_STATE)
		of->have_config = start_config(session_store(details->view.app), item_ref_kind(item), item->name, &of->config, &err);
	if (details->read_run != 0)
		read_started(details, item);
	if (!of->have_config && item->kind != ITEM_STATE)
		of->error = mem_strdup(err.text);
	if (!of->have_config)
		return;
	vm_spec_read(&of->config, getenv("LINUXKIT_QEMU_ACCEL"), &of->spec, &of->problems);
}

void details_read_more(struct details_view *details, const struct item *item)
{
	struct facts_of_item *of = &details->of;

	if (!of->have_config)
		return;
	if (details->tab == TAB_OVERVIEW && !of->have_facts) {
		struct problems again = { 0 };

		host_gather(&of->spec, false, &of->facts, &again);
		problems_finish(&again);
		of->have_facts = true;
		of->detected = image_detect(of->spec.image);
	}
	if (details->tab == TAB_COMMAND && details->shows_next && of->have_next && !of->have_next_plan) {
		plan_make(&of->next, false, &of->next_plan, &of->next_problems);
		/* While it runs, the host would only report that its own ports are taken. */
		problems_drop(&of->next_problems, PROBLEM_HOST);
		of->have_next_plan = true;
	}
	if (details->tab == TAB_CONSOLE || details->tab == TAB_LOG || of->have_plan)
		return;

	struct problems found = { 0 };
	struct status status;

	plan_make(&of->config, false, &of->plan, &found);
	of->have_plan = true;
	model_status(session_model(details->view.app), item, &status);
	/* While it runs, the host would only report that its own ports are taken. */
	if (!status.running) {
		struct problems before = of->problems;

		of->problems = found;
		found = before;
	}
	problems_finish(&found);
}

void details_show_log(struct details_view *details, const struct item *item)
{
	bool running = model_running_vm(session_model(details->view.app), item) != NULL;
	char text[1400];

	log_view_heading(details->log, item->last != NULL && !(running && last_run_open(item->last)) ?
	                 last_run_text(item->last, time(NULL), text, sizeof(text)) : NULL);
	/* The state directory of a broken profile is unknown. */
	log_view_show(details->log, details->name, item->state);
	log_view_watch(details->log, true);
}

/* Pages. */

static void build_console(struct details_view *details, const struct item *item)
{
	const struct running_vm *machine = model_running_vm(session_model(details->view.app), item);
	char text[1400];

	if (machine != NULL && machine->step != NULL)
		page_add(&details->page, STYLE_BUSY, NULL, "%s", machine->step);
	if (machine != NULL)
		page_add(&details->page, STYLE_NORMAL, NULL, "Enter opens the console");
	if (item->failure != NULL && machine == NULL)
		page_add(&details->page, STYLE_FAILED, NULL, "did not start: %s", item->failure);
	if (machine == NULL && item->foreign != FOREIGN_NONE)
		page_add(&details->page, STYLE_NORMAL, NULL, "started by another program: no console here");
	else if (machine == NULL)
		page_add(&details->page, STYLE_DIM, NULL, "not running; Enter starts it");
	if (machine == NULL && item->last != NULL)
		page_add(&details->page, STYLE_NORMAL, NULL, "last run %s",
		         last_run_text(item->last, time(NULL), text, sizeof(text)));
}

static void build_command(struct details_view *details)
{
	const struct facts_of_item *of = &details->of;
	const struct theme *theme = app_theme(details->view.app);

	if (of->have_next && details->shows_next)
		page_add(&details->page, STYLE_HEADING, NULL, "the next start; t shows what runs");
	else if (of->have_next)
		page_add(&details->page, STYLE_HEADING, NULL, "what runs; t shows the next start");
	if (of->have_next && details->shows_next && of->have_next_plan)
		page_command(&details->page, theme, &(struct command_page){ &of->next, &of->next_plan, &of->plan, &of->next_problems });
	else if (of->have_plan && !(of->have_next && details->shows_next))
		page_command(&details->page, theme, &(struct command_page){ &of->config, &of->plan, NULL, &of->problems });
}

/* Read again at most once a second, however often the page is built. */
static void read_use(struct details_view *details, const struct running_vm *machine)
{
	struct facts_of_item *of = &details->of;
	const char *root = session_root(details->view.app), *mac = of->spec.mac;
	uint64_t now = loop_now();
	char kept[18];

	if (of->used_ms != 0 && now < of->used_ms + USE_MS)
		return;
	if (of->used_ms == 0 && machine->state != NULL)
		disk_uses_of(&of->spec, machine->state, &of->disks);
	of->used_ms = now;
	disk_uses_read(&of->disks);
	ssh_line(&of->spec, of->ssh, sizeof(of->ssh));
	if (of->spec.net != NET_TAP && of->spec.net != NET_BRIDGE)
		return;
	if (mac == NULL && machine->state != NULL && kept_mac(machine->state, kept))
		mac = kept;
	if (mac == NULL || !usage_guest_address(root, mac, of->address))
		of->address[0] = '\0';
}

static void build_overview(struct details_view *details, const struct item *item)
{
	const struct facts_of_item *of = &details->of;
	struct overview overview = {
		.item = item,
		.machine = model_running_vm(session_model(details->view.app), item),
		.config = of->have_config ? &of->config : NULL,
		.spec = of->have_config ? &of->spec : NULL,
		.facts = of->have_facts ? &of->facts : NULL,
		.problems = &of->problems,
		.detected = of->detected,
		.pending = &of->pending,
		.now = time(NULL),
	};

	struct usage_page usage = { .machine = overview.machine, .ssh = "", .address = "", .columns = details->columns };

	if (overview.machine != NULL && overview.machine->phase != VM_STARTING) {
		usage.usage = model_usage(session_model(details->view.app), overview.machine);
		usage.guest = model_guest(session_model(details->view.app), overview.machine);
		overview.usage = &usage;
	}
	/* The settings are those that it runs with. */
	if (overview.usage != NULL && of->started && details->tab == TAB_OVERVIEW) {
		read_use(details, overview.machine);
		usage.cpus = of->spec.cpus;
		usage.memory = of->spec.memory_mib << 20;
		usage.disks = &of->disks;
		usage.ssh = of->ssh;
		usage.address = of->address;
	}
	page_overview(&details->page, app_theme(details->view.app), &overview);
}

void details_build_page(struct details_view *details)
{
	static const char *const groups[ITEM_KINDS] = {
		[ITEM_PROFILE] = "Profiles are saved VMs, one file each. n creates one, e edits it, Enter starts it and "
		                 "opens its console.",
		[ITEM_IMAGE] = "Images are bootable files in the library that no profile uses. Enter starts one; n creates "
		               "a profile from it, with memory, ports and disks of your choice.",
		[ITEM_STATE] = "State directories hold what a VM keeps between runs: disks, identity, logs. These do not "
		               "belong to any profile or image here.",
	};
	const struct item *item = details_item(details);
	const struct facts_of_item *of = &details->of;
	const struct theme *theme = app_theme(details->view.app);

	page_finish(&details->page);
	if (details->name == NULL)
		page_add(&details->page, STYLE_DIM, NULL, "%s", groups[details->kind]);
	if (item == NULL)
		return;
	if (of->error != NULL && details->tab != TAB_OVERVIEW && details->tab != TAB_LOG) {
		page_add(&details->page, STYLE_FAILED, NULL, "%s", of->error);
		return;
	}
	if (details->tab == TAB_SETTINGS || details->tab == TAB_COMMAND)
		page_pending(&details->page, theme, &of->pending);
	switch (details->tab) {
	case TAB_CONSOLE:
		build_console(details, item);
		break;
	case TAB_SETTINGS:
		if (of->have_config)
			page_settings(&details->page, theme, &of->config, &of->problems, &of->pending);
		break;
	case TAB_COMMAND:
		build_command(details);
		break;
	case TAB_LOG:
		break;
	default:
		build_overview(details, item);
	}
}
