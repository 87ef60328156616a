/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTROL_DRIVES_H
#define CORE_CONTROL_DRIVES_H

#include "core/control/control.h"

#include <stddef.h>
#include <stdint.h>

struct control_job;

/* The disks and CD drives that QEMU has now, and which of the VM's settings each of them is. */
enum drive_role {
	DRIVE_OTHER,		/* of no setting: from `arg` or `device`, or a CD that was inserted */
	DRIVE_IMAGE,		/* the boot image */
	DRIVE_DISK,		/* a value of `disk` */
	DRIVE_METADATA		/* the CD with metadata */
};

struct drive {
	char *qdev;		/* QOM path of the guest's device, or its id: "/machine/peripheral-anon/device[1]" */
	char *node;		/* of the block layer; NULL if it is empty */
	char *file;		/* as QEMU names it; NULL if it is empty */
	char *format;		/* "qcow2"; NULL if it is empty */
	uint64_t size, used;	/* what the guest sees, and what the file occupies, in bytes; 0 if unknown */
	bool is_cd;
	bool tray_open, locked;	/* of a CD drive; locked by the guest, mostly because the CD is mounted */
	bool read_only;
	enum drive_role role;
	size_t disk;		/* of DRIVE_DISK: index of the value */
};

struct drives {
	struct drive *items;
	size_t count;
};

#define DRIVES_MAX 256		/* the most that are read */

/* Parses QEMU's answer to query-block. Entries without a guest's device are skipped. Returns false if it is not one. */
bool drives_read(const char *json, struct drives *out);
void drives_finish(struct drives *);

/* The files of a VM's settings, which drives are recognised by. All paths are absolute. */
struct drive_files {
	char *image, *squashfs, *metadata;
	struct strv disks;	/* one for each value of `disk`; "" for an invalid one */
	struct strv values;	/* those values */
};

/* state: the state directory, absolute. */
void drive_files_of(const struct vm_config *, const char *state, struct drive_files *out);
void drive_files_finish(struct drive_files *);
/* Sets the roles. */
void drives_identify(struct drives *, const struct drive_files *);
/* Returns true if QEMU's name of a file, perhaps relative to its working directory, is this absolute path. */
bool drive_is_file(const char *name, const char *path);

/*
 * The disk that a user names: "image", a number from 1 in the order of the settings, a value of `disk`, a file, or the last
 * component of its path.
 */
#define DRIVE_IMAGE_INDEX (-1)
bool drive_files_find(const struct drive_files *, const char *word, int *index, struct error *);

/* drives: valid during the call; NULL, with err, on failure. */
typedef void control_drives_fn(void *data, const struct drives *, const struct error *err);
struct control_job *control_drives(const struct control_vm *, control_drives_fn *, void *data, struct error *);

/* For the jobs of this folder: the settings of the running VM and its files. */
bool drive_files_running(const struct control_vm *, struct vm_config *, struct drive_files *, struct error *);
/*
 * The same at the end of a job, since others may have changed the disks while it waited. *index: where the disk with this
 * file is by now. Returns false, with nothing to finish, if it is not recorded any more or the record cannot be read.
 */
bool drive_files_again(const struct control_job *, const char *file, struct drive_files *, size_t *index);

#endif
