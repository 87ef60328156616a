/* SPDX-License-Identifier: MIT */

#include "core/import/qemu_line_impl.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/str.h"
#include "core/vm/grammar.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define OURS "paddock does that"

typedef void read_fn(struct qemu_line *, struct qemu_option *);

/* Returns the value if the setting takes it. */
static bool fits(enum vm_setting setting, const char *value)
{
	struct error ignored;

	return value && *value && vm_value_check(setting, value, &ignored);
}

static void read_plain(struct qemu_line *line, struct qemu_option *option, enum vm_setting setting)
{
	if (fits(setting, option->value))
		qemu_option_become(line, option, setting, option->value, NULL);
}

static void read_uuid(struct qemu_line *line, struct qemu_option *option) { read_plain(line, option, SET_UUID); }
static void read_cpu(struct qemu_line *line, struct qemu_option *option) { read_plain(line, option, SET_CPU); }

/* "-m size=2G,slots=4,maxmem=8G": the size is a setting, and the rest is kept. */
static void read_memory(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *size;
	char *rest;

	option_list_read(&list, option->value, "size");
	size = option_list_take(&list, "size");
	rest = option_list_rest(&list);
	if (fits(SET_MEMORY, size)) {
		import_set(line->out, SET_MEMORY, size, NULL);
		free(option->value);
		option->value = rest;
		option->open = rest != NULL;
		rest = NULL;
	}
	free(rest);
	option_list_finish(&list);
}

/* Returns the number that "-smp sockets=1,cores=4,threads=2" says; 0 if that is not known. */
static uint64_t processors(const struct option_list *list)
{
	static const char *const parts[] = { "sockets", "dies", "clusters", "cores", "threads" };
	const char *cpus = option_list_get(list, "cpus");
	uint64_t product = 1, number;
	struct error ignored;

	if (cpus)
		return number_parse(cpus, 1, 4096, &number, &ignored) ? number : 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *text = option_list_get(list, parts[i]);

		if (!text)
			continue;
		if (!number_parse(text, 1, 4096, &number, &ignored) || product * number > 4096)
			return 0;
		product *= number;
	}
	return product;
}

static void read_smp(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	uint64_t count;
	char *text;

	option_list_read(&list, option->value, "cpus");
	count = processors(&list);
	text = mem_printf("%" PRIu64, count);
	if (count) {
		import_set(line->out, SET_CPUS, text, NULL);
		option->open = list.keys.count > 1 || !option_list_get(&list, "cpus");
	}
	free(text);
	option_list_finish(&list);
}

/* Adds one accelerator to those that are tried in turn. */
static void add_accel(struct qemu_line *line, const char *names, const char *remark)
{
	const char *before = vm_config_get(&line->out->config, SET_ACCEL);
	char *all = before && strcmp(before, names) ? mem_printf("%s:%s", before, names) : mem_strdup(names);

	if (fits(SET_ACCEL, all))
		import_set(line->out, SET_ACCEL, all, remark);
	free(all);
}

static void read_enable_kvm(struct qemu_line *line, struct qemu_option *option)
{
	option->open = false;
	add_accel(line, "kvm", NULL);
}

static void read_accel(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *name;
	char *rest;

	option_list_read(&list, option->value, "accel");
	name = option_list_take(&list, "accel");
	rest = option_list_rest(&list);
	if (fits(SET_ACCEL, name)) {
		option->open = false;
		add_accel(line, name, NULL);
		/* QEMU does not take -accel together with the accel= of -machine, which paddock passes. */
		if (rest)
			import_leave(line->out, "not possible with the accel setting", "%s of -accel %s", rest, name);
	}
	free(rest);
	option_list_finish(&list);
}

/* The machine that paddock uses anyway is not said again. */
static bool is_our_machine(const struct qemu_line *line, const char *type)
{
	static const char *const types[] = {
		[ARCH_X86_64] = "q35", [ARCH_AARCH64] = "virt", [ARCH_S390X] = "s390-ccw-virtio", [ARCH_RISCV64] = "virt",
	};

	return type && strcmp(type, types[line->arch]) == 0;
}

static void read_machine(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *accel, *type;
	char *rest;

	option_list_read(&list, option->value, "type");
	accel = option_list_get(&list, "accel");
	if (fits(SET_ACCEL, accel)) {
		add_accel(line, accel, NULL);
		option_list_take(&list, "accel");
	}
	type = option_list_get(&list, "type");
	if (is_our_machine(line, type)) {
		option_list_take(&list, "type");
		import_leave(line->out, "paddock uses it anyway", "-machine %s", type);
	}
	rest = option_list_rest(&list);
	free(option->value);
	option->value = rest;
	option->open = rest != NULL;
	option_list_finish(&list);
}

static void read_name(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *name;
	char *rest;

	option_list_read(&list, option->value, "guest");
	name = option_list_take(&list, "guest");
	rest = option_list_rest(&list);
	option->open = false;
	if (name)
		import_set_name(line->out, name);
	if (rest)
		import_leave(line->out, "paddock gives the name", "%s of -name", rest);
	free(rest);
	option_list_finish(&list);
}

static void read_boot(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *order, *once;
	char *rest;

	option_list_read(&list, option->value, "order");
	order = option_list_take(&list, "order");
	once = option_list_take(&list, "once");
	rest = option_list_rest(&list);
	if ((order && !strchr("cd", *order)) || (once && !strchr("cd", *once))) {
		free(rest);
	} else {
		line->boots_cd = (order && *order == 'd') || (once && *once == 'd');
		if (order || once)
			import_leave(line->out, line->boots_cd ? "paddock boots a CD that is the image, and then the disk" : "paddock boots the image",
			             "-boot %s%s%s%s", order ? order : "", once ? order ? ",once=" : "once=" : "", once ? once : "", "");
		free(option->value);
		option->value = rest;
		option->open = rest != NULL;
	}
	option_list_finish(&list);
}

static void read_ours(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, OURS);
}

static void read_daemonize(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "paddock keeps every VM in the background");
}

static void read_frozen(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "paddock starts the vCPUs");
}

static void read_incoming(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "a profile starts a new machine");
}

static void read_help(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "QEMU would only print a text");
}

/* With it, a machine has no serial port, and so no console. */
static void read_nodefaults(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_leave(line, option, "paddock's console is a default device");
}

static bool is_terminal(const char *chardev)
{
	return !strcmp(chardev, "stdio") || text_starts(chardev, "stdio,") || text_starts(chardev, "mon:stdio");
}

static void read_stream(struct qemu_line *line, struct qemu_option *option)
{
	if (is_terminal(option->value))
		qemu_option_leave(line, option, !strcmp(option->name, "-serial") ? "the console has it" : "the terminal is the guest's console");
	else if (!strcmp(option->name, "-serial") && !strchr(option->value, ':'))
		option->remark = "the console of paddock is then empty";
}

/* -chardev stdio, and what is on it. */
static void read_chardev(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *id;

	if (!is_terminal(option->value))
		return;
	option_list_read(&list, option->value, "backend");
	id = option_list_get(&list, "id");
	qemu_option_leave(line, option, "the terminal is the guest's console");
	for (size_t i = 0; id && i < line->count; i++) {
		struct qemu_option *other = &line->options[i];
		char *keyed = mem_printf("chardev=%s", id), *named = mem_printf("chardev:%s", id);

		if (other->open && other->value && other != option && strcmp(other->name, "-device") &&
		    (strstr(other->value, keyed) || !strcmp(other->value, named) || (!strcmp(other->name, "-mon") && text_starts(other->value, id))))
			qemu_option_leave(line, other, "it is on the terminal");
		free(keyed);
		free(named);
	}
	option_list_finish(&list);
}

/* -qmp unix:PATH,server=on,wait=off is a setting; other forms are kept. */
static void read_qmp(struct qemu_line *line, struct qemu_option *option)
{
	struct option_list list;
	const char *server, *address;
	char *rest, *path = NULL;

	if (is_terminal(option->value)) {
		qemu_option_leave(line, option, "the terminal is the guest's console");
		return;
	}
	option_list_read(&list, option->value, "address");
	address = option_list_take(&list, "address");
	server = option_list_take(&list, "server");
	option_list_take(&list, "wait");
	option_list_take(&list, "nowait");
	rest = option_list_rest(&list);
	if (server && strcmp(server, "off") && text_starts(address, "unix:") && !rest)
		path = qemu_line_path(line, address + strlen("unix:"));
	if (path && !vm_config_get(&line->out->config, SET_QMP) && fits(SET_QMP, path))
		qemu_option_become(line, option, SET_QMP, path, NULL);
	free(path);
	free(rest);
	option_list_finish(&list);
}

static void read_sandbox(struct qemu_line *line, struct qemu_option *option)
{
	if (!strcmp(option->value, "off"))
		qemu_option_become(line, option, SET_SANDBOX, "no", NULL);
}

static void read_nographic(struct qemu_line *line, struct qemu_option *option)
{
	line->has_window = false;
	qemu_option_leave(line, option, OURS);
}

static void read_curses(struct qemu_line *line, struct qemu_option *option)
{
	line->has_window = false;
	qemu_option_leave(line, option, "the terminal is the guest's console");
}

static void read_display(struct qemu_line *line, struct qemu_option *option)
{
	const char *kind = option->value;

	if (!strcmp(kind, "none")) {
		read_nographic(line, option);
	} else if (text_starts(kind, "curses")) {
		read_curses(line, option);
	} else {
		/* A remote screen needs no window; paddock's -nographic leaves it. */
		line->has_window = !text_starts(kind, "vnc") && !text_starts(kind, "spice") && !text_starts(kind, "egl-headless") &&
		                   !text_starts(kind, "dbus");
	}
}

static void read_remote(struct qemu_line *line, struct qemu_option *option)
{
	(void)option;
	line->has_window = false;
}

static void read_usb(struct qemu_line *line, struct qemu_option *option)
{
	qemu_option_become(line, option, SET_USB, "yes", NULL);
}

static void read_usbdevice(struct qemu_line *line, struct qemu_option *option)
{
	static const char *const same[] = { "tablet", "mouse", "kbd" };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		char *device;

		if (strcmp(option->value, i == 2 ? "keyboard" : same[i]) != 0)
			continue;
		device = mem_printf("usb-%s", same[i]);
		import_set(line->out, SET_USB, "yes", NULL);
		qemu_option_become(line, option, SET_DEVICE, device, NULL);
		free(device);
	}
}

static void read_object(struct qemu_line *line, struct qemu_option *option)
{
	if (text_starts(option->value, "rng-"))
		qemu_option_leave(line, option, OURS);
}

static void read_device(struct qemu_line *line, struct qemu_option *option)
{
	if (!*option->value)
		qemu_option_leave(line, option, "it is empty");
	else if (text_starts(option->value, "virtio-rng-"))
		qemu_option_leave(line, option, OURS);
}

static const struct {
	const char *name;
	read_fn *read;
} readers[] = {
	{ "-m", read_memory }, { "-smp", read_smp }, { "-cpu", read_cpu }, { "-accel", read_accel }, { "-enable-kvm", read_enable_kvm },
	{ "-machine", read_machine }, { "-M", read_machine }, { "-uuid", read_uuid }, { "-name", read_name }, { "-boot", read_boot },
	{ "-daemonize", read_daemonize }, { "-pidfile", read_ours }, { "-S", read_frozen }, { "-incoming", read_incoming },
	{ "-nodefaults", read_nodefaults }, { "-no-user-config", read_ours }, { "-nodefconfig", read_ours },
	{ "-version", read_help }, { "-h", read_help }, { "-help", read_help },
	{ "-monitor", read_stream }, { "-serial", read_stream }, { "-chardev", read_chardev },
	{ "-qmp", read_qmp }, { "-qmp-pretty", read_qmp }, { "-sandbox", read_sandbox },
	{ "-nographic", read_nographic }, { "-curses", read_curses }, { "-display", read_display },
	{ "-vnc", read_remote }, { "-spice", read_remote },
	{ "-usb", read_usb }, { "-usbdevice", read_usbdevice }, { "-object", read_object }, { "-device", read_device },
};

static bool has_machine(const struct qemu_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if (!strcmp(line->options[i].name, "-machine") || !strcmp(line->options[i].name, "-M"))
			return true;
	return false;
}

void qemu_options_read(struct qemu_line *line)
{
	/* Without a word about it, QEMU for x86_64 emulates an older machine than paddock. */
	if (line->arch == ARCH_X86_64 && !has_machine(line))
		import_keep(line->out, "-machine", "pc", "QEMU's default; paddock would use q35");
	for (size_t i = 0; i < line->count; i++)
		for (size_t k = 0; k < sizeof(readers) / sizeof(readers[0]) && line->options[i].open; k++)
			if (!strcmp(line->options[i].name, readers[k].name))
				readers[k].read(line, &line->options[i]);
}
