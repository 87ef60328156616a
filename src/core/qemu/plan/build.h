/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_BUILD_H
#define CORE_QEMU_PLAN_BUILD_H

#include "core/qemu/host/layout.h"
#include "core/qemu/plan/plan_data.h"

/*
 * A plan while it is being built. Used only by plan.c, which sets the order,
 * by build.c, which holds what is shared, and by the files in devices/: one
 * for each kind of device, with its checks, its steps and its arguments. All
 * of them are pure.
 */
struct build {
	const struct vm_spec *spec;
	const struct host_facts *facts;
	struct plan *plan;
	struct problems *problems;
	enum vm_arch arch;
	enum boot_mode boot;
	bool native;		/* guest and host have the same architecture */
	bool kvm;		/* the guest will run with KVM */
	char *accel;		/* for -machine; NULL: none */
	char *accel_origin;
	bool scsi_controller;	/* already in argv */
	unsigned index;		/* of the next drive on the default bus */
	unsigned last_index;	/* of the previous drive, 0 if none */
	unsigned cds;		/* number of CDs in argv */
	char label[160];	/* buffer for the result of build_origin */
};

/* Returns "[network] publish" or "--publish", valid until the next call. */
const char *build_origin(struct build *, enum vm_setting);
/* Returns "default" if is_default, or else build_origin. */
const char *build_origin_or_default(struct build *, enum vm_setting, bool is_default);
void build_arg(struct build *, const char *origin, const char *text);
/* Appends an option and its value, both with this origin. */
void build_option(struct build *, const char *origin, const char *option, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

bool build_is_ccw(const struct build *);	/* s390x, where device names end in -ccw */
bool build_has_ide(const struct build *);	/* q35, where drives are on IDE by default; it has six ports */
const char *build_bus_suffix(const struct build *);	/* suffix of virtio devices: "pci" or "ccw" */
/* Returns true if the user passes this option to QEMU, with one dash or two. `option` has one dash. */
bool build_has_arg(const struct build *, const char *option);
struct plan_step *step_add(struct build *, enum plan_step_kind, char *path, char *what);	/* takes ownership of both strings */

/* machine.c: the program, processors, memory, -machine */
void build_check_machine(struct build *);
void build_machine_args(struct build *);

/* boot.c: the boot mode, and -kernel, -initrd, -append */
void build_check_boot(struct build *);
void build_kernel_args(struct build *);

/* state.c: the state directory and its files */
void build_state_steps(struct build *);

/* metadata.c: data.iso */
bool build_has_data(const struct build *);	/* true if there is metadata for the guest */
void build_metadata_steps(struct build *);

/* disks.c: the boot image as a drive, disks, CDs */
/* Reports a bus that machines of the architecture do not have. `bus` may be NULL. */
void build_check_bus(struct build *, const char *bus, enum vm_setting, int index);
void build_disk_steps(struct build *, size_t i);	/* of one disk */
void build_disks_steps(struct build *);
/* Returns the format to pass for disk i, with this file, or NULL to pass none. */
const char *build_disk_format(const struct build *, size_t i, const struct file_fact *);
void build_disks_args(struct build *);

/* flash.c: UEFI firmware, and the copy of its variables for the VM */
void build_flash_steps(struct build *);
void build_flash_args(struct build *);
void build_flash_own(struct build *);		/* arguments that go after -name */

/* network.c, usb.c, display.c */
void build_check_network(struct build *);
void build_network_args(struct build *);
void build_check_usb(struct build *);
void build_usb_args(struct build *);
void build_display_args(struct build *);

/* shares.c: the daemons; memory backend, chardevs and devices of virtiofs */
void build_share_steps(struct build *);
void build_shares_args(struct build *);

/* live.c: devices for changes while the VM runs. The first goes before the user's own arguments, the other after them. */
void build_live_action(struct build *);
void build_live_args(struct build *);

/* own.c: arguments that the reference does not have, from -name on. They come last, so that they override earlier ones. */
void build_own_args(struct build *);

/* image_format.c: the format in which a file is used (D16) */
void build_boot_format_steps(struct build *);	/* of the boot image */
/* Returns false and adds a problem if the file now looks like another format than when it was first used. */
bool build_check_format(struct build *, enum vm_setting, int index, const struct file_fact *);
/* Returns false and adds a problem if QEMU does not open the file in the format that the user set. */
bool build_check_given_format(struct build *, enum vm_setting, int index, const char *given, const struct file_fact *);
/* Adds a step that records the format before QEMU gets the file. given: the user set the format. */
void build_keep_format(struct build *, const char *path, const char *format, bool given);
/* Returns the format that a file, which a guest may write to, had when it was first used; NULL if there is no file. */
const char *build_kept_format(const struct file_fact *);

/* backing_chain.c, image_access.c */
/* Checks the files that an image refers to: reports those that are missing or not allowed, and records the formats of the others. */
void build_check_chain(struct build *, enum vm_setting, int index, const struct file_fact *image);
/* Reports an image that is in use or cannot be written. `name` is its name in messages; writes: QEMU will write to it. */
void build_check_access(struct build *, enum vm_setting, int index, const char *name, const struct image_access *,
                        bool writes);
bool build_writes_disks(const struct build *);	/* false: writes go to a temporary file (-snapshot) */
/* Returns true if the boot image is a squashfs that is attached without write access. */
bool build_root_is_read_only(const struct build *);

#endif
