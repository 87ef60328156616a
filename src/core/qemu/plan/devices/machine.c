/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Debian has moved some emulators between packages; for those, the package that depends on all of them. */
static const char *package_of(enum vm_arch arch)
{
	return arch == ARCH_X86_64 ? "qemu-system-x86" : arch == ARCH_AARCH64 ? "qemu-system-arm" : "qemu-system";
}

void build_check_machine(struct build *b)
{
	if (!b->facts->arch_known && !b->spec->arch_given)
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "unsupported host architecture; set the architecture of the guest");
	if (b->facts->qemu)
		return;
	if (b->spec->qemu)
		problem_add(b->problems, PROBLEM_ERROR, SET_QEMU, -1, "%s is not an executable program", b->spec->qemu);
	else
		problem_add(b->problems, PROBLEM_ERROR, SET_ARCH, -1, "qemu-system-%s is not in PATH; install it (Debian: %s)",
		            vm_arch_name(b->arch), package_of(b->arch));
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

/* Returns the first accelerator in the list that most Linux hosts lack, or NULL. */
static const char *foreign_accel(const char *accel)
{
	static const char *const foreign[] = { "xen", "hvf", "whpx", "nvmm", "hax" };

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (accel_has(accel, foreign[i]))
			return foreign[i];
	return NULL;
}

static void choose_given_accel(struct build *b)
{
	const char *foreign = foreign_accel(b->spec->accel);
	const char *accel = b->spec->accel;
	bool kvm = accel_has(accel, "kvm");

	if (!b->native) {
		if (strcmp(accel, "tcg"))
			problem_add(b->problems, PROBLEM_WARNING, SET_ACCEL, -1,
			            "not used: %s guests are emulated on this host", vm_arch_name(b->arch));
		return;
	}
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

static void choose_accel(struct build *b)
{
	if (b->spec->accel && *b->spec->accel)
		choose_given_accel(b);
	else if (!b->spec->accel_empty)
		choose_default_accel(b);
	if (!b->accel_origin)
		b->accel_origin = mem_strdup(build_origin(b, SET_ACCEL));
}

static bool is_host_model(const char *cpu)
{
	return text_equal(cpu, "host") || text_starts(cpu, "host,");
}

static void put_cpu(struct build *b)
{
	if (b->spec->cpu && is_host_model(b->spec->cpu) && !b->kvm)
		problem_add(b->problems, PROBLEM_HOST, SET_CPU, -1,
		            "host requires KVM, and this guest is emulated; use max or auto");
	if (b->spec->cpu)
		build_option(b, build_origin(b, SET_CPU), "-cpu", "%s", b->spec->cpu);
	else if (b->arch == ARCH_AARCH64)
		build_option(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "cortex-a57");
	else if (b->arch == ARCH_X86_64)
		build_option(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "max");
}

static void put_machine(struct build *b)
{
	static const char *const machines[] = {
		[ARCH_X86_64] = "q35", [ARCH_AARCH64] = "virt", [ARCH_S390X] = "s390-ccw-virtio", [ARCH_RISCV64] = "virt",
	};
	bool gic = b->arch == ARCH_AARCH64 && b->kvm;
	bool backend = b->arch == ARCH_S390X && b->spec->share_count > 0;

	build_option(b, b->accel_origin, "-machine", "%s%s%s%s%s", machines[b->arch], gic ? ",gic_version=host" : "",
	             b->accel ? ",accel=" : "", b->accel ? b->accel : "", backend ? ",memory-backend=mem" : "");
}

static void put_rng(struct build *b)
{
	build_option(b, "default", "-object", "rng-random,id=rng0,filename=/dev/urandom");
	build_option(b, "default", "-device", "virtio-rng-%s,rng=rng0", build_bus_suffix(b));
}

void build_machine_args(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	char *pidfile = layout_in_state(b->facts, KEPT_PID);

	choose_accel(b);
	build_arg(b, build_origin_or_default(b, SET_QEMU, !spec->qemu), b->plan->qemu);
	build_option(b, build_origin_or_default(b, SET_CPUS, spec->cpus == 1), "-smp", "%u", spec->cpus);
	build_option(b, build_origin_or_default(b, SET_MEMORY, spec->memory_mib == 1024), "-m", "%" PRIu64, spec->memory_mib);
	build_option(b, spec->uuid ? build_origin(b, SET_UUID) : b->facts->kept_uuid ? "uuid in the state directory" : "default",
	             "-uuid", "%s", b->plan->uuid);
	build_option(b, build_origin_or_default(b, SET_STATE, !spec->state), "-pidfile", "%s", pidfile);
	put_cpu(b);
	put_machine(b);
	put_rng(b);
	free(pidfile);
}
