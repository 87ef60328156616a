/* SPDX-License-Identifier: MIT */
#include "core/qemu/plan/build.h"

#include "core/base/alloc.h"
#include "core/base/str.h"
#include "core/vm/kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *bus_suffix(const struct build *b)
{
	return build_is_ccw(b) ? "ccw" : "pci";
}

/* Is NAME one of the accelerators in "kvm:tcg", perhaps with properties behind it? */
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

/* The first of them that few or no Linux hosts have; NULL: none of these is in the list. */
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
			            "no effect: guests of %s are emulated on this host", vm_arch_name(b->arch));
		return;
	}
	if (foreign)
		problem_add(b->problems, kvm || accel_has(accel, "tcg") ? PROBLEM_WARNING : PROBLEM_HOST, SET_ACCEL, -1,
		            "%s does not work on most Linux hosts; use kvm or tcg", foreign);
	if (kvm && !b->facts->kvm_usable)
		problem_add(b->problems, accel_has(accel, "tcg") ? PROBLEM_WARNING : PROBLEM_HOST, SET_ACCEL, -1,
		            "KVM is not usable: %s", b->facts->kvm_reason ? b->facts->kvm_reason : "unknown reason");
	b->accel = mem_strdup(accel);
	b->accel_origin = mem_strdup(origin_of(b, SET_ACCEL));
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
		b->accel_origin = mem_strdup(origin_of(b, SET_ACCEL));
}

static bool is_host_model(const char *cpu)
{
	return text_equal(cpu, "host") || text_starts(cpu, "host,");
}

static void put_cpu(struct build *b)
{
	if (b->spec->cpu && is_host_model(b->spec->cpu) && !b->kvm)
		problem_add(b->problems, PROBLEM_HOST, SET_CPU, -1,
		            "host is for guests under KVM, and this one is emulated: write max or auto");
	if (b->spec->cpu)
		put2(b, origin_of(b, SET_CPU), "-cpu", "%s", b->spec->cpu);
	else if (b->arch == ARCH_AARCH64)
		put2(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "cortex-a57");
	else if (b->arch == ARCH_X86_64)
		put2(b, b->accel_origin, "-cpu", "%s", b->kvm ? "host" : "max");
}

static void put_machine(struct build *b)
{
	static const char *const machines[] = {
		[ARCH_X86_64] = "q35", [ARCH_AARCH64] = "virt", [ARCH_S390X] = "s390-ccw-virtio", [ARCH_RISCV64] = "virt",
	};
	bool gic = b->arch == ARCH_AARCH64 && b->kvm;
	bool backend = b->arch == ARCH_S390X && b->spec->share_count > 0;

	put2(b, b->accel_origin, "-machine", "%s%s%s%s%s", machines[b->arch], gic ? ",gic_version=host" : "",
	     b->accel ? ",accel=" : "", b->accel ? b->accel : "", backend ? ",memory-backend=mem" : "");
}

static void put_rng(struct build *b)
{
	put2(b, "default", "-object", "rng-random,id=rng0,filename=/dev/urandom");
	put2(b, "default", "-device", "virtio-rng-%s,rng=rng0", bus_suffix(b));
}

/* Where Linux finds the boot image. */
static const char *root_device(const struct build *b)
{
	const char *bus = b->spec->boot_bus ? b->spec->boot_bus : build_has_ide(b) ? "ide" : "virtio";

	if (!strcmp(bus, "virtio"))
		return "/dev/vda";
	return !strcmp(bus, "nvme") ? "/dev/nvme0n1" : "/dev/sda";
}

static void append_command_line(struct build *b, const char *origin)
{
	char *path = mem_printf("%s-cmdline", b->spec->image);
	const struct file_fact *file = host_file(b->facts, path);
	size_t len = file->text ? strlen(file->text) : 0;

	while (len > 0 && (file->text[len - 1] == '\n' || file->text[len - 1] == '\r'))
		len--;
	put2(b, origin, "-append", "%.*s%s%s", (int)len, file->text ? file->text : "",
	     b->boot == BOOT_SQUASHFS ? " root=" : "", b->boot == BOOT_SQUASHFS ? root_device(b) : "");
	free(path);
}

static void put_kernel(struct build *b)
{
	char origin[sizeof(b->label)];

	if (b->boot != BOOT_KERNEL && b->boot != BOOT_SQUASHFS)
		return;
	snprintf(origin, sizeof(origin), "%s", origin_of(b, SET_IMAGE));
	put2(b, origin, "-kernel", "%s-kernel", b->spec->image);
	if (b->boot == BOOT_KERNEL)
		put2(b, origin, "-initrd", "%s-initrd.img", b->spec->image);
	append_command_line(b, origin);
}

static char *netdev_value(const struct build *b)
{
	const struct vm_spec *spec = b->spec;
	const char *rest = spec->net_rest ? spec->net_rest : "", *comma = spec->net_rest ? "," : "";
	const char *name = spec->ifname ? spec->ifname : "";
	struct str value;

	if (spec->net == NET_TAP)
		return mem_printf("tap,id=t0,ifname=%s%s%s,script=no,downscript=no", name, comma, rest);
	if (spec->net == NET_BRIDGE)
		return mem_printf("bridge,id=t0,br=%s%s%s", name, comma, rest);
	str_init(&value);
	str_adds(&value, "user,id=t0");
	for (size_t i = 0; i < spec->port_count; i++) {
		const struct vm_port *port = &spec->ports[i];

		str_addf(&value, ",hostfwd=%s:%s:%u-:%u", port->udp ? "udp" : "tcp", port->address, port->host, port->guest);
	}
	return str_detach(&value);
}

static void put_network(struct build *b)
{
	enum vm_setting cause = b->spec->port_count ? SET_PUBLISH : SET_NETWORK;
	char *netdev;

	if (b->spec->net == NET_NONE) {
		put2(b, origin_of(b, SET_NETWORK), "-net", "none");
		return;
	}
	put2(b, b->spec->mac ? origin_of(b, SET_MAC) : b->facts->kept_mac ? KEPT_MAC " in the state directory" : "default",
	     "-device", "virtio-net-%s,netdev=t0,mac=%s", bus_suffix(b), b->plan->mac);
	netdev = netdev_value(b);
	put2(b, origin_or_default(b, cause, b->spec->net == NET_USER && !b->spec->port_count), "-netdev", "%s", netdev);
	free(netdev);
}

/* Did the user give QEMU an option of this name, in either spelling? */
static bool has_arg(const struct build *b, const char *option)
{
	for (size_t i = 0; i < b->spec->args.count; i++) {
		const char *arg = b->spec->args.items[i];

		if (arg[0] == '-' && !strcmp(arg + (arg[1] == '-'), option))
			return true;
	}
	return false;
}

/* QEMU says nothing and serves the screen by VNC. */
static void check_window(struct build *b)
{
	static const char *const others[] = { "-display", "-vnc", "-spice", "-curses", "-nographic" };

	if (!b->spec->gui || !b->facts->qemu_windowless)
		return;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (has_arg(b, others[i]))
			return;
	problem_add(b->problems, PROBLEM_HOST, SET_GUI, -1,
	            "this QEMU has no module for a window: install qemu-system-gui (Debian, Ubuntu) or qemu-ui-gtk (others)");
}

static void put_devices(struct build *b)
{
	check_window(b);
	if (!b->spec->gui)
		put(b, "default", "-nographic");
	if (b->spec->usb)
		put(b, origin_of(b, SET_USB), "-usb");
	for (size_t i = 0; i < b->spec->devices.count; i++)
		put2(b, origin_of(b, SET_DEVICE), "-device", "%s", b->spec->devices.items[i]);
}

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
	if (!wanted || has_arg(b, "-sandbox"))
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
static void put_own_block(struct build *b)
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

void build_argv(struct build *b)
{
	const struct vm_spec *spec = b->spec;
	char *pidfile = layout_in_state(b->facts, KEPT_PID);

	choose_accel(b);
	put(b, origin_or_default(b, SET_QEMU, !spec->qemu), b->plan->qemu);
	put2(b, origin_or_default(b, SET_CPUS, spec->cpus == 1), "-smp", "%u", spec->cpus);
	put2(b, origin_or_default(b, SET_MEMORY, spec->memory_mib == 1024), "-m", "%" PRIu64, spec->memory_mib);
	put2(b, spec->uuid ? origin_of(b, SET_UUID) : b->facts->kept_uuid ? "uuid in the state directory" : "default",
	     "-uuid", "%s", b->plan->uuid);
	put2(b, origin_or_default(b, SET_STATE, !spec->state), "-pidfile", "%s", pidfile);
	put_cpu(b);
	put_machine(b);
	put_rng(b);
	build_drives(b);
	put_kernel(b);
	put_network(b);
	put_devices(b);
	build_shares(b);
	put_own_block(b);
	free(pidfile);
}
