/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_HOST_PROBE_H
#define CORE_QEMU_HOST_PROBE_H

#include "core/qemu/host/facts.h"

#include <stdbool.h>

/*
 * The probes of this host that host_gather combines, one question each.
 * They block no longer than a stat does.
 */

enum {
	PROBE_CONTENT = 1,	/* format, virtual size, iso9660 */
	PROBE_TEXT = 2,		/* the whole file */
	PROBE_STREAM = 4	/* with PROBE_TEXT: also a pipe or a device, to its end; this may wait */
};

/* Adds the fact about PATH, or completes it: probes only what was not probed before. */
const struct file_fact *probe_file(struct host_facts *, const char *path, unsigned what);
/* Returns the format of a disk image by its first bytes, "raw" if none matches. *size: virtual size, 0 if unknown. */
const char *probe_format(const unsigned char *head, size_t len, uint64_t *size);

/*
 * Fills the chain of the file at PATH, which must have been probed with PROBE_CONTENT. Reads it
 * as QEMU would in this format; NULL means the recorded format or, without one, the probed one.
 */
void probe_chain(struct host_facts *, const char *path, const char *format);

/* Returns what a file with these first bytes is instead of a disk, with advice; NULL if it may be a disk. Static text. */
const char *probe_not_disk(const unsigned char *head, size_t len);

bool probe_arch(enum vm_arch *);
/*
 * Returns true if KVM is usable: /dev/kvm opens for writing, its API is version 12
 * and, on x86, the processor has vmx or svm. Otherwise sets *reason, which the caller frees.
 */
bool probe_kvm(enum vm_arch, char **reason);
/* Returns why a device cannot be opened, and the command that adds this user to its group. groups: /etc/group. The caller frees it. */
char *probe_denied(const char *device, const char *groups);
/* Returns true if the flags in cpuinfo contain vmx or svm. */
bool probe_cpu_virtualises(const char *cpuinfo_path);

/* Set boots_bios and boots_efi from the boot catalog of an ISO. */
enum { PROBE_CATALOG = 2048 };
void probe_iso(struct file_fact *, int fd);
void probe_catalog(struct file_fact *, const unsigned char catalog[PROBE_CATALOG]);

/* Returns true if an ELF program for this host is linked to a shared library whose file name begins with NAME. */
bool probe_needs_library(const char *program, const char *name);
/*
 * Sets found[i] to whether the constants of an ELF program for this host have texts[i] at the end of a string.
 * Texts are shorter than 64 bytes. All are false for other files, such as scripts.
 */
void probe_texts(const char *program, const char *const texts[], size_t count, bool found[]);
/* Returns which of enum qemu_ability a QEMU has; 0 if nothing is known of the program, which may be a script. */
unsigned probe_qemu_abilities(const char *program);

enum virtiofsd_kind probe_virtiofsd_kind(const char *program);
/* Returns the sysctl that prevents users from creating namespaces, or NULL. sysctls: /proc/sys. The caller frees it. */
char *probe_no_namespaces(const char *sysctls);

/* Fills `busy` with the ports that are in use, and `absent` with addresses that belong to no interface. */
void probe_ports(struct host_facts *, const struct vm_port *ports, size_t count);
/* Parses a line of /proc/net/{tcp,udp}[6]. Returns false if it is not a listener. */
bool probe_port_line(const char *line, bool udp, struct busy_port *, unsigned long *inode);
/* Returns the name of a VM from the NUL-terminated arguments of QEMU (borrowed), or NULL. */
const char *probe_machine_name(const char *arguments, size_t len);
/* Returns "nginx (pid 812)" or, for a VM, "web (qemu-system-x86, pid 4242)". pid: digits. The caller frees it. */
char *probe_process_name(const char *pid);
/* Returns true if the arguments of the process are those of a QEMU with this state directory. */
bool probe_is_machine_of(const char *pid, const char *state);
/* Finds out how the image at path, open as fd, can be used. state: the state directory of the VM that needs it, or NULL. */
void probe_access(int fd, const char *path, const char *state, struct image_access *);
bool probe_low_ports(unsigned lowest);
bool probe_net_admin(void);
/* sys: mount point of sysfs. */
void probe_interfaces(struct host_facts *, const char *sys);
void probe_link(const char *sys, const char *name, struct link_fact *);
int probe_tun_device(void);		/* errno of opening it, or 0 */
enum bridge_acl probe_bridge_acl(const char *path, const char *bridge);
/* Returns true if the program is set-user-ID root or has file capabilities. */
bool probe_privileged(const char *program);

#endif
