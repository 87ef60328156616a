/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_FACTS_H
#define CORE_QEMU_HOST_FACTS_H

#include "core/qemu/host/usb_devices.h"
#include "core/vm/spec.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What a plan must know of this host, gathered once and then plain data:
 * plan_build looks at nothing else, so each of its branches is a unit test
 * with facts written by hand. gather.h is what looks.
 */
enum file_kind { FILE_MISSING, FILE_REGULAR, FILE_BLOCK, FILE_DIRECTORY, FILE_OTHER };

/* What a file that begins with a store of UEFI variables is. */
enum uefi_content { UEFI_OTHER, UEFI_VARIABLES, UEFI_COMBINED };

/* What another process does with an image, by the locks that QEMU holds on it. */
enum image_use {
	IMAGE_UNUSED,
	IMAGE_READ,		/* and lets nobody write to it */
	IMAGE_WRITTEN		/* and lets nobody read it */
};

struct image_access {
	int read_only;		/* errno of opening it for writing, 0 if that would do */
	enum image_use use;
	char *holder;		/* "web (qemu-system-x86, pid 812)", NULL: not visible */
	bool own;		/* the holder is this very machine */
};

/*
 * A file that a disk image refers to, itself or through another one: QEMU opens it
 * with the image. The names come out of the images, so they hold what anybody wrote.
 */
struct chain_file {
	char *path;		/* as QEMU will open it; of a name like nbd://... that name */
	char *user;		/* the file that refers to it */
	const char *role;	/* "backing file", "data file" or "extent" */
	bool is_file;		/* false: QEMU takes the name for a protocol */
	bool outside;		/* not a file below the directory of the image */
	int error;		/* as in file_fact */
	char *format;		/* in which QEMU will open it; NULL: not known */
	char *kept_format;	/* as in file_fact */
	struct image_access access;
};

struct file_fact {
	char *path;		/* as the plan will ask for it */
	enum file_kind kind;	/* through symbolic links */
	int error;		/* errno of stat or open, 0 if fine; ENOENT with FILE_MISSING */
	uint64_t size;		/* bytes; of a disk image its virtual size where known */
	bool empty;		/* a regular file without a byte, whatever size says */
	char *format;		/* "qcow2" etc. by its magic bytes, "raw" otherwise; NULL: not looked */
	char *kept_format;	/* what it was when it was first used (formats.h); NULL: not used yet */
	struct chain_file *chain;	/* the files that the image refers to, each before those that it refers to */
	size_t chain_count;
	char *chain_hash;	/* of those outside; NULL: there are none */
	bool chain_accepted;	/* the user has allowed them before */
	const char *chain_trouble;	/* "refers to itself" */
	const char *not_disk;	/* "is a file that xz has compressed: ...", NULL: could be a disk */
	struct image_access access;	/* of what was looked at as an image */
	bool iso9660;		/* "CD001" at 32769 */
	enum uefi_content uefi;
	bool boots_bios;	/* an ISO has an entry for it (El Torito) */
	bool boots_efi;
	char *text;		/* content, where the plan needs it (cmdline, data file, state files) */
	size_t text_len;
	int unwritable;		/* of a directory: errno, why this user can make no file in it; 0: they can */
	unsigned looked;	/* for what it was opened (probe.h) */
};

/* One way to boot UEFI, from QEMU's firmware descriptors or from known paths. */
struct firmware {
	char *code;
	char *vars;		/* template; NULL: a combined image, or a stateless one */
	char *origin;		/* the descriptor's path or "known path" */
	bool secure_boot;	/* could do it */
	bool enrolled;		/* does it: boots only what is signed */
	bool smm;		/* needs system management mode */
	bool stateless;		/* has no place for variables */
};

/*
 * QEMU's own up to 7, and the one in Rust that came after it, which from
 * some version on maps users (--uid-map) and so does without root.
 */
enum virtiofsd_kind { VIRTIOFSD_NONE, VIRTIOFSD_C, VIRTIOFSD_RUST, VIRTIOFSD_RUST_MAPS };

/* The interface that the network mode names. */
struct link_fact {
	bool known;		/* false: /sys does not show it, whatever it is */
	bool is_tap;
	long owner, group;	/* that may open the tap; -1: no such limit */
	bool in_group;
	bool in_use;		/* some process has it open */
};

/* Does the helper's list allow the bridge? It is often for root's eyes only. */
enum bridge_acl { BRIDGE_UNKNOWN, BRIDGE_ALLOWED, BRIDGE_DENIED, BRIDGE_NO_FILE };

struct bridge_helper {
	char *path;		/* NULL: not found */
	bool privileged;	/* set-user-ID root, or with capabilities of its own */
	enum bridge_acl acl;
	const char *acl_file;
};

/* A port that something listens on. */
struct busy_port {
	unsigned port;
	bool udp;
	char address[16];	/* "" or "0.0.0.0": every interface */
	char *holder;		/* "nginx (pid 812)", NULL: not visible */
};

struct host_facts {
	enum vm_arch arch;
	bool arch_known;
	bool kvm_usable;
	char *kvm_reason;	/* why not, e.g. "/dev/kvm: Permission denied" */
	char *qemu;		/* full path of the binary for the spec's arch; NULL: not found */
	bool qemu_seccomp;	/* it was built with seccomp; false: not, or not known (a script) */
	bool qemu_windowless;	/* it can surely open no window: neither linked to a toolkit nor with a module for one */
	char *qemu_img;		/* NULL: not found */
	char *virtiofsd;	/* NULL: not found */
	enum virtiofsd_kind virtiofsd_kind;
	unsigned uid, gid;	/* the effective ones; 0: root */
	char *no_namespaces;	/* the setting that keeps users from namespaces of their own; NULL: none does */
	struct firmware *firmwares;	/* for the spec's arch, best first */
	size_t firmware_count;
	struct file_fact *files;
	size_t file_count, file_size;
	struct strv interfaces;	/* names of all network interfaces */
	struct strv bridges;	/* of those, the bridges */
	struct link_fact link;
	bool net_admin;		/* we have CAP_NET_ADMIN */
	int tun_error;		/* errno of opening /dev/net/tun; 0: it opens */
	struct bridge_helper bridge_helper;
	struct busy_port *busy;
	size_t busy_count;
	struct strv absent;	/* addresses of published ports that no interface has */
	struct usb_devices usb;	/* where one is asked for */
	bool unprivileged_low_ports;	/* ports below 1024 may be bound */

	char *state;		/* the state directory that will be used, cleaned */
	bool state_fallback;	/* not beside the image: block device or unwritable place */
	int state_unwritable;	/* errno: why this user cannot write there; 0: they can, or it is made */
	char *state_distrust;	/* why nothing in it can be trusted (own_dir.h); NULL: it can */
	char *state_other;	/* who holds it: another image that made it; NULL: nobody */
	char *kept_uuid, *kept_mac;	/* from the state directory; NULL: none yet */
	char *new_uuid, *new_mac;	/* for where none is kept: fresh ones, or "<UUID>" and "<MAC>" */
	char *cwd;
	char *formats;		/* the record of formats (formats.h); NULL: not known */
	char *run;		/* where keepers have their sockets; NULL: not known */
};

void host_facts_finish(struct host_facts *);
/* Never NULL: a path nobody looked at is missing with error ENOENT. */
const struct file_fact *host_file(const struct host_facts *, const char *path);
/* For tests and for what gathers: add one; the fact's strings are taken. */
struct file_fact *host_file_add(struct host_facts *, const char *path);

#endif
