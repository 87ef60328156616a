/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/gather.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/own_dir.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/qemu/host/firmware.h"
#include "core/qemu/host/formats.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/host/probe.h"
#include "core/vm/image.h"
#include "core/vm/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uuid/uuid.h>

static void add_fresh_ids(struct host_facts *facts)
{
	uuid_t uuid, random;
	unsigned char *mac = random + 10;	/* the last six bytes of a random UUID are entirely random */
	char text[37];

	uuid_generate_random(uuid);
	uuid_unparse_lower(uuid, text);
	facts->new_uuid = mem_strdup(text);
	uuid_generate_random(random);
	mac[0] = (unsigned char)((mac[0] & ~1U) | 2U);	/* unicast, locally administered */
	facts->new_mac = mem_printf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static void look_beside(struct host_facts *facts, const char *image, const char *suffix, unsigned what)
{
	char *path = mem_printf("%s%s", image, suffix);

	probe_file(facts, path, what);
	free(path);
}

static void gather_boot(const struct vm_spec *spec, struct host_facts *facts)
{
	const struct file_fact *image = probe_file(facts, spec->image, PROBE_CONTENT);
	bool is_image = file_is_image(image), missing = image->error == ENOENT && *spec->image;
	char *stem = layout_stem(spec->image);

	if (is_image)
		probe_chain(facts, spec->image, layout_boot(spec, facts) == BOOT_DISK ? spec->boot_format : NULL);
	if (stem)
		look_beside(facts, stem, "-kernel", 0);
	free(stem);
	for (const char *const *ending = layout_endings(); missing && *ending; ending++)
		look_beside(facts, spec->image, *ending, 0);
	if (spec->boot == BOOT_KERNEL || spec->boot == BOOT_SQUASHFS || (spec->boot == BOOT_AUTO && !is_image)) {
		look_beside(facts, spec->image, "-kernel", 0);
		look_beside(facts, spec->image, "-initrd.img", 0);
		look_beside(facts, spec->image, "-squashfs.img", PROBE_CONTENT);
		look_beside(facts, spec->image, "-cmdline", PROBE_TEXT);
	}
}

/* Returns 0 or errno. Asks the kernel, which knows groups and access lists. */
static int may_write_in(const char *directory)
{
	char *inside = mem_printf("%s/.", directory);
	int reason = faccessat(AT_FDCWD, inside, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;

	free(inside);
	return reason;
}

/* Returns errno if this user cannot write in the directory or, if it is missing, create it; 0 if they probably can. */
static int unwritable_place(const char *path)
{
	char *parent;
	int reason = may_write_in(path);

	if (reason != ENOENT)
		return reason == ENOTDIR ? 0 : reason;
	parent = path_parent(path);
	reason = may_write_in(parent);
	free(parent);
	/* A missing parent is created, or reported by the check of the image. */
	return reason == EACCES || reason == EROFS ? reason : 0;
}

char *host_state_place(const char *image, const char *name, bool *elsewhere)
{
	char *usual = image_state_dir(image, image_is_prefix(image)), *all, *absolute, *place;
	struct stat st;
	bool is_device = stat(image, &st) == 0 && S_ISBLK(st.st_mode);

	*elsewhere = false;
	if (!is_device && !unwritable_place(usual))
		return usual;
	all = path_state("state");
	if (!all)
		return usual;
	absolute = path_full(image);
	place = mem_printf("%s/%s-%08x", all, *name && !strchr(name, '/') ? name : path_base(absolute),
	                   hash_short(absolute));
	*elsewhere = true;
	free(absolute);
	free(all);
	free(usual);
	return place;
}

static void gather_place(const struct vm_spec *spec, struct host_facts *facts)
{
	char *place = spec->state ? mem_strdup(spec->state)
	                          : host_state_place(spec->image, spec->name ? spec->name : "", &facts->state_fallback);
	struct error err;

	facts->state = path_clean(place);
	facts->state_unwritable = unwritable_place(place);
	if (probe_file(facts, place, 0)->kind == FILE_DIRECTORY && !own_dir_check(place, &err))
		facts->state_distrust = mem_strdup(err.text);
	free(place);
}

static const struct file_fact *look_in_state(struct host_facts *facts, const char *name, unsigned what)
{
	char *path = layout_in_state(facts, name);
	const struct file_fact *file = probe_file(facts, path, what);

	free(path);
	return file;
}

static void gather_kept(const struct vm_spec *spec, struct host_facts *facts)
{
	if (facts->state_distrust)
		return;

	const char *record = look_in_state(facts, KEPT_IMAGE, PROBE_TEXT)->text;
	char *ours = path_join(facts->cwd, spec->image);

	if (record && *record && strcmp(record, ours)) {
		char *kernel = mem_printf("%s-kernel", record);
		bool there = access(record, F_OK) == 0 || access(kernel, F_OK) == 0;

		/* It may be this image under another name. */
		if (there && !path_same(record, ours))
			facts->state_other = mem_strdup(record);
		free(kernel);
	}
	free(ours);
	look_in_state(facts, KEPT_UUID, PROBE_TEXT);
	look_in_state(facts, KEPT_MAC, PROBE_TEXT);
}

static void gather_disks(const struct vm_spec *spec, struct host_facts *facts)
{
	for (size_t i = 0; i < spec->disk_count; i++) {
		char *path = layout_disk(spec, facts, i);
		char *parent = path_parent(path);

		if (probe_file(facts, path, PROBE_CONTENT)->kind == FILE_MISSING)
			probe_file(facts, parent, 0);
		else
			probe_chain(facts, path, spec->disks[i].format);
		free(parent);
		free(path);
	}
	if (spec->data_file && *spec->data_file)
		probe_file(facts, spec->data_file, PROBE_TEXT | (spec->origin == CONFIG_COMMAND_LINE ? PROBE_STREAM : 0));
}

/* Returns an absolute path, because QEMU and its helpers are started from another directory. */
static char *find_program(const char *name)
{
	char *found = child_find(name);
	char *full = found ? path_absolute(found) : NULL;

	free(found);
	return full;
}

/* Uses the first candidate that exists; for users other than root, prefers the first that does not require root. */
static void find_virtiofsd(struct host_facts *facts)
{
	static const char *const known[] = {
		"/usr/libexec/virtiofsd", "/usr/lib/virtiofsd", "/usr/lib/qemu/virtiofsd",
		"/usr/local/libexec/virtiofsd", "/usr/local/lib/qemu/virtiofsd",
	};
	struct strv names = { 0 };

	if (facts->qemu)
		strv_take(&names, path_join(facts->qemu, "../../lib/qemu/virtiofsd"));
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		strv_add(&names, known[i]);
	strv_add(&names, "virtiofsd");
	for (size_t i = 0; i < names.count; i++) {
		char *program = find_program(names.items[i]);
		enum virtiofsd_kind kind = program ? probe_virtiofsd_kind(program) : VIRTIOFSD_NONE;
		bool better = program && (!facts->virtiofsd || (facts->uid != 0 && kind == VIRTIOFSD_RUST_MAPS &&
		                                                facts->virtiofsd_kind != VIRTIOFSD_RUST_MAPS));

		if (better) {
			free(facts->virtiofsd);
			facts->virtiofsd = program;
			facts->virtiofsd_kind = kind;
		} else {
			free(program);
		}
		if (facts->virtiofsd && facts->uid == 0)
			break;
	}
	strv_finish(&names);
}

static void gather_shares(const struct vm_spec *spec, struct host_facts *facts)
{
	if (spec->share_count == 0)
		return;
	for (size_t i = 0; i < spec->share_count; i++) {
		char *path = layout_share(spec, facts, i);

		probe_file(facts, path, 0);
		free(path);
	}
	if (spec->virtiofsd && *spec->virtiofsd) {
		facts->virtiofsd = find_program(spec->virtiofsd);
		facts->virtiofsd_kind = facts->virtiofsd ? probe_virtiofsd_kind(facts->virtiofsd) : VIRTIOFSD_NONE;
	} else {
		find_virtiofsd(facts);
	}
	facts->run = path_state("run");
	if (facts->uid != 0)
		facts->no_namespaces = probe_no_namespaces("/proc/sys");
}

static void gather_firmware(const struct vm_spec *spec, struct host_facts *facts)
{
	char *vars;

	if (!spec->uefi)
		return;
	look_in_state(facts, LAYOUT_UEFI_VARS, 0);
	look_in_state(facts, LAYOUT_UEFI_COMBINED, 0);
	firmware_search("", layout_arch(spec, facts), facts);
	for (size_t i = 0; i < facts->firmware_count; i++) {
		probe_file(facts, facts->firmwares[i].code, 0);
		if (facts->firmwares[i].vars)
			probe_file(facts, facts->firmwares[i].vars, 0);
	}
	if (!spec->firmware)
		return;
	probe_file(facts, spec->firmware, PROBE_CONTENT);
	vars = layout_vars_beside(spec->firmware);
	if (vars)
		probe_file(facts, vars, 0);
	free(vars);
}

/* Searches as QEMU does: relative to the directory of QEMU, then in the directory set when it was built. */
static void gather_bridge_helper(const char *bridge, struct host_facts *facts)
{
	static const char *const places[] = { "../../lib/qemu/qemu-bridge-helper", "../../libexec/qemu-bridge-helper" };
	static const char *const known[] = { "/usr/lib/qemu/qemu-bridge-helper", "/usr/libexec/qemu-bridge-helper" };
	struct bridge_helper *helper = &facts->bridge_helper;

	for (size_t i = 0; i < 2 && facts->qemu && !helper->path; i++) {
		char *path = path_join(facts->qemu, places[i]);

		helper->path = find_program(path);
		free(path);
	}
	for (size_t i = 0; i < 2 && !helper->path; i++)
		helper->path = find_program(known[i]);
	helper->privileged = helper->path && probe_privileged(helper->path);
	helper->acl_file = helper->path && text_starts(helper->path, "/usr/local/") ? "/usr/local/etc/qemu/bridge.conf"
	                                                                            : "/etc/qemu/bridge.conf";
	helper->acl = probe_bridge_acl(helper->acl_file, bridge);
}

static void gather_network(const struct vm_spec *spec, struct host_facts *facts)
{
	unsigned lowest = 65535;

	if (spec->net == NET_TAP || spec->net == NET_BRIDGE) {
		probe_interfaces(facts, "/sys");
		facts->net_admin = probe_net_admin();
		facts->tun_error = probe_tun_device();
		if (spec->ifname)
			probe_link("/sys", spec->ifname, &facts->link);
		if (spec->ifname && spec->net == NET_BRIDGE)
			gather_bridge_helper(spec->ifname, facts);
	}
	for (size_t i = 0; i < spec->port_count; i++)
		if (spec->ports[i].host < lowest)
			lowest = spec->ports[i].host;
	facts->unprivileged_low_ports = lowest >= 1024 || probe_low_ports(lowest);
	probe_ports(facts, spec->ports, spec->port_count);
}

static void gather_usb(const struct vm_spec *spec, struct host_facts *facts)
{
	bool asked = false;

	for (size_t i = 0; i < spec->devices.count; i++)
		asked |= text_starts(spec->devices.items[i], "usb-host");
	if (asked)
		usb_devices_read("", &facts->usb);
}

static bool has_window_in(const char *place)
{
	static const char *const names[] = { "ui-gtk.so", "ui-sdl.so" };
	bool found = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !found; i++) {
		char *pattern = path_join(place, names[i]);
		glob_t matches;

		found = glob(pattern, 0, NULL, &matches) == 0;
		if (found)
			globfree(&matches);
		free(pattern);
	}
	return found;
}

/* On most distributions the window code is in a separate package, as a module next to the other modules of QEMU. */
static bool has_window_module(const char *qemu)
{
	static const char *const places[] = { "../lib/qemu", "../lib64/qemu", "../lib/*/qemu" };
	const char *own = getenv("QEMU_MODULE_DIR");
	char *bin = path_parent(qemu);
	bool found = own && has_window_in(own);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !found; i++) {
		char *place = path_join(bin, places[i]);

		found = has_window_in(place);
		free(place);
	}
	free(bin);
	return found;
}

static void gather_programs(const struct vm_spec *spec, struct host_facts *facts)
{
	char *name = mem_printf("qemu-system-%s", vm_arch_name(layout_arch(spec, facts)));

	facts->qemu = find_program(spec->qemu ? spec->qemu : name);
	facts->qemu_seccomp = facts->qemu && probe_needs_library(facts->qemu, "libseccomp.so");
	if (facts->qemu && spec->origin == CONFIG_PROFILE && (spec->live || !spec->live_given))
		facts->qemu_abilities = probe_qemu_abilities(facts->qemu);
	/* Every QEMU is linked to GLib; a program that is not may be a wrapper script, of which nothing is known. */
	facts->qemu_windowless = spec->gui && facts->qemu && probe_needs_library(facts->qemu, "libglib-2.0.so") &&
	                         !probe_needs_library(facts->qemu, "libgtk-") &&
	                         !probe_needs_library(facts->qemu, "libSDL") && !has_window_module(facts->qemu);
	facts->qemu_img = find_program("qemu-img");
	free(name);
}

/*
 * Returns the content of a small file in the state directory. Returns NULL if it is missing, or if it cannot be
 * used, which it reports. A problem with the directory itself is reported elsewhere.
 */
static char *kept_text(const struct host_facts *facts, const char *name, enum vm_setting setting,
                       struct problems *problems)
{
	char *path = layout_in_state(facts, name);
	const struct file_fact *file = host_file(facts, path);
	const char *trouble = file_trouble(file);
	char *text = NULL;

	if (!trouble && file->text)
		text = mem_strdup(file->text);
	else if (trouble && file->error != ENOENT && file->error != ENOTDIR && file->error != ENAMETOOLONG)
		problem_add(problems, PROBLEM_ERROR, setting, -1, "%s: %s", path, trouble);
	free(path);
	return text;
}

/* Fills kept_uuid and kept_mac from the content of STATE/uuid and STATE/mac-addr. */
static void read_kept(const struct vm_spec *spec, struct host_facts *facts, struct problems *problems)
{
	char *text, mac[18], uuid[37];
	struct error err;

	if (!spec->uuid && (text = kept_text(facts, KEPT_UUID, SET_UUID, problems))) {
		if (kept_parse_uuid(text, uuid, &err))
			facts->kept_uuid = mem_strdup(uuid);
		else
			problem_add(problems, PROBLEM_ERROR, SET_UUID, -1, "%s/uuid: %s", facts->state, err.text);
		free(text);
	}
	if (spec->net != NET_NONE && !spec->mac && (text = kept_text(facts, KEPT_MAC, SET_MAC, problems))) {
		if (kept_parse_mac(text, mac, &err))
			facts->kept_mac = mem_strdup(mac);
		else
			problem_add(problems, PROBLEM_ERROR, SET_MAC, -1, "%s/mac-addr: %s", facts->state, err.text);
		free(text);
	}
}

void host_gather(const struct vm_spec *spec, bool fresh, struct host_facts *out, struct problems *problems)
{
	char *cwd = getcwd(NULL, 0);

	memset(out, 0, sizeof(*out));
	out->cwd = mem_strdup(cwd ? cwd : "/");
	free(cwd);
	out->formats = formats_file();
	out->uid = geteuid();
	out->gid = getegid();
	out->arch_known = probe_arch(&out->arch);
	out->kvm_usable = probe_kvm(out->arch, &out->kvm_reason);
	gather_programs(spec, out);
	gather_place(spec, out);
	gather_boot(spec, out);
	gather_kept(spec, out);
	gather_disks(spec, out);
	gather_shares(spec, out);
	gather_firmware(spec, out);
	gather_network(spec, out);
	gather_usb(spec, out);
	read_kept(spec, out, problems);
	if (fresh) {
		add_fresh_ids(out);
	} else {
		out->new_uuid = mem_strdup("<UUID>");
		out->new_mac = mem_strdup("<MAC>");
	}
}
