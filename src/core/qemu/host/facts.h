/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FACTS_H
#define CORE_QEMU_HOST_FACTS_H

#include "core/qemu/host/usb_devices.h"
#include "core/vm/spec.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What a plan needs to know about this host, as plain data, gathered once by
 * gather.h. plan_build uses nothing else, so unit tests can reach each of its
 * branches with facts written by hand.
 */
enum file_kind { FILE_MISSING, FILE_REGULAR, FILE_BLOCK, FILE_DIRECTORY, FILE_OTHER };

/* The content of a file that begins with a store of UEFI variables. */
enum uefi_content { UEFI_OTHER, UEFI_VARIABLES, UEFI_COMBINED };

/* How another process uses an image, according to the locks of QEMU. */
enum image_use {
	IMAGE_UNUSED,
	IMAGE_READ,		/* reads it and does not allow writing */
	IMAGE_WRITTEN		/* writes to it and does not allow reading */
};

struct image_access {
	int read_only;		/* errno of opening it for writing, 0 if it can be written */
	enum image_use use;
	char *holder;		/* "web (qemu-system-x86, pid 812)"; NULL if not visible */
	bool own;		/* the holder is this VM itself */
};

/*
 * A file that a disk image refers to, directly or through another one, so that QEMU
 * opens it with the image. The names come from the images and cannot be trusted.
 */
struct chain_file {
	char *path;		/* as QEMU will open it, or a name such as nbd://... */
	char *user;		/* the file that refers to it */
	const char *role;	/* "backing file", "data file" or "extent" */
	bool is_file;		/* false: QEMU treats the name as a protocol */
	bool outside;		/* it is not a file below the directory of the image */
	int error;		/* as in file_fact */
	char *format;		/* in which QEMU will open it; NULL if not known */
	char *kept_format;	/* as in file_fact */
	struct image_access access;
};

struct file_fact {
	char *path;		/* as the plan looks it up */
	enum file_kind kind;	/* after following symbolic links */
	int error;		/* errno of stat or open, or 0; ENOENT with FILE_MISSING */
	uint64_t size;		/* in bytes; of a disk image, the virtual size if known */
	bool empty;		/* a regular file of 0 bytes, regardless of `size` */
	char *format;		/* "qcow2" etc. by its magic bytes, otherwise "raw"; NULL if not probed */
	char *kept_format;	/* its format when it was first used (formats.h); NULL if not used yet */
	struct chain_file *chain;	/* files that the image refers to; each precedes those that it refers to */
	size_t chain_count;
	char *chain_hash;	/* of the files outside its directory; NULL if there are none */
	bool chain_accepted;	/* the user has allowed these files before */
	const char *chain_trouble;	/* "refers to itself" */
	const char *not_disk;	/* "is compressed with xz ...", or NULL if it may be a disk */
	struct image_access access;	/* if it was probed as an image */
	bool iso9660;		/* "CD001" at 32769 */
	enum uefi_content uefi;
	bool boots_bios;	/* the boot catalog of the ISO has a BIOS entry (El Torito) */
	bool boots_efi;		/* ... an EFI entry */
	char *text;		/* content, if the plan needs it (cmdline, data file, state files) */
	size_t text_len;
	int unwritable;		/* of a directory: errno if this user cannot create files in it, or 0 */
	unsigned probed;	/* PROBE_ flags that were probed (probe.h) */
};

/* A UEFI firmware, from QEMU's firmware descriptors or from known paths. */
struct firmware {
	char *code;
	char *vars;		/* template; NULL if the image is combined or stateless */
	char *origin;		/* path of the descriptor, or "known path" */
	bool secure_boot;	/* supports Secure Boot */
	bool enrolled;		/* enforces Secure Boot: boots only signed systems */
	bool smm;		/* requires system management mode */
	bool stateless;		/* does not store variables */
};

/*
 * VIRTIOFSD_C was part of QEMU up to version 7. Its successor is written in
 * Rust; newer versions have --uid-map and so do not require root.
 */
enum virtiofsd_kind { VIRTIOFSD_NONE, VIRTIOFSD_C, VIRTIOFSD_RUST, VIRTIOFSD_RUST_MAPS };

/* The interface given in the network mode. */
struct link_fact {
	bool known;		/* false: not visible in /sys, so its type is unknown */
	bool is_tap;
	long owner, group;	/* allowed to open the tap; -1 if not restricted */
	bool in_group;		/* this process is in `group` */
	bool in_use;		/* a process has it open */
};

/* Whether the list of the helper allows the bridge. Often only root can read that list. */
enum bridge_acl { BRIDGE_UNKNOWN, BRIDGE_ALLOWED, BRIDGE_DENIED, BRIDGE_NO_FILE };

struct bridge_helper {
	char *path;		/* NULL: not found */
	bool privileged;	/* set-user-ID root, or with file capabilities */
	enum bridge_acl acl;
	const char *acl_file;
};

/* A port that a process listens on. */
struct busy_port {
	unsigned port;
	bool udp;
	char address[16];	/* "" or "0.0.0.0" for all interfaces */
	char *holder;		/* "nginx (pid 812)"; NULL if not visible */
};

/* What not every QEMU has, according to the names in the program. */
enum qemu_ability {
	QEMU_ROOT_PORT = 1 << 0,
	QEMU_BALLOON = 1 << 1,
	QEMU_PAGE_REPORTING = 1 << 2,	/* of the balloon; since version 5.1 */
	QEMU_SERIAL_PORT = 1 << 3,	/* virtserialport */
	QEMU_PVPANIC = 1 << 4,		/* on the ISA bus */
	QEMU_PVPANIC_PCI = 1 << 5,	/* since version 6.0 */
	QEMU_ACTION = 1 << 6,		/* the option -action; since version 6.0 */
	QEMU_ABILITIES = (1 << 7) - 1	/* all of them */
};

struct host_facts {
	enum vm_arch arch;
	bool arch_known;
	bool kvm_usable;
	char *kvm_reason;	/* why KVM is not usable, e.g. "/dev/kvm: Permission denied" */
	char *qemu;		/* full path of the program for the architecture of the spec; NULL if not found */
	bool qemu_seccomp;	/* built with seccomp; false also if not known (a script) */
	unsigned qemu_abilities;	/* of enum qemu_ability; 0 also if not known (a script), or not needed */
	bool qemu_windowless;	/* certainly cannot open a window: neither linked to a toolkit nor with a module for one */
	char *qemu_img;		/* NULL: not found */
	char *virtiofsd;	/* NULL: not found */
	enum virtiofsd_kind virtiofsd_kind;
	unsigned uid, gid;	/* effective IDs; 0 is root */
	char *no_namespaces;	/* the sysctl that prevents users from creating namespaces; NULL if none does */
	struct firmware *firmwares;	/* for the architecture of the spec, best first */
	size_t firmware_count;
	struct file_fact *files;
	size_t file_count, file_size;
	struct strv interfaces;	/* names of all network interfaces */
	struct strv bridges;	/* those of them that are bridges */
	struct link_fact link;
	bool net_admin;		/* this process has CAP_NET_ADMIN */
	int tun_error;		/* errno of opening /dev/net/tun, or 0 */
	struct bridge_helper bridge_helper;
	struct busy_port *busy;
	size_t busy_count;
	struct strv absent;	/* addresses of published ports that belong to no interface */
	struct usb_devices usb;	/* only if a device refers to one */
	bool unprivileged_low_ports;	/* this process may bind ports below 1024 */

	char *state;		/* the state directory to use, cleaned */
	bool state_fallback;	/* it is not next to the image, which is a block device or in an unwritable directory */
	int state_unwritable;	/* errno: why this user cannot write there; 0 if they can, or if it will be created */
	char *state_distrust;	/* why its files cannot be trusted (own_dir.h), or NULL */
	char *state_other;	/* another image that it was created for, or NULL */
	char *kept_uuid, *kept_mac;	/* from the state directory; NULL if none yet */
	char *new_uuid, *new_mac;	/* used if none is kept: fresh ones, or "<UUID>" and "<MAC>" */
	char *cwd;
	char *formats;		/* path of the record of formats (formats.h); NULL if not known */
	char *run;		/* directory of the sockets of keepers; NULL if not known */
};

void host_facts_finish(struct host_facts *);
/* Never returns NULL: a path that was not probed is FILE_MISSING with error ENOENT. */
const struct file_fact *host_file(const struct host_facts *, const char *path);
/* Adds a fact, for gathering and for tests. The facts own its strings. */
struct file_fact *host_file_add(struct host_facts *, const char *path);

#endif
