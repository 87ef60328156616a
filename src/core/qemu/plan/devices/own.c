/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include <stdlib.h>
#include <string.h>

/* A bug in an emulated device must not give the guest access to the user's files and programs. */
static void put_sandbox(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	bool wanted = spec->sandbox_given ? spec->sandbox : b->facts->qemu_seccomp;
	/* QEMU starts the bridge helper, which runs as root; the toolkit of a window starts desktop services. */
	bool helper = spec->net == NET_BRIDGE;

	/* A -sandbox of the user replaces this one. */
	if (!wanted || build_has_arg(b, "-sandbox"))
		return;
	build_option(b, build_origin_or_default(b, SET_SANDBOX, !spec->sandbox_given), "-sandbox", "on,obsolete=deny%s%s,resourcecontrol=deny",
	             helper ? "" : ",elevateprivileges=deny", helper || spec->gui ? "" : ",spawn=deny");
}

void build_own_args(struct build *b)
{
	char *name = layout_commas(b->plan->name);

	b->plan->first_extra_arg = b->plan->arg_count;
	/* QEMU would parse the text before '=' as an option of -name. */
	build_option(b, "paddock: the name in lists and windows", "-name", "%s%s", strchr(name, '=') ? "guest=" : "", name);
	free(name);
	build_arg(b, "paddock: no other configuration files", "-no-user-config");
	build_option(b, "paddock: no guest memory in core dumps", "-machine", "dump-guest-core=off");
	put_sandbox(b);
	build_option(b, "paddock: QMP for its own use", "-chardev", "socket,id=qmp,fd=%d", PLAN_QMP_FD);
	build_option(b, "paddock: QMP for its own use", "-mon", "chardev=qmp,mode=control");
	/* Other machines have no boot order, and QEMU rejects once= for them. */
	if (b->boot == BOOT_ISO && b->arch == ARCH_X86_64)
		build_option(b, "paddock: the CD boots once, then the disk", "-boot", "order=c,once=d");
	build_flash_own(b);
	if (b->spec->gui) {
		build_option(b, "paddock: the serial console stays available", "-chardev", "stdio,id=console,signal=off");
		build_option(b, "paddock: the serial console stays available", "-serial", "chardev:console");
	}
	if (b->spec->qmp) {
		char *path = layout_commas(b->spec->qmp);

		build_option(b, build_origin(b, SET_QMP), "-qmp", "unix:%s,server=on,wait=off", path);
		free(path);
	}
	build_live_action(b);
	for (size_t i = 0; i < b->spec->args.count; i++)
		build_arg(b, build_origin(b, SET_ARG), b->spec->args.items[i]);
	build_live_args(b);
}
