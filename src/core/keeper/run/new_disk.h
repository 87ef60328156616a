/* SPDX-License-Identifier: MIT */
#ifndef CORE_KEEPER_RUN_NEW_DISK_H
#define CORE_KEEPER_RUN_NEW_DISK_H

#include <stdbool.h>

struct error;

/*
 * A disk that is being made. It grows under a hidden name, to which a symbolic link in its place leads qemu-img, and
 * replaces that link when it is whole and on the host's disk. So a host that goes down leaves nothing that is taken
 * for a disk (path_is_unfinished). A lock of its own, which qemu-img inherits, tells what is being made from what a
 * killed start left. carry.c calls this.
 */
struct new_disk {
	char *target;			/* its place; NULL: none is being made */
	char *temporary;
	bool linked;			/* false: a file system without links; qemu-img needs the hidden name */
	char *lock_path;
	int lock;
};

/* Takes the lock and removes what an earlier start left. false with err->code EWOULDBLOCK: another makes this disk. */
bool new_disk_open(struct new_disk *, const char *path, struct error *);
/* Moves the disk to where path leads; fails when something is there by now. May take long: in a child. */
bool new_disk_install(const char *path, struct error *);
/* Removes what is left of it and lets go of the lock. Nothing to do for a zeroed one. */
void new_disk_close(struct new_disk *);

/*
 * Removes all hidden files of killed starts from a state directory whose lock we hold; disks that a
 * qemu-img still makes stay.
 */
void new_disk_sweep(const char *directory);

#endif
