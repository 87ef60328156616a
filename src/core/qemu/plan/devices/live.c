/* SPDX-License-Identifier: MIT */
/*
 * What changes of a running VM need, and can only be given at its start: free slots for devices, a balloon, the port
 * of the guest agent, and a device that reports a panic. Only profiles get it.
 */
#include "core/qemu/plan/build.h"

#include "core/base/str.h"

#include <string.h>

#define ORIGIN "paddock: for changes while it runs"

enum { SLOTS = 4 };
/* Chassis and slot numbers of the root ports, above those that people choose; a chassis number has 8 bits. */
enum { FIRST_CHASSIS = 201 };
/* PCI has 32 places, and with more devices than this the user's own may need the rest. */
enum { DEVICES_MAX = 16 };

enum live_bus { LIVE_NONE, LIVE_PCI, LIVE_PCIE, LIVE_CCW };

/* Finds the type in "TYPE,..." or "...,type=TYPE,...". Returns false if the text only sets properties of the machine. */
static bool machine_type(const char *text, const char **type, size_t *len)
{
	for (const char *part = text;; part += *len + 1) {
		bool named = text_starts(part, "type=");

		*type = part + (named ? strlen("type=") : 0);
		*len = strcspn(part, ",");
		if (named || (part == text && !memchr(part, '=', *len))) {
			*len = strcspn(*type, ",");
			return true;
		}
		if (!part[*len])
			return false;
	}
}

/* Matches "virt" and a versioned "virt-7.2". */
static bool is_type(const char *type, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	return len >= name_len && !strncmp(type, name, name_len) && (len == name_len || type[name_len] == '-');
}

/* The bus of the machine that the user's arguments leave. LIVE_NONE for machines that this file does not know. */
static enum live_bus bus_of(const struct build *b)
{
	static const struct {
		enum vm_arch arch;
		const char *type;
		enum live_bus bus;
	} known[] = {
		{ ARCH_X86_64, "q35", LIVE_PCIE }, { ARCH_X86_64, "pc-q35", LIVE_PCIE }, { ARCH_X86_64, "pc", LIVE_PCI },
		{ ARCH_AARCH64, "virt", LIVE_PCIE }, { ARCH_RISCV64, "virt", LIVE_PCIE },
		{ ARCH_S390X, "s390-ccw-virtio", LIVE_CCW },
	};
	const struct strv *args = &b->spec->args;
	const char *type = NULL;
	size_t len = 0;

	for (size_t i = 0; i + 1 < args->count; i++) {
		const char *option = args->items[i], *found;
		size_t found_len;

		option += text_starts(option, "--");
		if ((!strcmp(option, "-machine") || !strcmp(option, "-M")) && machine_type(args->items[i + 1], &found, &found_len)) {
			type = found;
			len = found_len;
		}
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].arch == b->arch && (!type || is_type(type, len, known[i].type)))
			return known[i].bus;
	return LIVE_NONE;
}

/* Returns true if a device or an argument of the user has this text. */
static bool user_has(const struct build *b, const char *text)
{
	const struct strv *lists[] = { &b->spec->devices, &b->spec->args };

	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; i < lists[list]->count; i++)
			if (strstr(lists[list]->items[i], text))
				return true;
	return false;
}

static bool is_crowded(const struct build *b)
{
	const struct vm_spec *spec = b->spec;
	size_t count = spec->disk_count + spec->share_count + spec->devices.count;

	for (size_t i = 0; i < spec->args.count; i++) {
		const char *option = spec->args.items[i] + text_starts(spec->args.items[i], "--");

		count += !strcmp(option, "-device") || !strcmp(option, "-drive") || !strcmp(option, "-nic");
	}
	return count > DEVICES_MAX;
}

/* The abilities to use, of enum qemu_ability. */
static unsigned abilities(const struct build *b)
{
	const struct vm_spec *spec = b->spec;

	if (spec->origin != CONFIG_PROFILE || (spec->live_given && !spec->live))
		return 0;
	/* Whoever asks for it knows what a program that is not known is. */
	return b->facts->qemu_abilities || !spec->live_given ? b->facts->qemu_abilities : QEMU_ABILITIES;
}

/* Returns the device that reports a panic; NULL if there is none. A CPU of s390x reports it itself. */
static const char *panic_device(const struct build *b)
{
	unsigned has = abilities(b);
	enum live_bus bus = bus_of(b);

	/* What the user says about panics applies alone. */
	if (!(has & QEMU_ACTION) || bus == LIVE_NONE || bus == LIVE_CCW || build_has_arg(b, "-action") || user_has(b, "pvpanic"))
		return NULL;
	if (b->arch == ARCH_X86_64)
		return has & QEMU_PVPANIC ? "pvpanic" : NULL;
	return has & QEMU_PVPANIC_PCI && !is_crowded(b) ? "pvpanic-pci" : NULL;
}

void build_live_action(struct build *b)
{
	/* By default QEMU ends when the device reports a panic: nobody could read the message, and a crash dump would be cut off. */
	if (panic_device(b))
		build_option(b, "paddock: a panic is only reported", "-action", "panic=none");
}

static void put_slots(struct build *b)
{
	for (unsigned i = 0; i < SLOTS; i++)
		build_option(b, ORIGIN, "-device", "pcie-root-port,id=" PLAN_SLOT_ID "%u,chassis=%u,slot=%u", i + 1, FIRST_CHASSIS + i,
		             FIRST_CHASSIS + i);
}

void build_live_args(struct build *b)
{
	const char *suffix = build_bus_suffix(b), *panic = panic_device(b);
	unsigned has = abilities(b);
	enum live_bus bus = bus_of(b);

	if (bus == LIVE_NONE || !has)
		return;
	/* Behind the user's own devices, whose places in the guest must not depend on these. */
	if (bus == LIVE_CCW || !is_crowded(b)) {
		if (bus == LIVE_PCIE && has & QEMU_ROOT_PORT && !user_has(b, "pcie-root-port"))
			put_slots(b);
		if (has & QEMU_BALLOON && !user_has(b, "virtio-balloon"))
			build_option(b, ORIGIN, "-device", "virtio-balloon-%s,id=" PLAN_BALLOON_ID ",deflate-on-oom=on%s", suffix,
			             has & QEMU_PAGE_REPORTING ? ",free-page-reporting=on" : "");
		if (has & QEMU_SERIAL_PORT && !user_has(b, "org.qemu.guest_agent")) {
			build_option(b, ORIGIN, "-chardev", PLAN_AGENT_CHARDEV);
			build_option(b, ORIGIN, "-device", "virtio-serial-%s,id=paddock-serial", suffix);
			build_option(b, ORIGIN, "-device",
			             "virtserialport,bus=paddock-serial.0,id=" PLAN_AGENT_ID ",chardev=" PLAN_AGENT_ID
			             ",name=org.qemu.guest_agent.0");
		}
	}
	if (panic)
		build_option(b, ORIGIN, "-device", "%s", panic);
}
