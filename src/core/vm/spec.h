/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_SPEC_H
#define CORE_VM_SPEC_H

#include "core/vm/config.h"
#include "core/vm/problem.h"

#include <stdint.h>

/*
 * A configuration, parsed and checked as far as is possible without looking
 * at the host. Pure. The spec owns its strings.
 */
enum vm_arch { ARCH_X86_64, ARCH_AARCH64, ARCH_S390X, ARCH_RISCV64, VM_ARCHES };
enum boot_mode { BOOT_AUTO, BOOT_DISK, BOOT_ISO, BOOT_KERNEL, BOOT_SQUASHFS, BOOT_MODES };
enum net_mode { NET_USER, NET_TAP, NET_BRIDGE, NET_NONE };

struct vm_disk {
	char *path;		/* NULL: disk[N].img in the state directory */
	uint64_t size_mib;	/* 0: not given */
	char *format;		/* NULL: not given */
	char *bus;		/* ide, virtio, scsi or nvme; NULL: as the reference chooses */
};

struct vm_port {
	char address[16];	/* IPv4; "" for all interfaces */
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

	char *uuid;		/* in lower case; NULL: from the state directory */
	bool arch_given;
	enum vm_arch arch;	/* valid if arch_given */
	unsigned cpus;
	uint64_t memory_mib;
	char *cpu;		/* NULL: auto */
	char *accel;		/* NULL: auto */
	bool accel_empty;	/* given but empty: pass no accel= unless the environment sets one */

	enum boot_mode boot;
	char *image;		/* as given, with ~/ expanded; "" if missing, never NULL */
	bool uefi;
	bool uefi_given;	/* set to yes or no explicitly */
	char *firmware;		/* NULL: auto */
	char *boot_bus;		/* NULL: the machine's default */
	char *boot_format;	/* NULL: auto */

	enum net_mode net;
	char *ifname;		/* tap or bridge */
	char *net_rest;		/* the text after "tap,NAME,", unchanged; NULL if there is none */
	char *mac;		/* in lower case with colons; NULL: from the state directory */
	struct vm_port *ports;
	size_t port_count;

	struct vm_disk *disks;
	size_t disk_count;
	bool trust_backing;	/* allow backing files outside the directory of the image */
	bool force_raw;		/* use a file whose content is not that of a disk as a raw disk */
	struct vm_share *shares;
	size_t share_count;

	bool usb, gui;
	bool live_given, live;	/* live is valid if given; otherwise yes if QEMU supports it */
	struct strv devices;
	char *data;		/* NULL: none */
	char *data_file;	/* NULL: none */
	bool nocloud;

	char *qemu;		/* NULL: from PATH */
	char *virtiofsd;	/* NULL: search for it */
	char *qmp;		/* NULL: no second socket */
	bool sandbox_given, sandbox;	/* sandbox is valid if given; otherwise yes if QEMU supports it */
	struct strv args;
	char *state;		/* as given, with ~/ expanded; NULL: next to the image */
};

void vm_spec_finish(struct vm_spec *);	/* accepts a zeroed spec and leaves it zeroed */

/*
 * Appends every problem that it finds, and fills `out` as far as it can, so
 * that further checks can run even if something is wrong. environment_accel
 * is the value of LINUXKIT_QEMU_ACCEL or NULL; it applies if the accelerator
 * is not set (D08).
 */
void vm_spec_read(const struct vm_config *, const char *environment_accel,
                  struct vm_spec *out, struct problems *);

/* Checks one value of one setting, for a field that is being edited. Returns false, with the reason in err, if it is invalid. */
bool vm_value_check(enum vm_setting, const char *text, struct error *);

/* The grammars of paddock.5, for profiles, forms and the command line. `,,` is a comma in a path. A parser that fails
 * leaves *out empty; the caller of vm_*_format frees the text. */
bool vm_disk_parse(const char *text, struct vm_disk *out, struct error *);
char *vm_disk_format(const struct vm_disk *);		/* parsing the result gives the same disk */
void vm_disk_finish(struct vm_disk *);
bool vm_port_parse(const char *text, struct vm_port *out, struct error *);
char *vm_port_format(const struct vm_port *);
bool vm_share_parse(const char *text, struct vm_share *out, struct error *);
char *vm_share_format(const struct vm_share *);
void vm_share_finish(struct vm_share *);
/* Parses "2", "512M" or "1T"; default_unit, 'M' or 'G', applies to a bare number. The result is in MiB and above 0. */
bool vm_size_parse(const char *text, char default_unit, uint64_t *mib, struct error *);
char *vm_size_format(uint64_t mib);			/* "512M", "4G", "1T": in the largest unit that gives a whole number */
/*
 * A unicast address of 6 bytes, not all zero: pairs of digits separated by ':' or '-',
 * or three groups of four separated by '.'. White space at either end is ignored.
 * `out` is in lower case with colons.
 */
bool vm_mac_parse(const char *text, char out[18], struct error *);
/* A UUID with dashes, in any case. `out` is in lower case. */
bool vm_uuid_parse(const char *text, char out[37], struct error *);

const char *vm_arch_name(enum vm_arch);			/* "x86_64" */
bool vm_arch_parse(const char *name, enum vm_arch *out);	/* accepts only QEMU's names */
const char *boot_mode_name(enum boot_mode);

#endif
