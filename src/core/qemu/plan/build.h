/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_BUILD_H
#define CORE_QEMU_PLAN_BUILD_H

#include "core/qemu/host/layout.h"
#include "core/qemu/plan/plan_data.h"

/*
 * A plan while it is built: shared by plan.c, which says in what order, and
 * the files of devices/, one a kind of device with its checks, its steps and
 * its arguments, and by nobody else; what all of them use is in build.c. All
 * of them are pure.
 */
struct build {
	const struct vm_spec *spec;
	const struct host_facts *facts;
	struct plan *plan;
	struct problems *problems;
	enum vm_arch arch;
	enum boot_mode boot;
	bool native;		/* guest and host are of one architecture */
	bool kvm;		/* the guest will run under KVM */
	char *accel;		/* for -machine; NULL: none */
	char *accel_origin;
	bool scsi_controller;	/* emitted already */
	unsigned index;		/* of the next drive on the default bus */
	unsigned last_index;	/* of the drive before, 0 if none */
	unsigned cds;		/* CDs emitted */
	char label[160];	/* origin_of's answer */
};

/* "[network] publish" or "--publish"; good until the next call. */
const char *origin_of(struct build *, enum vm_setting);
/* origin_of, or "default" where the value is what not setting it gives. */
const char *origin_or_default(struct build *, enum vm_setting, bool is_default);
void put(struct build *, const char *origin, const char *text);
/* An option and its value, both with this origin. */
void put2(struct build *, const char *origin, const char *option, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

bool build_is_ccw(const struct build *);	/* s390x: devices end in -ccw */
bool build_has_ide(const struct build *);	/* q35: an unnamed drive is IDE, six of them fit */
const char *build_bus_suffix(const struct build *);	/* of a virtio device: "pci" or "ccw" */
/* Did the user give QEMU an option of this name, with one dash or two? option: with one. */
bool build_has_arg(const struct build *, const char *option);
struct plan_step *step_add(struct build *, enum plan_step_kind, char *path, char *what);	/* takes both */

/* machine.c: the program, processors, memory, -machine */
void build_check_machine(struct build *);
void build_machine_args(struct build *);

/* boot.c: what boots, and -kernel, -initrd, -append */
void build_check_boot(struct build *);
void build_kernel_args(struct build *);

/* state.c: the state directory and what is kept in it */
void build_state_steps(struct build *);

/* metadata.c: data.iso */
bool build_has_data(const struct build *);	/* metadata for the guest was given */
void build_metadata_steps(struct build *);

/* disks.c: the boot image as a drive, disks, CDs */
/* What the machine of the architecture cannot have. bus: NULL is fine. */
void build_check_bus(struct build *, const char *bus, enum vm_setting, int index);
void build_disks_steps(struct build *);
void build_disks_args(struct build *);

/* flash.c: UEFI, and what is copied of it for the VM before */
void build_flash_steps(struct build *);
void build_flash_args(struct build *);
void build_flash_own(struct build *);		/* into our own block */

/* network.c, usb.c, display.c */
void build_check_network(struct build *);
void build_network_args(struct build *);
void build_check_usb(struct build *);
void build_usb_args(struct build *);
void build_display_args(struct build *);

/* shares.c: the daemons; memory backend, chardevs and devices of virtiofs */
void build_share_steps(struct build *);
void build_shares_args(struct build *);

/* own.c: what the reference does not have, from -name on; the last in argv, so that it may change what stands before */
void build_own_args(struct build *);

/* image_format.c: in what format a file is used (D16) */
void build_boot_format_steps(struct build *);	/* of the boot image */
/* false: the file looks like something else than when it was first used, which is then said. */
bool build_check_format(struct build *, enum vm_setting, int index, const struct file_fact *);
/* The format a file is used in is kept before QEMU has it; given: the user named it. */
void build_keep_format(struct build *, const char *path, const char *format, bool given);
/* The format of a file that a guest may write: as it was when it was first used. NULL: there is no file. */
const char *build_kept_format(const struct file_fact *);

/* backing_chain.c, image_access.c */
/* The files that an image refers to: which are missing or not allowed, and what is to be kept of the others. */
void build_check_chain(struct build *, enum vm_setting, int index, const struct file_fact *image);
/* Who else uses an image, and whether it can be written; name: as a message calls it. */
void build_check_access(struct build *, enum vm_setting, int index, const char *name, const struct image_access *,
                        bool writes);
bool build_writes_disks(const struct build *);	/* or do writes go to a temporary file? */
/* Is the squashfs that boots attached so that nothing is written to it? */
bool build_root_is_read_only(const struct build *);
/* For disk i: the format to pass, NULL: none. */
const char *build_disk_format(const struct build *, size_t i, const struct file_fact *);

#endif
