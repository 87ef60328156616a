/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_UNBOOTABLE_H
#define CORE_MACHINES_UNBOOTABLE_H

/*
 * Returns in a word or three why a file that is named like a disk image cannot boot: "empty", "compressed", "initrd",
 * "not a disk"; NULL if it can, or cannot be read. Reads the beginning of the file. What a start says about it is longer
 * (core/qemu/plan).
 */
const char *unbootable_disk(const char *path);

#endif
