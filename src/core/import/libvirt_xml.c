/* SPDX-License-Identifier: MIT */
#include "core/import/libvirt_xml.h"

#include "core/import/libvirt_xml_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/quoted.h"
#include "core/vm/spec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void libvirt_set(struct imported *out, enum vm_setting setting, const char *value, const char *remark)
{
	struct error err;

	if (vm_value_check(setting, value, &err))
		import_set(out, setting, value, remark);
	else
		import_leave(out, err.text, "%s = %s", setting_info(setting)->key, value);
}

/* The child's text, which the caller frees; NULL if it is missing or empty. The child counts as read. */
static char *text_of(struct xml_node *node, const char *name)
{
	struct xml_node *child = xml_child(node, name);
	char *text;

	if (!child)
		return NULL;
	child->read = true;
	text = xml_text(child);
	if (*text)
		return text;
	free(text);
	return NULL;
}

/* <memory unit='KiB'>, in units of libvirt: "KB" is 1000 bytes, "KiB" and "k" 1024. */
static void read_memory(struct xml_node *domain, struct imported *out)
{
	static const struct { const char *unit; uint64_t bytes; } units[] = {
		{ "b", 1 }, { "bytes", 1 }, { "KB", 1000 }, { "k", 1024 }, { "KiB", 1024 }, { "MB", 1000000 }, { "M", 1 << 20 },
		{ "MiB", 1 << 20 }, { "GB", 1000000000 }, { "G", 1 << 30 }, { "GiB", 1 << 30 }, { "TB", 1000000000000 },
		{ "T", (uint64_t)1 << 40 }, { "TiB", (uint64_t)1 << 40 },
	};
	struct xml_node *node = xml_child(domain, "memory");
	const char *unit = xml_attribute(node, "unit");
	char *text = text_of(domain, "memory"), *value;
	struct error ignored;
	uint64_t number, each = unit ? 0 : 1024;

	for (size_t i = 0; unit && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].unit, unit))
			each = units[i].bytes;
	if (text && each && number_parse(text, 1, UINT64_MAX / each, &number, &ignored) && number * each >= 1 << 20) {
		value = mem_printf("%" PRIu64, number * each >> 20);
		libvirt_set(out, SET_MEMORY, value, number * each & ((1 << 20) - 1) ? "rounded down to MiB" : NULL);
		free(value);
	} else if (text) {
		import_leave(out, "not a size", "memory = %s %s", text, unit ? unit : "KiB");
	}
	free(text);
}

/* QEMU refuses a topology with another number of vCPUs. */
static void keep_topology(const struct xml_node *topology, const char *cpus, struct imported *out)
{
	static const char *const parts[] = { "sockets", "dies", "clusters", "cores", "threads" };
	uint64_t product = 1, number;
	struct error ignored;
	struct str value;

	str_init(&value);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *text = xml_attribute(topology, parts[i]);

		if (!text || !number_parse(text, 2, 4096, &number, &ignored) || product > 4096)
			continue;
		product *= number;
		str_addf(&value, "%s%s=%s", value.len ? "," : "", parts[i], text);
	}
	if (value.len && cpus && number_parse(cpus, 1, 4096, &number, &ignored) && number == product)
		import_keep(out, "-smp", value.text, "the topology");
	else if (value.len)
		import_leave(out, "not the number of vCPUs", "cpu/topology %s", value.text);
	str_finish(&value);
}

static void read_cpu(struct xml_node *domain, struct imported *out)
{
	struct xml_node *cpu = xml_child(domain, "cpu"), *topology = xml_child(cpu, "topology"), *vcpu = xml_child(domain, "vcpu");
	const char *mode = xml_attribute(cpu, "mode"), *current = xml_attribute(vcpu, "current");
	char *count = text_of(domain, "vcpu"), *model;

	if (count)
		libvirt_set(out, SET_CPUS, current ? current : count, NULL);
	free(count);
	if (!cpu)
		return;
	cpu->read = true;
	model = text_of(cpu, "model");
	if (mode && (!strcmp(mode, "host-passthrough") || !strcmp(mode, "host-model")))
		libvirt_set(out, SET_CPU, "host", !strcmp(mode, "host-model") ? "was host-model" : NULL);
	else if (mode && !strcmp(mode, "maximum"))
		libvirt_set(out, SET_CPU, "max", NULL);
	else if (model)
		libvirt_set(out, SET_CPU, model, xml_child(cpu, "feature") ? "without the features that were added or taken away" : NULL);
	keep_topology(topology, vm_config_get(&out->config, SET_CPUS), out);
	free(model);
}

static bool is_file(const char *path)
{
	return path && path[0] == '/';
}

static void read_firmware(struct xml_node *os, struct imported *out)
{
	const char *automatic = xml_attribute(os, "firmware"), *type = xml_attribute(xml_child(os, "loader"), "type");
	char *loader = text_of(os, "loader"), *variables = text_of(os, "nvram");

	if ((automatic && !strcmp(automatic, "efi")) || (is_file(loader) && type && !strcmp(type, "pflash")))
		import_set(out, SET_UEFI, "yes", NULL);
	if (is_file(loader) && type && !strcmp(type, "pflash"))
		import_set(out, SET_FIRMWARE, loader, NULL);
	else if (loader)
		import_leave(out, "no setting for it", "os/loader %s", loader);
	if (variables)
		import_leave(out, "paddock keeps new UEFI variables; to go on with these, copy the file to uefi-vars.fd in the state directory before the first start",
		             "os/nvram %s", variables);
	free(loader);
	free(variables);
}

static bool is_usual_machine(const char *machine)
{
	static const char *const names[] = { "q35", "pc-q35", "virt", "s390-ccw-virtio" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i]);

		if (!strncmp(machine, names[i], len) && (!machine[len] || machine[len] == '-'))
			return true;
	}
	return false;
}

static void read_machine(struct xml_node *os, struct imported *out)
{
	struct xml_node *type = xml_child(os, "type");
	const char *arch = xml_attribute(type, "arch"), *machine = xml_attribute(type, "machine");

	if (type)
		type->read = true;
	if (arch && !strcmp(arch, "i686"))
		import_set(out, SET_ARCH, "x86_64", "was i686, whose programs x86_64 runs too");
	else if (arch)
		libvirt_set(out, SET_ARCH, arch, NULL);
	if (!machine)
		return;
	/* A version of a machine is known to some builds of QEMU only. */
	if (!strcmp(machine, "pc") || !strncmp(machine, "pc-i440fx", strlen("pc-i440fx")))
		import_keep(out, "-machine", "pc", strcmp(machine, "pc") ? "without its version" : NULL);
	else if (is_usual_machine(machine))
		import_leave(out, "paddock uses its newest version", "machine %s", machine);
	else if (!strpbrk(machine, ",= "))
		import_keep(out, "-machine", machine, NULL);
}

/* A kernel that is not one of our prefixes is an argument. */
static void read_kernel(struct xml_node *os, struct imported *out)
{
	static const struct { const char *element, *option; } parts[] = {
		{ "kernel", "-kernel" }, { "initrd", "-initrd" }, { "cmdline", "-append" }, { "dtb", "-dtb" },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char *text = text_of(os, parts[i].element);

		if (text)
			import_keep(out, parts[i].option, text, NULL);
		free(text);
	}
}

static void read_clock(struct xml_node *domain, struct imported *out)
{
	struct xml_node *clock = xml_child(domain, "clock");
	const char *offset = xml_attribute(clock, "offset");

	if (clock)
		clock->read = true;
	if (offset && !strcmp(offset, "localtime"))
		import_keep(out, "-rtc", "base=localtime", NULL);
}

/* Elements that say nothing that a profile would have to. */
static bool is_quiet(const char *name)
{
	static const char *const names[] = {
		"currentMemory", "on_poweroff", "on_reboot", "on_crash", "features", "pm", "seclabel", "resource", "metadata", "devices",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void leave_rest(struct xml_node *domain, struct imported *out)
{
	for (struct xml_node *node = domain->child; node; node = node->next)
		if (!node->read && !is_quiet(node->name))
			import_leave(out, "no setting for it", "%s", node->name);
}

static void read_domain(struct xml_node *domain, struct imported *out)
{
	struct xml_node *os = xml_child(domain, "os");
	const char *type = xml_attribute(domain, "type");
	char *name = text_of(domain, "name"), *uuid = text_of(domain, "uuid"), *title = text_of(domain, "title");
	char *description = text_of(domain, "description");

	if (name)
		import_set_name(out, name);
	if (title || description)
		libvirt_set(out, SET_DESCRIPTION, description ? description : title, NULL);
	if (uuid)
		libvirt_set(out, SET_UUID, uuid, NULL);
	if (type && !strcmp(type, "qemu"))
		import_set(out, SET_ACCEL, "tcg", NULL);
	else if (type && strcmp(type, "kvm") != 0)
		import_leave(out, "paddock runs QEMU", "domain type %s", type);
	if (os) {
		os->read = true;
		read_machine(os, out);
		read_firmware(os, out);
		read_kernel(os, out);
	}
	read_memory(domain, out);
	read_cpu(domain, out);
	read_clock(domain, out);
	libvirt_devices_read(xml_child(domain, "devices"), xml_attribute(xml_child(os, "boot"), "dev"), out);
	leave_rest(domain, out);
	free(name);
	free(uuid);
	free(title);
	free(description);
}

bool libvirt_xml_read(const char *text, size_t len, struct imported *out, struct error *err)
{
	struct xml_node *root = xml_parse(text, len, err), *domain = root;
	bool good;

	if (!root)
		return false;
	/* What virsh keeps of a running domain has it inside. */
	if (!strcmp(root->name, "domstatus"))
		domain = xml_child(root, "domain");
	good = domain && !strcmp(domain->name, "domain");
	if (good)
		read_domain(domain, out);
	else
		error_set(err, "the XML is of %s, not of a domain of libvirt", quoted(root->name).text);
	xml_free(root);
	return good;
}
