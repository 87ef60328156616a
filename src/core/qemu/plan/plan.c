/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
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
