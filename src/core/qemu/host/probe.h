/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_PROBE_H
#define CORE_QEMU_HOST_PROBE_H

#include "core/qemu/host/facts.h"

#include <stdbool.h>

/*
 * The looks at this host that host_gather puts together, one question a
 * function. They block as a stat does, never longer.
 */

enum {
	PROBE_CONTENT = 1,	/* format, virtual size, iso9660 */
	PROBE_TEXT = 2,		/* the whole file */
	PROBE_STREAM = 4	/* with PROBE_TEXT: of a pipe or a device too, to its end; this waits */
};

/* Adds the fact about PATH; of one that is there already, only what nobody looked for yet is read. */
const struct file_fact *probe_file(struct host_facts *, const char *path, unsigned what);
/* The name of a disk image's format by its first bytes, "raw" when none is known; size: virtual, 0 unknown. */
const char *probe_format(const unsigned char *head, size_t len, uint64_t *size);

/*
 * Fills chain of the file at PATH, which was looked at with PROBE_CONTENT. It is read as
 * QEMU would read it in the format, NULL: the one that was kept or, without one, is seen.
 */
void probe_chain(struct host_facts *, const char *path, const char *format);

/* What a file that begins so is instead of a disk, with advice; NULL: it may be one. Static. */
const char *probe_not_disk(const unsigned char *head, size_t len);

bool probe_arch(enum vm_arch *);
/*
 * Whether KVM is usable: /dev/kvm opens for writing, its API is version 12 and,
 * on x86, the processor has vmx or svm. Else the reason, the caller's.
 */
bool probe_kvm(enum vm_arch, char **reason);
/* Why a device cannot be opened, and what makes a member of its group of this user; groups: /etc/group. The caller's. */
char *probe_denied(const char *device, const char *groups);
/* Is there one of the words vmx and svm among cpuinfo's flags? */
bool probe_cpu_virtualises(const char *cpuinfo_path);

/* How an ISO boots: fills boots_bios and boots_efi, from its boot catalog. */
enum { PROBE_CATALOG = 2048 };
void probe_iso(struct file_fact *, int fd);
void probe_catalog(struct file_fact *, const unsigned char catalog[PROBE_CATALOG]);

/* Is an ELF program of this host's kind linked to a shared library whose file name begins with NAME? */
bool probe_needs_library(const char *program, const char *name);

enum virtiofsd_kind probe_virtiofsd_kind(const char *program);
/* The setting below /proc/sys (sysctl's root) that denies users namespaces of their own; NULL: none. The caller's. */
char *probe_no_namespaces(const char *sysctls);

/* Fills busy with those of the ports that something listens on, absent with the addresses that are not ours. */
void probe_ports(struct host_facts *, const struct vm_port *ports, size_t count);
/* One line of /proc/net/{tcp,udp}[6]; false: not a listener. */
bool probe_port_line(const char *line, bool udp, struct busy_port *, unsigned long *inode);
/* The name of a VM by QEMU's arguments, each ended by a NUL; borrowed, NULL: none. */
const char *probe_machine_name(const char *arguments, size_t len);
/* "nginx (pid 812)"; of a VM "web (qemu-system-x86, pid 4242)". pid: its digits. The caller's. */
char *probe_process_name(const char *pid);
/* Is the process, by its arguments, the QEMU of the machine whose state directory this is? */
bool probe_is_machine_of(const char *pid, const char *state);
/* How the image at path, open as fd, could be used; state: the directory of the machine that wants it, or NULL. */
void probe_access(int fd, const char *path, const char *state, struct image_access *);
bool probe_low_ports(unsigned lowest);
bool probe_net_admin(void);
/* sys: where sysfs is. */
void probe_interfaces(struct host_facts *, const char *sys);
void probe_link(const char *sys, const char *name, struct link_fact *);
int probe_tun_device(void);		/* errno, 0 if it opens */
enum bridge_acl probe_bridge_acl(const char *path, const char *bridge);
/* Has the program rights of its own: set-user-ID root, or capabilities? */
bool probe_privileged(const char *program);

#endif
