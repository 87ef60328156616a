/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/facts.h"
#include "core/qemu/host/gather.h"
#include "core/qemu/plan/plan.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "fake/argv_case.h"
#include "fake/boot_iso.h"

#include "core/base/alloc.h"
#include "core/base/child.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/qemu/host/layout.h"
#include "core/qemu/host/probe.h"
#include "core/vm/grammar.h"
#include "fake/scratch.h"
#include "ui/cli/options.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

static char *unescaped(const char *text)
{
	struct str out;

	str_init(&out);
	for (; *text; text++) {
		if (*text == '\\' && text[1])
			str_addc(&out, *++text == 'n' ? '\n' : *text == 's' ? ' ' : *text);
		else
			str_addc(&out, *text);
	}
	return str_detach(&out);
}

char *argv_case_expanded(const struct argv_case *run, const char *text)
{
	char *plain = unescaped(text), *mark;

	while ((mark = strstr(plain, "<DIR>"))) {
		char *next = mem_printf("%.*s%s%s", (int)(mark - plain), plain, run->dir, mark + 5);

		free(plain);
		plain = next;
	}
	return plain;
}

static void cut(const struct argv_case *run, const char *line, char **word, char **rest)
{
	const char *blank = strchr(line, ' ');
	char *first = blank ? mem_strndup(line, (size_t)(blank - line)) : mem_strdup(line);

	*word = argv_case_expanded(run, first);
	*rest = blank ? argv_case_expanded(run, blank + 1) : mem_strdup("");
	free(first);
}

static const char *behind_verb(const char *line)
{
	const char *blank = strchr(line, ' ');

	return blank ? blank + 1 : "";
}

static void set_setting(struct argv_case *run, const char *text)
{
	char *section = mem_strdup(text), *key = strchr(section, '.'), *value = strchr(section, '=');
	enum vm_setting setting;

	*key++ = *value++ = '\0';
	setting = setting_find(section, key);
	must(setting < VM_SETTINGS, text);
	if (setting_info(setting)->repeatable)
		vm_config_add(&run->config, setting, value);
	else
		vm_config_set(&run->config, setting, value);
	run->config.origin = CONFIG_PROFILE;
	free(section);
}

static void put_iso(const char *path, const char *boots)
{
	static const unsigned char platforms[] = { BOOT_ISO_BIOS, BOOT_ISO_EFI };
	bool efi = !strcmp(boots, "efi");

	boot_iso_write(path, platforms + efi, !strcmp(boots, "both") ? 2 : 1, "", 0);
}

static void prepare_file(struct argv_case *run, const char *line)
{
	char *verb, *rest, *path, *more;
	struct error err;

	cut(run, line, &verb, &rest);
	cut(run, behind_verb(line), &path, &more);
	if (!strcmp(verb, "file"))
		scratch_put(path, "", 0, (off_t)strtoul(more, NULL, 10));
	else if (!strcmp(verb, "iso"))
		put_iso(path, more);
	else if (!strcmp(verb, "text"))
		scratch_put(path, more, strlen(more), 0);
	else if (!strcmp(verb, "dir"))
		must(path_make_dirs(path, 0755, &err), path);
	else if (!strcmp(verb, "link"))
		must(symlink(more, path) == 0, path);
	else if (!strcmp(verb, "arg"))
		strv_add(&run->words, rest);
	else if (!strcmp(verb, "set"))
		set_setting(run, rest);
	free(verb);
	free(rest);
	free(path);
	free(more);
}

/* As large as the flash of its machine, or half of it where there is room for two; those called 2M are smaller. */
static uint64_t firmware_size(const struct argv_case *run, const char *path)
{
	enum vm_arch arch = run->facts.arch;

	if (strv_has(&run->words, "aarch64") || strv_has(&run->words, "--arch=aarch64"))
		arch = ARCH_AARCH64;
	if (strstr(path, "RISCV"))
		arch = ARCH_RISCV64;
	if (strstr(path, "2M"))
		return 2 << 20;
	return arch == ARCH_X86_64 ? 4 << 20 : arch == ARCH_RISCV64 ? 32 << 20 : 64 << 20;
}

static void add_firmware_file(struct argv_case *run, const char *path)
{
	struct host_facts *facts = &run->facts;
	struct file_fact *file = NULL;

	for (size_t i = 0; i < facts->file_count; i++)
		if (!strcmp(facts->files[i].path, path))
			file = &facts->files[i];
	if (!file)
		file = host_file_add(facts, path);
	file->kind = FILE_REGULAR;
	file->error = 0;
	file->size = firmware_size(run, path);
}

static void add_firmware(struct argv_case *run, const char *code, const char *vars, bool secure)
{
	struct host_facts *facts = &run->facts;

	add_firmware_file(run, code);
	if (*vars)
		add_firmware_file(run, vars);
	facts->firmwares = mem_resize(facts->firmwares, facts->firmware_count + 1, sizeof(*facts->firmwares));
	facts->firmwares[facts->firmware_count++] = (struct firmware){
		.code = mem_strdup(code), .vars = *vars ? mem_strdup(vars) : NULL, .origin = mem_strdup("written down"),
		.secure_boot = secure, .enrolled = secure, .smm = secure,
	};
}

static void add_busy(struct host_facts *facts, const char *port, const char *holder)
{
	facts->busy = mem_resize(facts->busy, facts->busy_count + 1, sizeof(*facts->busy));
	facts->busy[facts->busy_count++] = (struct busy_port){
		.port = (unsigned)strtoul(port, NULL, 10), .holder = *holder ? mem_strdup(holder) : NULL,
	};
}

/* "1050:0407 1-1.4 [denied]" */
static void add_usb(struct host_facts *facts, const char *ids, const char *place)
{
	struct usb_device device = { .number = 7, .name = mem_strdup("Key"), .usable = !strstr(place, " denied") };
	const char *port = strchr(place, '-') + 1;

	device.vendor = (unsigned)strtoul(ids, NULL, 16);
	device.product = (unsigned)strtoul(strchr(ids, ':') + 1, NULL, 16);
	device.bus = (unsigned)strtoul(place, NULL, 10);
	device.port = mem_strndup(port, strcspn(port, " "));
	facts->usb.items = mem_resize(facts->usb.items, facts->usb.count + 1, sizeof(device));
	facts->usb.items[facts->usb.count++] = device;
}

static void drop(char **text)
{
	free(*text);
	*text = NULL;
}

static void keep_format(struct host_facts *facts, const char *path, const char *format)
{
	for (size_t i = 0; i < facts->file_count; i++) {
		if (strcmp(facts->files[i].path, path))
			continue;
		free(facts->files[i].kept_format);
		facts->files[i].kept_format = mem_strdup(format);
	}
}

static void set_fact(struct argv_case *run, const char *line)
{
	struct host_facts *facts = &run->facts;
	char *verb, *rest, *word, *more;

	cut(run, line, &verb, &rest);
	cut(run, behind_verb(line), &word, &more);
	if (!strcmp(verb, "host")) {
		must(vm_arch_parse(word, &facts->arch), word);
		facts->kvm_usable = !strcmp(more, "kvm");
		drop(&facts->kvm_reason);
		facts->kvm_reason = facts->kvm_usable ? NULL : mem_strdup("as written down");
	} else if (!strcmp(verb, "without")) {
		drop(!strcmp(word, "qemu-img") ? &facts->qemu_img : !strcmp(word, "virtiofsd") ? &facts->virtiofsd : &facts->qemu);
	} else if (!strcmp(verb, "firmware") || !strcmp(verb, "secure")) {
		add_firmware(run, word, more, !strcmp(verb, "secure"));
	} else if (!strcmp(verb, "busy")) {
		add_busy(facts, word, more);
	} else if (!strcmp(verb, "usb")) {
		add_usb(facts, word, more);
	} else if (!strcmp(verb, "absent")) {
		strv_add(&facts->absent, word);
	} else if (!strcmp(verb, "rust")) {
		facts->virtiofsd_kind = *word ? VIRTIOFSD_RUST_MAPS : VIRTIOFSD_RUST;
	} else if (!strcmp(verb, "user")) {
		facts->uid = facts->gid = (unsigned)strtoul(word, NULL, 10);
	} else if (!strcmp(verb, "run")) {
		drop(&facts->run);
		facts->run = mem_strdup(word);
	} else if (!strcmp(verb, "windowless")) {
		facts->qemu_windowless = true;
	} else if (!strcmp(verb, "seccomp")) {
		facts->qemu_seccomp = true;
	} else if (!strcmp(verb, "abilities")) {
		facts->qemu_abilities = (unsigned)strtoul(word, NULL, 0);
	} else if (!strcmp(verb, "kept")) {
		keep_format(facts, word, more);
	} else if (!strcmp(verb, "sysctl")) {
		facts->no_namespaces = mem_strdup(word);
	}
	free(verb);
	free(rest);
	free(word);
	free(more);
}

/* Files are looked at; everything else about the host is as the case says, not as it is here. */
static void write_down_host(struct argv_case *run, const struct vm_spec *spec, const struct scene *scene)
{
	struct host_facts *facts = &run->facts;

	for (size_t i = 0; i < facts->firmware_count; i++) {
		free(facts->firmwares[i].code);
		free(facts->firmwares[i].vars);
		free(facts->firmwares[i].origin);
	}
	for (size_t i = 0; i < facts->busy_count; i++)
		free(facts->busy[i].holder);
	facts->firmware_count = facts->busy_count = 0;
	strv_finish(&facts->absent);
	usb_devices_finish(&facts->usb);
	facts->arch = ARCH_X86_64;
	facts->arch_known = facts->kvm_usable = facts->unprivileged_low_ports = true;
	drop(&facts->kvm_reason);
	drop(&facts->qemu);
	drop(&facts->qemu_img);
	drop(&facts->virtiofsd);
	facts->qemu = mem_strdup("given");
	facts->qemu_img = mem_strdup("/bin/qemu-img");
	facts->virtiofsd = mem_strdup("/lib/virtiofsd");
	facts->virtiofsd_kind = VIRTIOFSD_C;
	facts->uid = facts->gid = 0;
	drop(&facts->no_namespaces);
	facts->tun_error = 0;
	drop(&facts->run);
	facts->run = mem_strdup("/home/me/.local/state/paddock/run");
	drop(&facts->formats);
	facts->formats = mem_strdup("/home/me/.local/state/paddock/formats");
	facts->net_admin = true;
	facts->qemu_seccomp = facts->qemu_windowless = false;
	facts->qemu_abilities = QEMU_ABILITIES;
	for (size_t i = 0; i < scene->lines.count; i++)
		set_fact(run, scene->lines.items[i]);
	if (facts->qemu) {
		drop(&facts->qemu);
		facts->qemu = mem_printf("/bin/qemu-system-%s", vm_arch_name(layout_arch(spec, facts)));
	}
}

/* What was found on this host, put aside while the case says what its host has. */
static struct host_facts take_real(struct host_facts *facts)
{
	struct host_facts real = {
		.firmwares = facts->firmwares, .firmware_count = facts->firmware_count, .virtiofsd = facts->virtiofsd,
		.virtiofsd_kind = facts->virtiofsd_kind, .uid = facts->uid, .gid = facts->gid,
	};

	facts->firmwares = NULL;
	facts->firmware_count = 0;
	facts->virtiofsd = NULL;
	return real;
}

/* Programs and firmware are those of this host, and so is KVM where the case is about a host like it. */
static void make_real(struct host_facts *facts, struct host_facts *real, enum vm_arch arch)
{
	char *name = mem_printf("qemu-system-%s", vm_arch_name(arch));
	enum vm_arch here;

	drop(&facts->qemu);
	drop(&facts->qemu_img);
	drop(&facts->kvm_reason);
	drop(&facts->virtiofsd);
	for (size_t i = 0; i < facts->firmware_count; i++) {
		free(facts->firmwares[i].code);
		free(facts->firmwares[i].vars);
		free(facts->firmwares[i].origin);
	}
	free(facts->firmwares);
	facts->firmwares = real->firmwares;
	facts->firmware_count = real->firmware_count;
	facts->virtiofsd = real->virtiofsd;
	facts->virtiofsd_kind = real->virtiofsd_kind;
	facts->uid = real->uid;
	facts->gid = real->gid;
	facts->qemu = child_find(name);
	facts->qemu_img = child_find("qemu-img");
	facts->qemu_seccomp = facts->qemu && probe_needs_library(facts->qemu, "libseccomp.so");
	facts->qemu_abilities = facts->qemu ? probe_qemu_abilities(facts->qemu) : 0;
	facts->kvm_usable = probe_arch(&here) && here == facts->arch && probe_kvm(here, &facts->kvm_reason);
	free(name);
}

const char *argv_case_accel(const struct scene *scene)
{
	static const char prefix[] = "env LINUXKIT_QEMU_ACCEL=";

	for (size_t i = 0; i < scene->lines.count; i++)
		if (text_starts(scene->lines.items[i], prefix))
			return scene->lines.items[i] + strlen(prefix);
	return NULL;
}

static void read_words(struct argv_case *run)
{
	struct run_options options;
	struct error err;

	if (run->config.origin == CONFIG_PROFILE) {
		run->config.name = mem_strdup("web");
		return;
	}
	if (options_parse((int)run->words.count, run->words.items, &options, &err) == OPTIONS_OK)
		vm_config_copy(&run->config, &options.config);
	else
		run->refused = mem_strdup(err.text);
	run_options_finish(&options);
}

/*
 * What QEMU looks for in a kernel: the x86 boot protocol's mark and version
 * (Documentation/arch/x86/boot.rst), and more than the first words, which
 * s390x takes for a PSW.
 */
static void put_kernel(const char *path)
{
	unsigned char image[8192] = { 0 };

	image[0x1f1] = 4;			/* sectors of setup */
	memcpy(image + 0x202, "HdrS\x0c\x02", 6);	/* version 2.12 */
	memset(image + 0x22c, 0x37, 4);		/* where an initrd may end */
	scratch_put(path, image, sizeof(image), 0);
}

static void put_kernels(const struct argv_case *run, const struct scene *scene)
{
	for (size_t i = 0; i < scene->lines.count; i++) {
		char *path, *rest;

		cut(run, behind_verb(scene->lines.items[i]), &path, &rest);
		if (text_ends(path, "-kernel") && access(path, W_OK) == 0)
			put_kernel(path);
		free(path);
		free(rest);
	}
}

/* QEMU makes its machine and waits, with no window that a host without a display could not open. */
static void hold_still(struct argv_case *run)
{
	const char *gui = vm_config_get(&run->config, SET_GUI);
	bool window = false;
	struct error ignored;

	vm_config_add(&run->config, SET_ARG, "-S");
	if (!gui || !vm_switch_parse(gui, &window, &ignored) || !window)
		return;
	vm_config_add(&run->config, SET_ARG, "-display");
	vm_config_add(&run->config, SET_ARG, "none");
}

void argv_case_play(struct argv_case *run, const struct scene *scene, enum argv_host host)
{
	struct vm_spec spec = { 0 };
	struct host_facts real = { 0 };

	memset(run, 0, sizeof(*run));
	run->dir = scratch_new();
	vm_config_init(&run->config, CONFIG_COMMAND_LINE);
	for (size_t i = 0; i < scene->lines.count; i++)
		prepare_file(run, scene->lines.items[i]);
	strv_add(&run->words, "");
	strv_remove(&run->words, run->words.count - 1);	/* items is an argv even when empty */
	read_words(run);
	if (run->refused)
		return;
	if (host == ARGV_HOST_REAL) {
		put_kernels(run, scene);
		hold_still(run);
	}
	vm_spec_read(&run->config, argv_case_accel(scene), &spec, &run->problems);
	host_gather(&spec, host == ARGV_HOST_REAL, &run->facts, &run->problems);
	if (host == ARGV_HOST_REAL)
		real = take_real(&run->facts);
	write_down_host(run, &spec, scene);
	if (host == ARGV_HOST_REAL)
		make_real(&run->facts, &real, layout_arch(&spec, &run->facts));
	plan_build(&spec, &run->facts, &run->plan, &run->problems);
	vm_spec_finish(&spec);
}

void argv_case_finish(struct argv_case *run)
{
	scratch_free(run->dir);
	vm_config_finish(&run->config);
	strv_finish(&run->words);
	host_facts_finish(&run->facts);
	plan_finish(&run->plan);
	problems_finish(&run->problems);
	free(run->refused);
}

bool argv_case_stops(const struct argv_case *run)
{
	return run->refused || problems_stop(&run->problems, true);
}

bool argv_case_has(const struct scene *scene, const char *line)
{
	return strv_has(&scene->lines, line);
}

unsigned argv_case_files(const char *which, unsigned (*fn)(const char *path))
{
	const char *tests = getenv("PADDOCK_TESTS");
	char *dir = mem_printf("%s/golden/argv/%s", tests ? tests : "tests", which);
	const struct dirent *entry;
	unsigned sum = 0, files = 0;
	DIR *list = opendir(dir);

	must(list, dir);
	while ((entry = readdir(list)))
		if (text_ends(entry->d_name, ".txt")) {
			char *path = path_join(dir, entry->d_name);

			sum += fn(path);
			files++;
			free(path);
		}
	closedir(list);
	must(files > 0, dir);
	free(dir);
	return sum;
}
