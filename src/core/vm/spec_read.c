/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/number.h"
#include "core/base/path.h"
#include "core/base/quoted.h"
#include "core/vm/grammar.h"
#include "core/vm/spec_check.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* More than any QEMU machine supports; QEMU itself reports the limit of the machine. */
#define MAX_CPUS 4096
/* Size of sun_path without the NUL. */
#define SOCKET_PATH_MAX 107

/* Parses one value of a setting into the spec. */
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

static bool read_sandbox(struct vm_spec *spec, const char *text, struct error *err)
{
	spec->sandbox_given = vm_switch_parse(text, &spec->sandbox, err);
	return spec->sandbox_given;
}

static bool read_live(struct vm_spec *spec, const char *text, struct error *err)
{
	spec->live_given = vm_switch_parse(text, &spec->live, err);
	return spec->live_given;
}

enum when_empty {
	EMPTY_IS_UNSET,
	EMPTY_IS_READ,		/* passed to its reader, which rejects it */
	EMPTY_IS_KEPT,		/* read on a command line, unset in a profile */
};

/* What one value becomes, at an offset in struct vm_spec unless a function reads it. */
enum read_as { AS_NOTHING, AS_SWITCH, AS_PATH, AS_TEXT, AS_ITEM, AS_FUNCTION };

#define FIELD(as_, member) .as = as_, .field = offsetof(struct vm_spec, member)
#define FUNCTION(read_) .as = AS_FUNCTION, .read = read_

static const struct reader {
	enum read_as as;
	size_t field;
	read_fn *read;
	enum when_empty empty;
} readers[VM_SETTINGS] = {
	[SET_UUID]          = { FUNCTION(read_uuid) },
	[SET_DESCRIPTION]   = { .as = AS_NOTHING },
	[SET_ARCH]          = { FUNCTION(read_arch), .empty = EMPTY_IS_KEPT },
	[SET_CPUS]          = { FUNCTION(read_cpus), .empty = EMPTY_IS_KEPT },
	[SET_MEMORY]        = { FUNCTION(read_memory), .empty = EMPTY_IS_KEPT },
	[SET_CPU]           = { FUNCTION(read_cpu) },
	[SET_ACCEL]         = { FUNCTION(read_accel) },
	[SET_BOOT_MODE]     = { FUNCTION(read_boot_mode) },
	[SET_IMAGE]         = { FUNCTION(read_image) },
	[SET_UEFI]          = { FUNCTION(read_uefi) },
	[SET_FIRMWARE]      = { FUNCTION(read_firmware) },
	[SET_BOOT_BUS]      = { FUNCTION(read_boot_bus) },
	[SET_BOOT_FORMAT]   = { FUNCTION(read_boot_format) },
	[SET_NETWORK]       = { FUNCTION(vm_network_parse) },
	[SET_MAC]           = { FUNCTION(read_mac) },
	[SET_PUBLISH]       = { FUNCTION(read_port), .empty = EMPTY_IS_READ },
	[SET_DISK]          = { FUNCTION(read_disk), .empty = EMPTY_IS_READ },
	[SET_TRUST_BACKING] = { FIELD(AS_SWITCH, trust_backing) },
	[SET_FORCE_RAW]     = { FIELD(AS_SWITCH, force_raw) },
	[SET_SHARE]         = { FUNCTION(read_share), .empty = EMPTY_IS_READ },
	[SET_USB]           = { FIELD(AS_SWITCH, usb) },
	[SET_DEVICE]        = { FIELD(AS_ITEM, devices), .empty = EMPTY_IS_KEPT },
	[SET_LIVE]          = { FUNCTION(read_live) },
	[SET_GUI]           = { FIELD(AS_SWITCH, gui) },
	[SET_DATA]          = { FIELD(AS_TEXT, data) },
	[SET_DATA_FILE]     = { FIELD(AS_PATH, data_file) },
	[SET_NOCLOUD]       = { FIELD(AS_SWITCH, nocloud) },
	[SET_QEMU]          = { FIELD(AS_PATH, qemu) },
	[SET_VIRTIOFSD]     = { FUNCTION(read_virtiofsd) },
	[SET_QMP]           = { FUNCTION(read_qmp) },
	[SET_SANDBOX]       = { FUNCTION(read_sandbox) },
	[SET_ARG]           = { FIELD(AS_ITEM, args), .empty = EMPTY_IS_KEPT },
	[SET_STATE]         = { FIELD(AS_PATH, state) },
};

static bool read_value(struct vm_spec *spec, const struct reader *reader, const char *text, struct error *err)
{
	void *field = (char *)spec + reader->field;

	switch (reader->as) {
	case AS_NOTHING:
		break;
	case AS_SWITCH:
		return vm_switch_parse(text, field, err);
	case AS_PATH:
		return read_path(spec, text, field, err);
	case AS_TEXT:
		*(char **)field = mem_strdup(text);
		break;
	case AS_ITEM:
		strv_add(field, text);
		break;
	case AS_FUNCTION:
		return reader->read(spec, text, err);
	}
	return true;
}

static void read_setting(const struct vm_config *config, enum vm_setting setting, struct vm_spec *spec,
                         struct problems *problems)
{
	const struct strv *values = &config->value[setting];
	const struct reader *reader = &readers[setting];
	bool repeatable = setting_info(setting)->repeatable;
	bool unset = reader->empty == EMPTY_IS_UNSET || (reader->empty == EMPTY_IS_KEPT && spec->origin == CONFIG_PROFILE);
	struct error err;

	for (size_t i = 0; i < values->count; i++)
		if ((*values->items[i] || !unset) && !read_value(spec, reader, values->items[i], &err))
			problem_add(problems, PROBLEM_ERROR, setting, repeatable ? (int)i : -1, "%s", err.text);
}

void vm_spec_read(const struct vm_config *config, const char *environment_accel, struct vm_spec *out,
                  struct problems *problems)
{
	const char *given = vm_config_get(config, SET_ACCEL);
	bool from_environment = environment_accel && *environment_accel;
	struct error err;

	*out = (struct vm_spec){
		.name = mem_strdup(config->name ? config->name : ""),
		.origin = config->origin,
		.boot_excluded = config->boot_excluded,
		.cpus = 1,
		.memory_mib = 1024,
		.image = mem_strdup(""),
	};
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
