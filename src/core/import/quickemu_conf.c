/* SPDX-License-Identifier: MIT */
#include "core/import/quickemu_conf.h"

#include "core/import/qemu_line.h"

#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/vm/spec.h"

#include <stdlib.h>
#include <string.h>

#define DISK_SIZE "16G"		/* quickemu's, for a disk without a size */

struct conf {
	const struct shell_variables *variables;
	const char *directory;
	bool (*exists)(const char *path);
	struct imported *out;
	bool *read;			/* for each variable: it was looked at */
};

static const struct shell_variable *look(struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->variables->count; i++) {
		if (strcmp(conf->variables->items[i].name, name) != 0)
			continue;
		conf->read[i] = true;
		return &conf->variables->items[i];
	}
	return NULL;
}

/* Returns the value, or NULL if it is empty or not set. */
static const char *get(struct conf *conf, const char *name)
{
	const struct shell_variable *variable = look(conf, name);

	return variable && variable->values.count && *variable->values.items[0] ? variable->values.items[0] : NULL;
}

static char *path_of(const struct conf *conf, const char *path)
{
	return path_join(conf->directory, path);
}

/* Sets the value if the setting takes it, or notes that it does not. */
static void set(struct conf *conf, const char *name, enum vm_setting setting, const char *value, const char *remark)
{
	struct error err;

	if (vm_value_check(setting, value, &err))
		import_set(conf->out, setting, value, remark);
	else
		import_leave(conf->out, err.text, "%s=%s", name, value);
}

static void set_disk(struct conf *conf, const char *path, const char *format)
{
	const char *given = get(conf, "disk_size"), *size = given ? given : DISK_SIZE;
	struct vm_disk disk = { .path = mem_strdup(path), .format = mem_strdup(format), .bus = mem_strdup("virtio") };
	struct error err;
	char *text;

	if (!vm_size_parse(size, 'G', &disk.size_mib, &err))
		import_leave(conf->out, err.text, "disk_size=%s", size);
	text = vm_disk_format(&disk);
	import_set(conf->out, SET_DISK, text, "created at the first start");
	free(text);
	vm_disk_finish(&disk);
}

static void read_image(struct conf *conf)
{
	const char *disk = get(conf, "disk_img"), *iso = get(conf, "iso"), *format = get(conf, "disk_format");
	char *disk_path = disk ? path_of(conf, disk) : NULL, *iso_path = iso ? path_of(conf, iso) : NULL;
	bool installs = iso && !(disk_path && conf->exists && conf->exists(disk_path));

	format = format ? format : "qcow2";
	if (installs) {
		import_set(conf->out, SET_BOOT_MODE, "iso", NULL);
		import_set(conf->out, SET_IMAGE, iso_path, disk ? "the disk is not there yet" : NULL);
		if (disk)
			set_disk(conf, disk_path, format);
	} else if (disk) {
		import_set(conf->out, SET_BOOT_MODE, "disk", NULL);
		import_set(conf->out, SET_IMAGE, disk_path, NULL);
		import_set(conf->out, SET_BOOT_BUS, "virtio", NULL);
		import_set(conf->out, SET_BOOT_FORMAT, format, NULL);
		if (iso)
			import_leave(conf->out, "the disk is there; paddock cd gives it to a running guest", "iso=%s", iso);
		look(conf, "disk_size");
	}
	free(disk_path);
	free(iso_path);
}

static void read_second_cd(struct conf *conf)
{
	const char *iso = get(conf, "fixed_iso");
	char *path = iso ? path_of(conf, iso) : NULL, *value;

	if (!path)
		return;
	value = strchr(path, ',') ? NULL : mem_printf("media=cdrom,format=raw,readonly=on,file=%s", path);
	if (value)
		import_keep(conf->out, "-drive", value, "a second CD");
	else
		import_leave(conf->out, "a comma in its name", "fixed_iso=%s", iso);
	free(value);
	free(path);
}

static void read_firmware(struct conf *conf)
{
	const char *boot = get(conf, "boot"), *secure = get(conf, "secureboot"), *tpm = get(conf, "tpm");

	if (!boot || strcmp(boot, "legacy") != 0)
		import_set(conf->out, SET_UEFI, "yes", "with new variables: boot entries that quickemu's copy has are not taken along");
	if (secure && strcmp(secure, "off") != 0)
		import_leave(conf->out, "set boot.firmware to a firmware with Secure Boot for it", "secureboot=%s", secure);
	if (tpm && strcmp(tpm, "off") != 0)
		import_leave(conf->out, "no setting for it", "tpm=%s", tpm);
}

static void read_machine(struct conf *conf)
{
	const char *ram = get(conf, "ram"), *cores = get(conf, "cpu_cores"), *arch = get(conf, "arch");

	if (arch)
		set(conf, "arch", SET_ARCH, arch, NULL);
	set(conf, "ram", SET_MEMORY, ram ? ram : "4G", ram ? NULL : "quickemu chooses it by the host");
	set(conf, "cpu_cores", SET_CPUS, cores ? cores : "2", cores ? NULL : "quickemu chooses it by the host");
}

static void read_ports(struct conf *conf)
{
	const struct shell_variable *ports = look(conf, "port_forwards");
	const char *ssh = get(conf, "ssh_port");
	char *text;

	for (size_t i = 0; ports && i < ports->values.count; i++)
		set(conf, "port_forwards", SET_PUBLISH, ports->values.items[i], NULL);
	if (!ssh)
		return;
	text = mem_printf("%s:22", ssh);
	set(conf, "ssh_port", SET_PUBLISH, text, NULL);
	free(text);
}

static void read_network(struct conf *conf)
{
	const char *network = get(conf, "network"), *mac = get(conf, "macaddr");

	if (network && !strcmp(network, "restrict")) {
		import_set(conf->out, SET_NETWORK, "none", "the network is in the arguments that are kept");
		import_keep(conf->out, "-nic", "user,model=virtio-net-pci,restrict=on", NULL);
		return;
	}
	if (network && strcmp(network, "none") && strcmp(network, "user")) {
		char *bridge = mem_printf("bridge,%s", network);

		set(conf, "network", SET_NETWORK, bridge, NULL);
		free(bridge);
	} else {
		import_set(conf->out, SET_NETWORK, network ? network : "user", NULL);
	}
	if (mac)
		set(conf, "macaddr", SET_MAC, mac, NULL);
	/* Only the user network forwards ports. */
	if (text_equal(vm_config_get(&conf->out->config, SET_NETWORK), "user"))
		read_ports(conf);
}

static void read_usb(struct conf *conf, bool window)
{
	const struct shell_variable *devices = look(conf, "usb_devices");

	if (!window && !devices)
		return;
	import_set(conf->out, SET_USB, "yes", NULL);
	if (window)
		import_set(conf->out, SET_DEVICE, "usb-tablet", "quickemu gives the guest one");
	for (size_t i = 0; devices && i < devices->values.count; i++) {
		const char *id = devices->values.items[i], *colon = strchr(id, ':');
		char *text;

		if (!colon || strspn(id, "0123456789abcdefABCDEF:") != strlen(id)) {
			import_leave(conf->out, "not a vendor and a product ID, such as 1050:0407", "usb_devices: %s", id);
			continue;
		}
		text = mem_printf("usb-host,vendorid=0x%.*s,productid=0x%s", (int)(colon - id), id, colon + 1);
		import_set(conf->out, SET_DEVICE, text, NULL);
		free(text);
	}
}

static void read_display(struct conf *conf)
{
	const char *display = get(conf, "display");
	bool window = !display || (strcmp(display, "none") && strcmp(display, "spice") && strcmp(display, "spice-app"));

	if (window)
		import_set(conf->out, SET_GUI, "yes", "quickemu opens a window");
	else
		import_leave(conf->out, strcmp(display, "none") ? "no setting for it; the console is on the terminal" : "paddock opens no window by default",
		             "display=%s", display);
	read_usb(conf, window);
}

static void read_share(struct conf *conf)
{
	const char *directory = get(conf, "public_dir");
	struct vm_share share = { 0 };
	char *text;

	if (!directory || !strcmp(directory, "none"))
		return;
	share.path = path_of(conf, directory);
	text = vm_share_format(&share);
	set(conf, "public_dir", SET_SHARE, text, "by virtiofs; quickemu uses 9p or Samba");
	free(text);
	vm_share_finish(&share);
}

/* Words of QEMU's command line in one value, separated by blanks. */
static void read_extra(struct conf *conf)
{
	const char *at = get(conf, "extra_args");
	struct strv words = { 0 };

	while (at && *(at += strspn(at, " \t\n"))) {
		size_t len = strcspn(at, " \t\n");

		strv_take(&words, mem_strndup(at, len));
		at += len;
	}
	for (size_t i = 0; i < words.count; i++) {
		bool alone = qemu_option_is_flag(words.items[i]) || i + 1 == words.count;

		import_keep(conf->out, words.items[i], alone ? NULL : words.items[i + 1], NULL);
		i += !alone;
	}
	strv_finish(&words);
}

/* Fails for a value that is not known, unless nobody looks at it. */
static bool check_known(const struct conf *conf, struct error *err)
{
	for (size_t i = 0; i < conf->variables->count; i++)
		if (conf->read[i] && conf->variables->items[i].unknown)
			return error_set(err, "%s", conf->variables->items[i].unknown);
	return true;
}

static void leave_rest(struct conf *conf)
{
	for (size_t i = 0; i < conf->variables->count; i++) {
		const struct shell_variable *variable = &conf->variables->items[i];

		if (!conf->read[i])
			import_leave(conf->out, "no setting for it", "%s=%s", variable->name, variable->values.count ? variable->values.items[0] : "");
	}
}

bool quickemu_conf_check(const struct shell_variables *variables)
{
	bool guest = false, disk = false;

	for (size_t i = 0; i < variables->count; i++) {
		guest |= !strcmp(variables->items[i].name, "guest_os");
		disk |= !strcmp(variables->items[i].name, "disk_img");
	}
	return guest || disk;
}

bool quickemu_conf_read(const struct shell_variables *variables, const char *directory, bool (*exists)(const char *path),
                        struct imported *out, struct error *err)
{
	struct conf conf = { .variables = variables, .directory = directory, .exists = exists, .out = out };
	const char *guest;
	bool good;

	conf.read = mem_array(variables->count + 1, sizeof(*conf.read));
	guest = get(&conf, "guest_os");
	if (guest && !strcmp(guest, "macos")) {
		free(conf.read);
		return error_set(err, "guest_os is macos, which needs devices that paddock does not set up");
	}
	read_machine(&conf);
	read_image(&conf);
	read_second_cd(&conf);
	read_firmware(&conf);
	read_network(&conf);
	read_display(&conf);
	read_share(&conf);
	read_extra(&conf);
	good = check_known(&conf, err);
	if (good)
		leave_rest(&conf);
	free(conf.read);
	return good;
}
