/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/plan.h"

#include "core/base/alloc.h"
#include "core/base/path.h"
#include "core/qemu/plan/build.h"

#include <stdlib.h>
#include <string.h>

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
	/* A profile has only absolute paths, so QEMU need not keep a directory busy. */
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

	build_check_machine(&b);
	build_check_network(&b);
	build_check_usb(&b);
	build_check_boot(&b);

	/* The steps before QEMU runs, in this order. Each part also checks its own files. */
	build_state_steps(&b);
	build_metadata_steps(&b);
	build_disks_steps(&b);
	build_flash_steps(&b);
	build_share_steps(&b);

	/* The arguments in the order of the reference, then what it does not have. */
	build_machine_args(&b);		/* program -smp -m -uuid -pidfile -cpu -machine, and the source of randomness */
	build_disks_args(&b);		/* the boot image, disks, -boot d, CDs */
	build_flash_args(&b);		/* UEFI code and variables */
	build_kernel_args(&b);		/* -kernel -initrd -append */
	build_network_args(&b);
	build_display_args(&b);		/* -nographic */
	build_usb_args(&b);		/* -usb, -device */
	build_shares_args(&b);		/* virtiofs */
	build_own_args(&b);		/* -name and everything after it */

	free(b.accel);
	free(b.accel_origin);
	for (size_t i = 0; i < problems->count; i++)
		if (problems->items[i].severity == PROBLEM_ERROR)
			return false;
	return true;
}
