/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/qemu/plan/build.h"

#include <stdlib.h>
#include <string.h>

/* Where Debian has moved one from package to package, the one that brings them all. */
static const char *package_of(enum vm_arch arch)
{
	return arch == ARCH_X86_64 ? "qemu-system-x86" : arch == ARCH_AARCH64 ? "qemu-system-arm" : "qemu-system";
}

static void check_qemu(struct build *b)
{
	if (!b->facts->arch_known && !b->spec->arch_given)
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "this host's is none of ours, name the guest's");
	if (b->facts->qemu)
		return;
	if (b->spec->qemu)
		problem_add(b->problems, PROBLEM_ERROR, SET_QEMU, -1, "%s is not a program that can be run", b->spec->qemu);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "qemu-system-%s is not in PATH: install it (Debian: %s)",
		            vm_arch_name(b->arch), package_of(b->arch));
}

static void check_host(struct build *b)
{
	check_qemu(b);
	build_check_network(b);
	build_check_usb(b);
}

/* What the words of a plan are made from. */
static void name_things(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const struct host_facts *facts = b->facts;
	struct plan *plan = b->plan;
	bool profile = spec->origin == CONFIG_PROFILE;

	plan->name = mem_strdup(spec->name && *spec->name ? spec->name : path_base(spec->image));
	plan->uuid = mem_strdup(spec->uuid ? spec->uuid : facts->kept_uuid ? facts->kept_uuid : facts->new_uuid);
	if (spec->net != NET_NONE)
		plan->mac = mem_strdup(spec->mac ? spec->mac : facts->kept_mac ? facts->kept_mac : facts->new_mac);
	plan->image = path_join(facts->cwd, spec->image);
	plan->state = mem_strdup(facts->state);
	plan->state_absolute = path_join(facts->cwd, facts->state);
	/* A profile has absolute paths only: it keeps no directory busy. */
	plan->cwd = mem_strdup(profile && spec->image[0] == '/' && facts->state[0] == '/' ? "/" : facts->cwd);
	plan->kind = mem_strdup(profile ? "profile" : "run");
	plan->qemu = facts->qemu ? mem_strdup(facts->qemu)
	             : spec->qemu ? mem_strdup(spec->qemu) : mem_printf("qemu-system-%s", vm_arch_name(b->arch));
	plan->gui = spec->gui;
}

bool plan_build(const struct vm_spec *spec, const struct host_facts *facts, struct plan *out,
                struct problems *problems)
{
	struct build b = { .spec = spec, .facts = facts, .plan = out, .problems = problems };

	memset(out, 0, sizeof(*out));
	b.arch = layout_arch(spec, facts);
	b.boot = layout_boot(spec, facts);
	b.native = facts->arch_known && b.arch == facts->arch;
	name_things(&b);
	check_host(&b);
	build_steps(&b);
	build_argv(&b);
	free(b.accel);
	free(b.accel_origin);
	for (size_t i = 0; i < problems->count; i++)
		if (problems->items[i].severity == PROBLEM_ERROR)
			return false;
	return true;
}

static void step_finish(struct plan_step *step)
{
	free(step->path);
	free(step->from);
	mem_wipe(step->bytes, step->bytes_len);
	free(step->meta);
	strv_finish(&step->argv);
	free(step->socket);
	free(step->log);
	free(step->what);
}

void plan_forget_data(struct plan *plan)
{
	for (size_t i = 0; i < plan->step_count; i++) {
		mem_wipe(plan->steps[i].bytes, plan->steps[i].bytes_len);
		plan->steps[i].bytes = NULL;
		plan->steps[i].bytes_len = 0;
	}
}

bool plan_step_takes_time(const struct plan_step *step)
{
	return step->kind == STEP_CREATE_DISK || step->kind == STEP_METADATA_ISO || step->kind == STEP_COPY_VARS ||
	       step->kind == STEP_HELPER;
}

void plan_finish(struct plan *plan)
{
	for (size_t i = 0; i < plan->arg_count; i++) {
		free(plan->args[i].text);
		free(plan->args[i].origin);
	}
	for (size_t i = 0; i < plan->step_count; i++)
		step_finish(&plan->steps[i]);
	free(plan->args);
	free(plan->steps);
	free(plan->name);
	free(plan->uuid);
	free(plan->mac);
	free(plan->image);
	free(plan->state);
	free(plan->state_absolute);
	free(plan->cwd);
	free(plan->kind);
	free(plan->qemu);
	strv_finish(&plan->settings);
	memset(plan, 0, sizeof(*plan));
}

/* found: what the image was found to be, for a command line that rules ways to boot out. */
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
