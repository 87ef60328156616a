/* SPDX-License-Identifier: MIT */
#include "ui/cli/option_table.h"

#include "core/base/nearest.h"

#define SETTING(set, group_, value_) \
	{ .takes = TAKES_VALUE, .group = group_, .use = OPTION_SETTING, .setting = set, .value = value_ }
/* A setting whose values never begin with a dash. */
#define WORD(set, group_, value_) \
	{ .takes = TAKES_WORD, .group = group_, .use = OPTION_SETTING, .setting = set, .value = value_ }
#define SWITCH(set, group_) { .takes = TAKES_SWITCH, .group = group_, .use = OPTION_SETTING, .setting = set }
#define MODE(mode_, name_, meaning_) \
	{ .takes = TAKES_SWITCH, .group = "Boot", .use = OPTION_MODE, .mode = mode_, .name = name_, .meaning = meaning_ }

static const struct cli_option options[] = {
	MODE(BOOT_ISO, "--iso", "PATH is an ISO (default: detected)"),
	MODE(BOOT_KERNEL, "--kernel", "PATH is the prefix of PATH-kernel, PATH-initrd.img and PATH-cmdline"),
	MODE(BOOT_SQUASHFS, "--squashfs", "PATH is the prefix of PATH-kernel, PATH-squashfs.img and PATH-cmdline"),
	SWITCH(SET_UEFI, "Boot"),
	SETTING(SET_FIRMWARE, "Boot", "FILE"),
	SETTING(SET_BOOT_BUS, "Boot", "BUS"),
	SETTING(SET_BOOT_FORMAT, "Boot", "FORMAT"),

	WORD(SET_CPUS, "Machine", "N"),
	WORD(SET_MEMORY, "Machine", "SIZE"),
	WORD(SET_ARCH, "Machine", "ARCH"),
	WORD(SET_CPU, "Machine", "MODEL"),
	WORD(SET_ACCEL, "Machine", "LIST"),
	WORD(SET_UUID, "Machine", "UUID"),

	SETTING(SET_DISK, "Disks", "DISK"),
	SWITCH(SET_TRUST_BACKING, "Disks"),
	SWITCH(SET_FORCE_RAW, "Disks"),

	WORD(SET_NETWORK, "Network", "MODE"),
	WORD(SET_MAC, "Network", "ADDRESS"),
	WORD(SET_PUBLISH, "Network", "PORT"),

	SETTING(SET_DATA, "Metadata", "TEXT"),
	SETTING(SET_DATA_FILE, "Metadata", "FILE"),
	SWITCH(SET_NOCLOUD, "Metadata"),

	SETTING(SET_SHARE, "Sharing", "DIRECTORY"),
	SETTING(SET_VIRTIOFSD, "Sharing", "PROGRAM"),

	SWITCH(SET_USB, "Devices"),
	SETTING(SET_DEVICE, "Devices", "DEVICE"),
	SWITCH(SET_GUI, "Devices"),

	SETTING(SET_STATE, "Running", "DIRECTORY"),
	{ .takes = TAKES_SWITCH, .group = "Running", .use = OPTION_DETACHED, .name = "--detached",
	  .meaning = "leave the machine running and return when it has started" },
	{ .takes = TAKES_VALUE, .group = "Running", .use = OPTION_TIMEOUT, .name = "--timeout", .value = "SECONDS",
	  .meaning = "how long --detached waits (default: until it runs)" },
	{ .takes = TAKES_SWITCH, .group = "Running", .use = OPTION_RM, .name = "--rm",
	  .meaning = "shut the machine down when this command ends, however it ends" },
	{ .takes = TAKES_VALUE, .group = "Running", .use = OPTION_SAVE, .name = "--save", .value = "NAME",
	  .meaning = "save these options as a profile and start it" },
	{ .takes = TAKES_SWITCH, .group = "Running", .use = OPTION_RAW, .name = "--raw",
	  .meaning = "pass all bytes to a terminal, including harmful ones" },
	SETTING(SET_QEMU, "Running", "PROGRAM"),
	SETTING(SET_ARG, "Running", "ARGUMENT"),
	SETTING(SET_QMP, "Running", "SOCKET"),
	SWITCH(SET_SANDBOX, "Running"),
	{ .takes = TAKES_NUMBER, .group = "Running", .use = OPTION_VERBOSE, .name = "--verbose", .letter = "-v",
	  .meaning = "print more; a number may follow" },
	{ .takes = TAKES_SWITCH, .group = "Running", .use = OPTION_QUIET, .name = "--quiet", .letter = "-q",
	  .meaning = "print only errors" },
	{ .takes = TAKES_NOTHING, .group = "Running", .use = OPTION_HELP, .name = "--help", .letter = "-h", .meaning = "print this help" },
	{ .takes = OPTIONS_END },
};

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

const struct option_set *run_options_known(void)
{
	static const struct option_set set = {
		.options = options, .synonyms = synonyms, .hint = "see --help, or pass it to QEMU with --arg=ARGUMENT",
	};

	return &set;
}
