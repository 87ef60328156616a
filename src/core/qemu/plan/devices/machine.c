/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void build_check_machine(struct build *b)
{
	/* Debian has moved some emulators between packages; for those, the package that depends on all of them. */
	const char *package = b->arch == ARCH_X86_64 ? "qemu-system-x86"
	                      : b->arch == ARCH_AARCH64 ? "qemu-system-arm" : "qemu-system";

	if (!b->facts->arch_known && !b->spec->arch_given)
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "unsupported host architecture; set the architecture of the guest");
	if (b->facts->qemu)
		return;
	if (b->spec->qemu)
		problem_add(b->problems, PROBLEM_ERROR, SET_QEMU, -1, "%s is not an executable program", b->spec->qemu);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "qemu-system-%s is not in PATH; install it (Debian: %s)",
		            vm_arch_name(b->arch), package);
}

/* Returns true if NAME is one of the accelerators in "kvm:tcg[,OPTIONS]". */
static bool accel_has(const char *accel, const char *name)
{
	size_t len = strlen(name);

	while (accel && *accel) {
		size_t word = strcspn(accel, ":,");

		if (word == len && !strncmp(accel, name, len))
			return true;
		if (accel[word] != ':')
			return false;
		accel += word + 1;
	}
	return false;
}

static void choose_given_accel(struct build *b)
{
	static const char *const uncommon[] = { "xen", "hvf", "whpx", "nvmm", "hax" };
	const char *accel = b->spec->accel, *foreign = NULL;
	bool kvm = accel_has(accel, "kvm");

	if (!b->native) {
		if (strcmp(accel, "tcg"))
			problem_add(b->problems, PROBLEM_WARNING, SET_ACCEL, -1,
			            "not used: %s guests are emulated on this host", vm_arch_name(b->arch));
		return;
	}
	for (size_t i = 0; i < sizeof(uncommon) / sizeof(uncommon[0]) && !foreign; i++)
		if (accel_has(accel, uncommon[i]))
			foreign = uncommon[i];
	if (foreign)
		problem_add(b->problems, kvm || accel_has(accel, "tcg") ? PROBLEM_WARNING : PROBLEM_HOST, SET_ACCEL, -1,
		            "%s does not work on most Linux hosts; use kvm or tcg", foreign);
	if (kvm && !b->facts->kvm_usable)
		problem_add(b->problems, accel_has(accel, "tcg") ? PROBLEM_WARNING : PROBLEM_HOST, SET_ACCEL, -1,
		            "KVM is not usable: %s", b->facts->kvm_reason ? b->facts->kvm_reason : "unknown reason");
	b->accel = mem_strdup(accel);
	b->accel_origin = mem_strdup(build_origin(b, SET_ACCEL));
	b->kvm = kvm && b->facts->kvm_usable;
}

static void choose_default_accel(struct build *b)
{
	const char *reason = b->facts->kvm_reason ? b->facts->kvm_reason : "unknown reason";

	if (!b->native) {
		b->accel_origin = mem_printf("host: no acceleration for %s on %s", vm_arch_name(b->arch),
		                             b->facts->arch_known ? vm_arch_name(b->facts->arch) : "this processor");
	} else if (b->facts->kvm_usable) {
		b->kvm = true;
		b->accel = mem_strdup(b->arch == ARCH_S390X ? "kvm" : "kvm:tcg");
		b->accel_origin = mem_strdup("host: KVM is usable");
	} else {
		b->accel_origin = mem_printf("host: no KVM: %s", reason);
		problem_add(b->problems, PROBLEM_WARNING, SET_ACCEL, -1, "no KVM, the guest will be slow: %s", reason);
	}
}

static void put_cpu(struct build *b)
{
	const char *cpu = b->spec->cpu;

	if (!b->kvm && cpu && (!strcmp(cpu, "host") || text_starts(cpu, "host,")))
		problem_add(b->problems, PROBLEM_HOST, SET_CPU, -1,
		            "host requires KVM, and this guest is emulated; use max or auto");
	if (cpu)
		build_option(b, build_origin(b, SET_CPU), "-cpu", "%s", cpu);
	else if (b->arch == ARCH_AARCH64)
		build_option(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "cortex-a57");
	else if (b->arch == ARCH_X86_64)
		build_option(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "max");
}

void build_machine_args(struct build *b)
{
	static const char *const machines[] = {
		[ARCH_X86_64] = "q35", [ARCH_AARCH64] = "virt", [ARCH_S390X] = "s390-ccw-virtio", [ARCH_RISCV64] = "virt",
	};
	const struct vm_spec *spec = b->spec;
	char *pidfile = layout_in_state(b->facts, KEPT_PID);
	bool backend = b->arch == ARCH_S390X && spec->share_count > 0;

	if (spec->accel && *spec->accel)
		choose_given_accel(b);
	else if (!spec->accel_empty)
		choose_default_accel(b);
	if (!b->accel_origin)
		b->accel_origin = mem_strdup(build_origin(b, SET_ACCEL));
	build_arg(b, build_origin_or_default(b, SET_QEMU, !spec->qemu), b->plan->qemu);
	build_option(b, build_origin_or_default(b, SET_CPUS, spec->cpus == 1), "-smp", "%u", spec->cpus);
	build_option(b, build_origin_or_default(b, SET_MEMORY, spec->memory_mib == 1024), "-m", "%" PRIu64, spec->memory_mib);
	build_option(b, spec->uuid ? build_origin(b, SET_UUID) : b->facts->kept_uuid ? "uuid in the state directory" : "default",
	             "-uuid", "%s", b->plan->uuid);
	build_option(b, build_origin_or_default(b, SET_STATE, !spec->state), "-pidfile", "%s", pidfile);
	put_cpu(b);
	build_option(b, b->accel_origin, "-machine", "%s%s%s%s%s", machines[b->arch],
	             b->arch == ARCH_AARCH64 && b->kvm ? ",gic_version=host" : "", b->accel ? ",accel=" : "",
	             b->accel ? b->accel : "", backend ? ",memory-backend=mem" : "");
	build_option(b, "default", "-object", "rng-random,id=rng0,filename=/dev/urandom");
	build_option(b, "default", "-device", "virtio-rng-%s,rng=rng0", build_bus_suffix(b));
	free(pidfile);
}
