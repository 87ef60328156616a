/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_SPEC_H
#define CORE_VM_SPEC_H

#include "core/vm/config.h"
#include "core/vm/problem.h"

#include <stdint.h>

/*
 * A configuration read and checked as far as that goes without looking at
 * the host: numbers are numbers, grammars are parsed, names are known.
 * Pure. Strings are the spec's own.
 */
enum vm_arch { ARCH_X86_64, ARCH_AARCH64, ARCH_S390X, ARCH_RISCV64, VM_ARCHES };
enum boot_mode { BOOT_AUTO, BOOT_DISK, BOOT_ISO, BOOT_KERNEL, BOOT_SQUASHFS, BOOT_MODES };
enum net_mode { NET_USER, NET_TAP, NET_BRIDGE, NET_NONE };

struct vm_disk {
	char *path;		/* NULL: disk[N].img in the state directory */
	uint64_t size_mib;	/* 0: none given */
	char *format;		/* NULL: none given */
	char *bus;		/* ide virtio scsi nvme; NULL: as the reference chooses */
};

struct vm_port {
	char address[16];	/* IPv4, "" for every interface */
	unsigned host, guest;	/* 1..65535 */
	bool udp;
};

struct vm_share {
	char *path;
	char *tag;		/* NULL: virtiofsN */
};

struct vm_spec {
	char *name;
	enum config_origin origin;
	unsigned boot_excluded;

	char *uuid;		/* lower case, NULL: kept in the state directory */
	bool arch_given;
	enum vm_arch arch;	/* valid if arch_given */
	unsigned cpus;
	uint64_t memory_mib;
	char *cpu;		/* NULL: auto */
	char *accel;		/* NULL: auto */
	bool accel_empty;	/* given, but empty: no accel= at all unless the environment says */

	enum boot_mode boot;
	char *image;		/* as given, ~/ expanded; never NULL ("" when missing) */
	bool uefi;
	bool uefi_given;	/* somebody said yes or no */
	char *firmware;		/* NULL: auto */
	char *boot_bus;		/* NULL: the machine's default */
	char *boot_format;	/* NULL: auto */

	enum net_mode net;
	char *ifname;		/* tap or bridge */
	char *net_rest;		/* what follows "tap,NAME," unchanged; NULL: nothing */
	char *mac;		/* lower case with colons, NULL: kept in the state directory */
	struct vm_port *ports;
	size_t port_count;

	struct vm_disk *disks;
	size_t disk_count;
	bool trust_backing;	/* backing files may be outside the directory of the image */
	bool force_raw;		/* what is not a disk by its content is a raw one */
	struct vm_share *shares;
	size_t share_count;

	bool usb, gui;
	struct strv devices;
	char *data;		/* NULL: none */
	char *data_file;	/* NULL: none */
	bool nocloud;

	char *qemu;		/* NULL: from PATH */
	char *virtiofsd;	/* NULL: looked for */
	char *qmp;		/* NULL: no second socket */
	bool sandbox_given, sandbox;	/* sandbox: valid if given; else where QEMU can */
	struct strv args;
	char *state;		/* as given, ~/ expanded; NULL: beside the image */
};

void vm_spec_finish(struct vm_spec *);	/* zeroed is fine, leaves it zeroed */

/*
 * Every problem is appended; the spec is filled as far as it can be, so that
 * it can be looked at further even when something is wrong. environment_accel
 * is LINUXKIT_QEMU_ACCEL's value or NULL (D08: option, variable, default).
 */
void vm_spec_read(const struct vm_config *, const char *environment_accel,
                  struct vm_spec *out, struct problems *);

/* One value of one setting, for a field while it is typed; false and the reason if wrong. */
bool vm_value_check(enum vm_setting, const char *text, struct error *);

/* The grammars of paddock.5: one parser for profiles, forms and the command line. `,,` is a comma in a path. */
bool vm_disk_parse(const char *text, struct vm_disk *out, struct error *);
char *vm_disk_format(const struct vm_disk *);		/* parse(format(x)) is x */
void vm_disk_finish(struct vm_disk *);
bool vm_port_parse(const char *text, struct vm_port *out, struct error *);
char *vm_port_format(const struct vm_port *);
bool vm_share_parse(const char *text, struct vm_share *out, struct error *);
char *vm_share_format(const struct vm_share *);
void vm_share_finish(struct vm_share *);
/* "2", "512M", "1T": default_unit is 'M' or 'G' for a bare number; to MiB, > 0 */
bool vm_size_parse(const char *text, char default_unit, uint64_t *mib, struct error *);
char *vm_size_format(uint64_t mib);			/* "512M", "4G", "1T": the largest unit that is whole */
/*
 * 6 bytes, unicast, not zero: pairs with ':' or '-' between, or three fours with '.';
 * out gets lower case with colons. Blanks around are trimmed.
 */
bool vm_mac_parse(const char *text, char out[18], struct error *);
/* A UUID in any case, with dashes; out gets lower case. */
bool vm_uuid_parse(const char *text, char out[37], struct error *);

const char *vm_arch_name(enum vm_arch);			/* "x86_64" */
bool vm_arch_parse(const char *name, enum vm_arch *out);	/* QEMU's names only */
const char *boot_mode_name(enum boot_mode);

#endif
