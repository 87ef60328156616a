/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_ISO_H
#define CORE_QEMU_PLAN_ISO_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * Writes the CD with a VM's metadata. Only iso.c uses libisofs, and
 * loads it at the first call. This is too slow for a keeper's event loop: call it from a child process.
 */

/* Writes PATH atomically with mode 0600: label "cidata" and a file "config" with the bytes. If meta is not NULL, also
 * "user-data" with the same bytes and "meta-data" with meta (cloud-init's NoCloud data source). */
bool iso_write_metadata(const char *path, const void *bytes, size_t len, const char *meta, struct error *);

#endif
