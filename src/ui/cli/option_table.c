/* SPDX-License-Identifier: MIT */
#include "ui/cli/option_table.h"

#include "core/base/nearest.h"

#include <string.h>

#define SETTING(set, group_, value_) { .group = group_, .kind = OPTION_VALUE, .setting = set, .value = value_ }
#define SWITCH(set, group_) { .group = group_, .kind = OPTION_SWITCH, .setting = set }
#define MODE(mode_, name_, meaning_) \
	{ .group = "Boot", .kind = OPTION_MODE, .mode = mode_, .name = name_, .meaning = meaning_ }

static const struct option_row rows[] = {
	MODE(BOOT_ISO, "--iso", "PATH is an ISO (default: detected)"),
	MODE(BOOT_KERNEL, "--kernel", "PATH is the prefix of PATH-kernel, PATH-initrd.img and PATH-cmdline"),
	MODE(BOOT_SQUASHFS, "--squashfs", "PATH is the prefix of PATH-kernel, PATH-squashfs.img and PATH-cmdline"),
	SWITCH(SET_UEFI, "Boot"),
	SETTING(SET_FIRMWARE, "Boot", "FILE"),
	SETTING(SET_BOOT_BUS, "Boot", "BUS"),
	SETTING(SET_BOOT_FORMAT, "Boot", "FORMAT"),

	SETTING(SET_CPUS, "Machine", "N"),
	SETTING(SET_MEMORY, "Machine", "SIZE"),
	SETTING(SET_ARCH, "Machine", "ARCH"),
	SETTING(SET_CPU, "Machine", "MODEL"),
	SETTING(SET_ACCEL, "Machine", "LIST"),
	SETTING(SET_UUID, "Machine", "UUID"),

	SETTING(SET_DISK, "Disks", "DISK"),
	SWITCH(SET_TRUST_BACKING, "Disks"),
	SWITCH(SET_FORCE_RAW, "Disks"),

	SETTING(SET_NETWORK, "Network", "MODE"),
	SETTING(SET_MAC, "Network", "ADDRESS"),
	SETTING(SET_PUBLISH, "Network", "PORT"),

	SETTING(SET_DATA, "Metadata", "TEXT"),
	SETTING(SET_DATA_FILE, "Metadata", "FILE"),
	SWITCH(SET_NOCLOUD, "Metadata"),

	SETTING(SET_SHARE, "Sharing", "DIRECTORY"),
	SETTING(SET_VIRTIOFSD, "Sharing", "PROGRAM"),

	SWITCH(SET_USB, "Devices"),
	SETTING(SET_DEVICE, "Devices", "DEVICE"),
	SWITCH(SET_GUI, "Devices"),

	SETTING(SET_STATE, "Running", "DIRECTORY"),
	{ .group = "Running", .kind = OPTION_DETACHED, .name = "--detached",
	  .meaning = "leave the machine running and return when it has started" },
	{ .group = "Running", .kind = OPTION_TIMEOUT, .name = "--timeout", .value = "SECONDS",
	  .meaning = "how long --detached waits (default: until it runs)" },
	{ .group = "Running", .kind = OPTION_RM, .name = "--rm",
	  .meaning = "shut the machine down when this command ends, however it ends" },
	{ .group = "Running", .kind = OPTION_SAVE, .name = "--save", .value = "NAME",
	  .meaning = "save these options as a profile and start it" },
	{ .group = "Running", .kind = OPTION_RAW, .name = "--raw",
	  .meaning = "pass all bytes to a terminal, including harmful ones" },
	SETTING(SET_QEMU, "Running", "PROGRAM"),
	SETTING(SET_ARG, "Running", "ARGUMENT"),
	SETTING(SET_QMP, "Running", "SOCKET"),
	SWITCH(SET_SANDBOX, "Running"),
	{ .group = "Running", .kind = OPTION_VERBOSE, .name = "--verbose", .letter = "-v",
	  .meaning = "print more; a number may follow" },
	{ .group = "Running", .kind = OPTION_QUIET, .name = "--quiet", .letter = "-q",
	  .meaning = "print only errors" },
	{ .group = "Running", .kind = OPTION_HELP, .name = "--help", .letter = "-h", .meaning = "print this help" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct option_row *option_rows(size_t *count)
{
	*count = ROWS;
	return rows;
}

const char *option_row_name(const struct option_row *row)
{
	return row->name ? row->name : setting_info(row->setting)->option;
}

/* "-mem" means "--mem": the reference's documentation and tests use one dash (D45). */
bool option_is_called(const char *name, const char *letter, const char *word, size_t len)
{
	if (letter && len == strlen(letter) && strncmp(word, letter, len) == 0)
		return true;
	if (len > 1 && word[1] != '-')
		name++;
	return len == strlen(name) && strncmp(word, name, len) == 0;
}

const struct option_row *option_find(const char *word, size_t len)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (option_is_called(option_row_name(&rows[i]), rows[i].letter, word, len))
			return &rows[i];
	}
	return NULL;
}

/* Options of QEMU, docker and similar programs. */
static const struct synonym synonyms[] = {
	{ "m", "--mem" }, { "ram", "--mem" }, { "memory", "--mem" },
	{ "smp", "--cpus" }, { "c", "--cpus" }, { "vcpu", "--cpus" }, { "vcpus", "--cpus" },
	{ "hda", "--disk" }, { "hdb", "--disk" }, { "drive", "--disk" }, { "disk-size", "--disk size=SIZE" },
	{ "cdrom", "the ISO as PATH, and the disk as --disk FILE" }, { "append", "the file PATH-cmdline" }, { "cmdline", "the file PATH-cmdline" },
	{ "initrd", "the file PATH-initrd.img" },
	{ "p", "--publish" }, { "port", "--publish" }, { "ports", "--publish" }, { "hostfwd", "--publish" },
	{ "net", "--networking" }, { "netdev", "--networking" }, { "nic", "--networking" },
	{ "volume", "--virtiofs" }, { "share", "--virtiofs" }, { "shared", "--virtiofs" }, { "virtfs", "--virtiofs" },
	{ "bus", "--boot-bus" }, { "format", "--boot-format" }, { "bios", "--fw" }, { "firmware", "--fw" }, { "pflash", "--fw" }, { "efi", "--uefi" },
	{ "d", "--detached" }, { "daemonize", "--detached" }, { "background", "--detached" },
	{ "kvm", "--accel kvm" }, { "enable-kvm", "--accel kvm" },
	{ "M", "--arg=-machine --arg=TYPE" }, { "machine", "--arg=-machine --arg=TYPE" },
	{ "nographic", "--gui=false" }, { "display", "--gui" }, { "vga", "--gui --arg=-vga --arg=CARD" },
	{ "boot", "--arg=-boot --arg=ORDER" }, { "tap", "--networking tap,NAME" }, { "bridge", "--networking bridge,NAME" },
	{ "forward", "--publish" }, { "redir", "--publish" }, { "ssh-port", "--publish PORT:22" },
	{ "size", "--disk size=SIZE" }, { "name", "--save NAME" }, { "cores", "--cpus" }, { "emulator", "--qemu" },
	{ "snapshot", "--arg=-snapshot" }, { "args", "--arg" }, { "qemu-arg", "--arg" }, { "qemu-args", "--arg" },
	{ "user-data", "--nocloud --data-file FILE" }, { "cloud-init", "--nocloud --data-file FILE" }, { "metadata", "--data" },
	{ NULL, NULL },
};

const char *option_nearest(const char *name)
{
	const char *meant = synonym_of(synonyms, name);
	struct nearest nearest = nearest_to(name);

	if (meant)
		return meant;

	for (size_t i = 0; i < ROWS; i++)
		nearest_try(&nearest, option_row_name(&rows[i]) + 2);
	for (size_t i = 0; i < ROWS && nearest.best; i++) {
		if (option_row_name(&rows[i]) + 2 == nearest.best)
			return option_row_name(&rows[i]);
	}
	return NULL;
}
