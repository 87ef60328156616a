/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_NEW_DISK_H
#define CORE_KEEPER_RUN_NEW_DISK_H

#include <stdbool.h>

struct error;

/*
 * A disk that is being created. qemu-img writes it under a hidden name, through a symbolic link at its final path, and
 * the disk replaces that link once it is complete and synced. A host that goes down therefore never leaves a file that
 * looks like a disk (path_is_unfinished). A separate lock, which qemu-img inherits, distinguishes disks that are being
 * created from those that a killed start left.
 */
struct new_disk {
	char *target;			/* final path; NULL if no disk is being created */
	char *temporary;
	bool linked;			/* false on a file system without links: qemu-img must use the hidden name */
	char *lock_path;
	int lock;
};

/* Takes the lock and removes what an earlier start left. Fails with err->code EWOULDBLOCK if another process is creating
 * this disk. */
bool new_disk_open(struct new_disk *, const char *path, struct error *);
/* Moves the disk to its final path; fails if that exists by now. May take long, so call it in a child process. */
bool new_disk_install(const char *path, struct error *);
/* Removes unfinished files and releases the lock. Accepts a zeroed struct. */
void new_disk_close(struct new_disk *);

/*
 * Removes all hidden files of killed starts from a state directory, whose lock the caller holds, except disks
 * that a qemu-img is still creating.
 */
void new_disk_sweep(const char *directory);

#endif
