/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"


#include <stdlib.h>
#include <string.h>

static void put_name(struct build *b)
{
	char *name = layout_commas(b->plan->name);

	/* The word before '=' would be taken for an option of -name. */
	put2(b, "paddock: the name in lists and windows", "-name", "%s%s", strchr(name, '=') ? "guest=" : "", name);
	free(name);
}

/* A device emulated wrongly shall not become a way to the user's files and programs. */
static void put_sandbox(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	bool wanted = spec->sandbox_given ? spec->sandbox : b->facts->qemu_seccomp;
	/* QEMU starts the bridge's helper, which runs as root; a window's toolkit starts services of the desktop. */
	bool helper = spec->net == NET_BRIDGE;

	/* A user's own -sandbox counts, not both. */
	if (!wanted || build_has_arg(b, "-sandbox"))
		return;
	put2(b, origin_or_default(b, SET_SANDBOX, !spec->sandbox_given), "-sandbox", "on,obsolete=deny%s%s,resourcecontrol=deny",
	     helper ? "" : ",elevateprivileges=deny", helper || spec->gui ? "" : ",spawn=deny");
}

static void put_hardening(struct build *b)
{
	put(b, "paddock: this file and options say all", "-no-user-config");
	put2(b, "paddock: the guest's memory is in no core dump", "-machine", "dump-guest-core=off");
	put_sandbox(b);
}

/* What the reference does not have; the last in argv, so that it may change what stands before. */
void build_own_args(struct build *b)
{
	b->plan->own_from = b->plan->arg_count;
	put_name(b);
	put_hardening(b);
	put2(b, "paddock: QMP for its own use", "-chardev", "socket,id=qmp,fd=%d", PLAN_QMP_FD);
	put2(b, "paddock: QMP for its own use", "-mon", "chardev=qmp,mode=control");
	/* Other machines have no boot order to change, and QEMU refuses once= there. */
	if (b->boot == BOOT_ISO && b->arch == ARCH_X86_64)
		put2(b, "paddock: the CD boots once, then the disk", "-boot", "order=c,once=d");
	build_flash_own(b);
	if (b->spec->gui) {
		put2(b, "paddock: the serial console stays in reach", "-chardev", "stdio,id=console,signal=off");
		put2(b, "paddock: the serial console stays in reach", "-serial", "chardev:console");
	}
	if (b->spec->qmp) {
		char *path = layout_commas(b->spec->qmp);

		put2(b, origin_of(b, SET_QMP), "-qmp", "unix:%s,server=on,wait=off", path);
		free(path);
	}
	for (size_t i = 0; i < b->spec->args.count; i++)
		put(b, origin_of(b, SET_ARG), b->spec->args.items[i]);
}
