/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/vm/grammar.h"
#include "core/vm/spec_check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* More than any QEMU machine supports; QEMU itself reports the limit of the machine. */
#define MAX_CPUS 4096
/* Size of sun_path without the NUL. */
#define SOCKET_PATH_MAX 107

/* Each setting has a reader, which parses one value into the spec. */
typedef bool read_fn(struct vm_spec *, const char *text, struct error *);

static bool read_uuid(struct vm_spec *spec, const char *text, struct error *err)
{
	char uuid[37];

	if (!vm_uuid_parse(text, uuid, err))
		return false;
	spec->uuid = mem_strdup(uuid);
	return true;
}

static bool read_arch(struct vm_spec *spec, const char *text, struct error *err)
{
	static const struct {
		const char *other;
		enum vm_arch arch;
	} others[] = {
		{ "amd64", ARCH_X86_64 }, { "x86-64", ARCH_X86_64 }, { "x64", ARCH_X86_64 }, { "arm64", ARCH_AARCH64 },
		{ "riscv", ARCH_RISCV64 }, { "s390", ARCH_S390X }, { "x86", ARCH_X86_64 }, { "i386", ARCH_X86_64 },
		{ "armv8", ARCH_AARCH64 }, { "x86_64", ARCH_X86_64 }, { "aarch64", ARCH_AARCH64 }, { "riscv64", ARCH_RISCV64 },
		{ "s390x", ARCH_S390X },
	};

	spec->arch_given = vm_arch_parse(text, &spec->arch);
	if (spec->arch_given)
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcasecmp(text, others[i].other) == 0)
			return error_set(err, "%s is not a known architecture; use %s", quoted(text).text, vm_arch_name(others[i].arch));
	}
	return error_set(err, "%s is not one of x86_64, aarch64, s390x, riscv64", quoted(text).text);
}

static bool read_cpus(struct vm_spec *spec, const char *text, struct error *err)
{
	uint64_t number;

	/* As with sizes, "+2" means 2. */
	if (!number_parse(text + (*text == '+'), 1, MAX_CPUS, &number, err))
		return error_set(err, "%s is not a number from 1 to %d", quoted(text).text, MAX_CPUS);
	spec->cpus = (unsigned)number;
	return true;
}

static bool read_memory(struct vm_spec *spec, const char *text, struct error *err)
{
	uint64_t mib;

	if (!vm_size_parse(text, 'M', &mib, err))
		return false;
	spec->memory_mib = mib;
	return true;
}

static bool read_cpu(struct vm_spec *spec, const char *text, struct error *err)
{
	if (text[strcspn(text, " \t\r\n\v\f")])
		return error_set(err, "%s is not a CPU model; it must not contain spaces", quoted(text).text);
	if (text[0] == ',' || text[0] == '-')
		return error_set(err, "%s does not begin with the name of a CPU model", quoted(text).text);
	if (strcmp(text, "auto") != 0)
		spec->cpu = mem_strdup(text);
	return true;
}

static bool read_accel(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_accel_parse(text, &spec->accel, err);
}

static bool read_boot_mode(struct vm_spec *spec, const char *text, struct error *err)
{
	for (int mode = 0; mode < BOOT_MODES; mode++) {
		if (strcmp(text, boot_mode_name((enum boot_mode)mode)) == 0) {
			spec->boot = (enum boot_mode)mode;
			return true;
		}
	}
	return error_set(err, "%s is not one of auto, disk, iso, kernel, squashfs", quoted(text).text);
}

static bool no_home(const char *path, struct error *err)
{
	return error_set(err, "cannot expand %s, as you have no home directory; set HOME or write an absolute path", quoted(path).text);
}

/* A path in a profile must not depend on the working directory; on a command line, the shell has expanded ~. */
static bool read_path(const struct vm_spec *spec, const char *text, char **out, struct error *err)
{
	bool home = text[0] == '~' && (text[1] == '/' || !text[1]);

	*out = NULL;
	if (spec->origin == CONFIG_PROFILE && text[0] != '/' && !home)
		return error_set(err, "%s is a relative path; write one that begins with / or ~/", quoted(text).text);
	if (spec->origin == CONFIG_PROFILE && path_lacks_home(text))
		return no_home(text, err);
	*out = spec->origin == CONFIG_PROFILE ? path_expand(text) : mem_strdup(text);
	return true;
}

static bool read_image(struct vm_spec *spec, const char *text, struct error *err)
{
	char *image;

	if (!read_path(spec, text, &image, err))
		return false;
	free(spec->image);
	spec->image = image;
	return true;
}

static bool read_uefi(struct vm_spec *spec, const char *text, struct error *err)
{
	spec->uefi_given = true;
	return vm_switch_parse(text, &spec->uefi, err);
}

static bool read_firmware(struct vm_spec *spec, const char *text, struct error *err)
{
	if (strcmp(text, "auto") == 0)
		return true;
	return read_path(spec, text, &spec->firmware, err);
}

static bool read_boot_bus(struct vm_spec *spec, const char *text, struct error *err)
{
	if (strcmp(text, "auto") == 0)
		return true;
	if (!vm_bus_check(text, err))
		return false;
	spec->boot_bus = mem_strdup(text);
	return true;
}

static bool read_boot_format(struct vm_spec *spec, const char *text, struct error *err)
{
	if (strcmp(text, "auto") == 0)
		return true;
	if (!vm_image_format_check(text, err))
		return false;
	spec->boot_format = mem_strdup(text);
	return true;
}

static bool read_mac(struct vm_spec *spec, const char *text, struct error *err)
{
	char mac[18];

	if (strcmp(text, "auto") == 0)
		return true;
	if (!vm_mac_parse(text, mac, err))
		return false;
	spec->mac = mem_strdup(mac);
	return true;
}

static bool read_port(struct vm_spec *spec, const char *text, struct error *err)
{
	struct vm_port port;

	if (!vm_port_parse(text, &port, err))
		return false;
	spec->ports = mem_resize(spec->ports, spec->port_count + 1, sizeof(port));
	spec->ports[spec->port_count++] = port;
	return true;
}

/* An invalid disk is still added, empty, because the numbers and default names of the others depend on its place. */
static bool read_disk(struct vm_spec *spec, const char *text, struct error *err)
{
	struct vm_disk disk;
	bool good = vm_disk_parse(text, &disk, err);

	if (disk.path && spec->origin == CONFIG_PROFILE) {
		good = good && (!path_lacks_home(disk.path) || no_home(disk.path, err));

		char *path = path_expand(disk.path);

		free(disk.path);
		disk.path = path;
	}
	spec->disks = mem_resize(spec->disks, spec->disk_count + 1, sizeof(disk));
	spec->disks[spec->disk_count++] = disk;
	return good;
}

static bool read_share(struct vm_spec *spec, const char *text, struct error *err)
{
	struct vm_share share;
	char *path;

	if (!vm_share_parse(text, &share, err))
		return false;
	if (!read_path(spec, share.path, &path, err)) {
		vm_share_finish(&share);
		return false;
	}
	free(share.path);
	share.path = path;
	spec->shares = mem_resize(spec->shares, spec->share_count + 1, sizeof(share));
	spec->shares[spec->share_count++] = share;
	return true;
}

static bool read_usb(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_switch_parse(text, &spec->usb, err);
}

static bool read_gui(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_switch_parse(text, &spec->gui, err);
}

static bool read_device(struct vm_spec *spec, const char *text, struct error *err)
{
	(void)err;
	strv_add(&spec->devices, text);
	return true;
}

static bool read_data(struct vm_spec *spec, const char *text, struct error *err)
{
	(void)err;
	spec->data = mem_strdup(text);
	return true;
}

static bool read_data_file(struct vm_spec *spec, const char *text, struct error *err)
{
	return read_path(spec, text, &spec->data_file, err);
}

static bool read_nocloud(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_switch_parse(text, &spec->nocloud, err);
}

static bool read_qemu(struct vm_spec *spec, const char *text, struct error *err)
{
	return read_path(spec, text, &spec->qemu, err);
}

/* A name without a slash is searched for in PATH. */
static bool read_virtiofsd(struct vm_spec *spec, const char *text, struct error *err)
{
	if (!strchr(text, '/') && text[0] != '~') {
		spec->virtiofsd = mem_strdup(text);
		return true;
	}
	return read_path(spec, text, &spec->virtiofsd, err);
}

static bool read_qmp(struct vm_spec *spec, const char *text, struct error *err)
{
	char *path;

	if (!read_path(spec, text, &path, err))
		return false;
	assert(path);
	if (strlen(path) > SOCKET_PATH_MAX) {
		free(path);
		return error_set(err, "the socket path is %zu bytes long; the limit is %d", strlen(text), SOCKET_PATH_MAX);
	}
	spec->qmp = path;
	return true;
}

static bool read_trust_backing(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_switch_parse(text, &spec->trust_backing, err);
}

static bool read_force_raw(struct vm_spec *spec, const char *text, struct error *err)
{
	return vm_switch_parse(text, &spec->force_raw, err);
}

static bool read_sandbox(struct vm_spec *spec, const char *text, struct error *err)
{
	spec->sandbox_given = vm_switch_parse(text, &spec->sandbox, err);
	return spec->sandbox_given;
}

static bool read_arg(struct vm_spec *spec, const char *text, struct error *err)
{
	(void)err;
	strv_add(&spec->args, text);
	return true;
}

static bool read_state(struct vm_spec *spec, const char *text, struct error *err)
{
	return read_path(spec, text, &spec->state, err);
}

static bool read_nothing(struct vm_spec *spec, const char *text, struct error *err)
{
	(void)spec, (void)text, (void)err;
	return true;
}

enum when_empty {
	EMPTY_IS_UNSET,
	EMPTY_IS_READ,		/* passed to its reader, which rejects it */
	EMPTY_IS_KEPT,		/* read on a command line, unset in a profile */
};

static const struct {
	read_fn *read;
	enum when_empty empty;
} readers[VM_SETTINGS] = {
	[SET_UUID]        = { .read = read_uuid },
	[SET_DESCRIPTION] = { .read = read_nothing },
	[SET_ARCH]        = { .read = read_arch, .empty = EMPTY_IS_KEPT },
	[SET_CPUS]        = { .read = read_cpus, .empty = EMPTY_IS_KEPT },
	[SET_MEMORY]      = { .read = read_memory, .empty = EMPTY_IS_KEPT },
	[SET_CPU]         = { .read = read_cpu },
	[SET_ACCEL]       = { .read = read_accel },
	[SET_BOOT_MODE]   = { .read = read_boot_mode },
	[SET_IMAGE]       = { .read = read_image },
	[SET_UEFI]        = { .read = read_uefi },
	[SET_FIRMWARE]    = { .read = read_firmware },
	[SET_BOOT_BUS]    = { .read = read_boot_bus },
	[SET_BOOT_FORMAT] = { .read = read_boot_format },
	[SET_NETWORK]     = { .read = vm_network_parse },
	[SET_MAC]         = { .read = read_mac },
	[SET_PUBLISH]     = { .read = read_port, .empty = EMPTY_IS_READ },
	[SET_DISK]        = { .read = read_disk, .empty = EMPTY_IS_READ },
	[SET_TRUST_BACKING] = { .read = read_trust_backing },
	[SET_FORCE_RAW]   = { .read = read_force_raw },
	[SET_SHARE]       = { .read = read_share, .empty = EMPTY_IS_READ },
	[SET_USB]         = { .read = read_usb },
	[SET_DEVICE]      = { .read = read_device, .empty = EMPTY_IS_KEPT },
	[SET_GUI]         = { .read = read_gui },
	[SET_DATA]        = { .read = read_data },
	[SET_DATA_FILE]   = { .read = read_data_file },
	[SET_NOCLOUD]     = { .read = read_nocloud },
	[SET_QEMU]        = { .read = read_qemu },
	[SET_VIRTIOFSD]   = { .read = read_virtiofsd },
	[SET_QMP]         = { .read = read_qmp },
	[SET_SANDBOX]     = { .read = read_sandbox },
	[SET_ARG]         = { .read = read_arg, .empty = EMPTY_IS_KEPT },
	[SET_STATE]       = { .read = read_state },
};

static void read_setting(const struct vm_config *config, enum vm_setting setting, struct vm_spec *spec,
                         struct problems *problems)
{
	const struct strv *values = &config->value[setting];
	bool repeatable = setting_info(setting)->repeatable;
	enum when_empty empty = readers[setting].empty;
	bool unset = empty == EMPTY_IS_UNSET || (empty == EMPTY_IS_KEPT && spec->origin == CONFIG_PROFILE);
	struct error err;

	for (size_t i = 0; i < values->count; i++) {
		if ((*values->items[i] || !unset) && !readers[setting].read(spec, values->items[i], &err))
			problem_add(problems, PROBLEM_ERROR, setting, repeatable ? (int)i : -1, "%s", err.text);
	}
}

void vm_spec_read(const struct vm_config *config, const char *environment_accel, struct vm_spec *out,
                  struct problems *problems)
{
	*out = (struct vm_spec){
		.name = mem_strdup(config->name ? config->name : ""),
		.origin = config->origin,
		.boot_excluded = config->boot_excluded,
		.cpus = 1,
		.memory_mib = 1024,
		.image = mem_strdup(""),
	};
	const char *given = vm_config_get(config, SET_ACCEL);
	bool from_environment = environment_accel && *environment_accel;
	struct error err;

	for (int i = 0; i < VM_SETTINGS; i++)
		read_setting(config, (enum vm_setting)i, out, problems);
	/* D08: the option comes first, then the environment, then the default. An empty value counts as not set. */
	if (!given || !*given) {
		out->accel_empty = given && config->origin == CONFIG_COMMAND_LINE && !from_environment;
		if (from_environment && !vm_accel_parse(environment_accel, &out->accel, &err))
			problem_add(problems, PROBLEM_ERROR, SET_ACCEL, -1, "LINUXKIT_QEMU_ACCEL: %s", err.text);
	}
	vm_spec_check(config, out, problems);
}

bool vm_value_check(enum vm_setting setting, const char *text, struct error *err)
{
	struct vm_config config;
	struct vm_spec spec;
	struct problems problems = { 0 };

	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_add(&config, setting, text);
	vm_spec_read(&config, NULL, &spec, &problems);

	const struct problem *worst = problems_of(&problems, setting, -1);
	bool good = !worst || worst->severity == PROBLEM_WARNING;

	if (!good)
		error_set(err, "%s", worst->text);
	problems_finish(&problems);
	vm_spec_finish(&spec);
	vm_config_finish(&config);
	return good;
}
