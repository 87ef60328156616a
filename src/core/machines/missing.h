/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_MISSING_H
#define CORE_MACHINES_MISSING_H

/*
 * Whether the image of a saved VM is there. On its own, since it is the one thing that the list asks of the files
 * beside state directories, and tests answer it for a world that no host has.
 *
 * image: absolute or NULL. "boot.image: /vm/x does not exist"; NULL: something is there. The caller's.
 */
char *missing_image(const char *image);

#endif
