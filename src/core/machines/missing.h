/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_MISSING_H
#define CORE_MACHINES_MISSING_H

/*
 * Returns "boot.image: /vm/x does not exist", or NULL if the image exists. image: absolute, or NULL. The caller frees
 * the text.
 *
 * This is in a file of its own so that tests can replace it: it is the only check of files that the list makes outside
 * of state directories.
 */
char *missing_image(const char *image);

#endif
