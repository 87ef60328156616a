/* SPDX-License-Identifier: MIT */
#include "core/qemu/host/firmware.h"

#include "core/base/alloc.h"
#include "core/base/io.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/strv.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DESCRIPTOR_MAX (1U << 20)

struct known {
	enum vm_arch arch;
	const char *code;
	const char *vars;
};

static const struct known known_paths[] = {
	{ ARCH_X86_64, "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd" },
	{ ARCH_X86_64, "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd" },
	{ ARCH_X86_64, "/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd" },
	{ ARCH_X86_64, "/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd" },
	{ ARCH_X86_64, "/usr/share/qemu/ovmf-x86_64-code.bin", "/usr/share/qemu/ovmf-x86_64-vars.bin" },
	{ ARCH_X86_64, "/usr/share/qemu/edk2-x86_64-code.fd", "/usr/share/qemu/edk2-i386-vars.fd" },
	{ ARCH_X86_64, "/usr/share/ovmf/OVMF.fd", NULL },
	{ ARCH_X86_64, "/usr/share/ovmf/bios.bin", NULL },
	{ ARCH_AARCH64, "/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd" },
	{ ARCH_AARCH64, "/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw", "/usr/share/edk2/aarch64/vars-template-pflash.raw" },
	{ ARCH_AARCH64, "/usr/share/edk2/aarch64/QEMU_CODE.fd", "/usr/share/edk2/aarch64/QEMU_VARS.fd" },
	{ ARCH_AARCH64, "/usr/share/qemu/edk2-aarch64-code.fd", "/usr/share/qemu/edk2-arm-vars.fd" },
	{ ARCH_RISCV64, "/usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd", "/usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd" },
	{ ARCH_RISCV64, "/usr/share/edk2/riscv/RISCV_VIRT_CODE.fd", "/usr/share/edk2/riscv/RISCV_VIRT_VARS.fd" },
	{ ARCH_RISCV64, "/usr/share/qemu/edk2-riscv-code.fd", "/usr/share/qemu/edk2-riscv-vars.fd" },
};

static bool has_string(const json_t *list, const char *wanted)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		if (json_is_string(item) && !strcmp(json_string_value(item), wanted))
			return true;
	return false;
}

/* Returns true if the list contains a machine that paddock uses for this architecture, of any QEMU release. */
static bool fits_machine(const json_t *machines, enum vm_arch arch)
{
	const char *wanted = arch == ARCH_X86_64 ? "pc-q35-9.2" : "virt-9.2";
	const char *alias = arch == ARCH_X86_64 ? "q35" : "virt";
	size_t i;
	json_t *item;

	json_array_foreach(machines, i, item) {
		const char *pattern = json_string_value(item);

		if (pattern && (!fnmatch(pattern, wanted, 0) || !fnmatch(pattern, alias, 0)))
			return true;
	}
	return false;
}

static bool fits_target(const json_t *targets, enum vm_arch arch)
{
	size_t i;
	json_t *item;

	json_array_foreach(targets, i, item) {
		const char *name = json_string_value(json_object_get(item, "architecture"));

		if (name && !strcmp(name, vm_arch_name(arch)) && fits_machine(json_object_get(item, "machines"), arch))
			return true;
	}
	return false;
}

static const char *raw_file(const json_t *part)
{
	const char *format = json_string_value(json_object_get(part, "format"));

	if (!format || strcmp(format, "raw"))
		return NULL;
	return json_string_value(json_object_get(part, "filename"));
}

static bool read_mapping(const json_t *mapping, struct firmware *out)
{
	const char *device = json_string_value(json_object_get(mapping, "device"));
	const char *mode = json_string_value(json_object_get(mapping, "mode"));
	const char *code = raw_file(json_object_get(mapping, "executable"));
	const char *vars = raw_file(json_object_get(mapping, "nvram-template"));
	bool split = !mode || !strcmp(mode, "split");

	out->stateless = mode && !strcmp(mode, "stateless");
	if (!device || strcmp(device, "flash") || !code || (split && !vars))
		return false;
	out->code = mem_strdup(code);
	out->vars = split ? mem_strdup(vars) : NULL;
	return true;
}

bool firmware_parse(const char *text, size_t len, enum vm_arch arch, struct firmware *out)
{
	json_t *root = json_loadb(text, len, 0, NULL);
	const json_t *features = json_object_get(root, "features");
	bool good;

	memset(out, 0, sizeof(*out));
	good = has_string(json_object_get(root, "interface-types"), "uefi") &&
	       fits_target(json_object_get(root, "targets"), arch) &&
	       read_mapping(json_object_get(root, "mapping"), out);
	out->secure_boot = has_string(features, "secure-boot");
	out->enrolled = has_string(features, "enrolled-keys");
	out->smm = arch == ARCH_X86_64 && has_string(features, "requires-smm");
	json_decref(root);
	return good;
}

static bool on_host(const char *root, const char *path)
{
	char *full = mem_printf("%s%s", root, path);
	bool there = access(full, R_OK) == 0;

	free(full);
	return there;
}

/* Takes ownership of the strings of the firmware. */
static void add(struct host_facts *facts, const char *root, struct firmware *firmware)
{
	bool known = false;

	for (size_t i = 0; i < facts->firmware_count; i++)
		known |= text_equal(facts->firmwares[i].code, firmware->code);
	if (known || !on_host(root, firmware->code) || (firmware->vars && !on_host(root, firmware->vars))) {
		free(firmware->code);
		free(firmware->vars);
		free(firmware->origin);
		return;
	}
	facts->firmwares = mem_resize(facts->firmwares, facts->firmware_count + 1, sizeof(*facts->firmwares));
	facts->firmwares[facts->firmware_count++] = *firmware;
}

static void read_descriptor(const char *root, const char *path, enum vm_arch arch, struct host_facts *facts)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct firmware firmware;
	struct str text;

	str_init(&text);
	if (fd >= 0 && io_read(fd, DESCRIPTOR_MAX, &text) && firmware_parse(text.text, text.len, arch, &firmware)) {
		firmware.origin = mem_strdup(path + strlen(root));
		add(facts, root, &firmware);
	}
	if (fd >= 0)
		close(fd);
	str_finish(&text);
}

static void list_names(const char *directory, struct strv *names)
{
	DIR *dir = opendir(directory);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && text_ends(entry->d_name, ".json") && !strv_has(names, entry->d_name))
			strv_add(names, entry->d_name);
	closedir(dir);
}

static void search_descriptors(const char *root, enum vm_arch arch, struct host_facts *facts)
{
	struct strv directories = { 0 }, names = { 0 };

	if (!*root) {	/* the directory of the user, as QEMU's documentation defines it */
		const char *config = getenv("XDG_CONFIG_HOME");
		char *home = path_home();

		if (config && config[0] == '/')
			strv_addf(&directories, "%s/qemu/firmware", config);
		else if (home)
			strv_addf(&directories, "%s/.config/qemu/firmware", home);
		free(home);
	}
	strv_addf(&directories, "%s/etc/qemu/firmware", root);
	strv_addf(&directories, "%s/usr/local/share/qemu/firmware", root);
	strv_addf(&directories, "%s/usr/share/qemu/firmware", root);
	for (size_t i = 0; i < directories.count; i++)
		list_names(directories.items[i], &names);
	strv_sort(&names);
	for (size_t n = 0; n < names.count; n++)
		for (size_t i = 0; i < directories.count; i++) {
			char *path = mem_printf("%s/%s", directories.items[i], names.items[n]);
			bool there = access(path, F_OK) == 0;

			if (there)
				read_descriptor(root, path, arch, facts);
			free(path);
			if (there)
				break;
		}
	strv_finish(&directories);
	strv_finish(&names);
}

bool firmware_is_default(const struct firmware *firmware)
{
	return !firmware->enrolled && !firmware->smm && !firmware->stateless;
}

void firmware_search(const char *root, enum vm_arch arch, struct host_facts *facts)
{
	size_t placed = 0;

	search_descriptors(root, arch, facts);
	for (size_t i = 0; i < sizeof(known_paths) / sizeof(known_paths[0]); i++) {
		struct firmware firmware = {
			.code = mem_strdup(known_paths[i].code),
			.vars = mem_strdup(known_paths[i].vars),
			.origin = mem_strdup("known path"),
		};

		if (known_paths[i].arch == arch) {
			add(facts, root, &firmware);
			continue;
		}
		free(firmware.code);
		free(firmware.vars);
		free(firmware.origin);
	}

	/* A stable sort by rank: plain firmware, then what has Secure Boot, then what is used only on request. */
	for (unsigned wanted = 0; wanted <= 2; wanted++)
		for (size_t i = placed; i < facts->firmware_count; i++) {
			struct firmware found = facts->firmwares[i];
			unsigned rank = firmware_is_default(&found) ? found.secure_boot : 2;

			if (rank != wanted)
				continue;
			memmove(&facts->firmwares[placed + 1], &facts->firmwares[placed], (i - placed) * sizeof(found));
			facts->firmwares[placed++] = found;
		}
}
