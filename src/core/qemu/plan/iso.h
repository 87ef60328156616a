/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_ISO_H
#define CORE_QEMU_PLAN_ISO_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/*
 * The CD with a VM's metadata, by libisofs; the only file that knows it.
 * Slow by the standards of a keeper: call from a child process.
 */

/* Write PATH (0600, temporary file and rename): label "cidata", file "config" with the bytes and, where
 * meta is not NULL, the same as "user-data" and that as "meta-data" (NoCloud data source, cloud-init). */
bool iso_write_metadata(const char *path, const void *bytes, size_t len, const char *meta, struct error *);

#endif
