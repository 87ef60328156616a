/* SPDX-License-Identifier: MIT */
#ifndef FAKE_STORE_MEMORY_H
#define FAKE_STORE_MEMORY_H

#include "core/vm/store.h"

/*
 * A store without files, for tests of what stands above it. It keeps real
 * profile texts, so that text, preview and broken profiles are as they would
 * be on disk, and fails when told to.
 */
struct store *store_memory_new(void);
void store_memory_free(struct store *);

/* As if another program had written the profile: the text as it is, broken or not. NULL removes it. */
void store_memory_put(struct store *, const char *name, const char *text);
/* The same from a configuration; its name counts. */
void store_memory_put_config(struct store *, const struct vm_config *);

/* What a scan finds; size in bytes. BOOT_AUTO is a state directory. */
void store_memory_add_item(struct store *, const char *path, enum boot_mode, uint64_t size);
void store_memory_add_directory(struct store *, const char *path);	/* of the library */
void store_memory_set(struct store *, const char *section, const char *key, const char *value);

/*
 * Let an operation fail from now on with this reason: "names", "load",
 * "save", "preview", "text", "discard", "rename", "scan_begin". NULL: it
 * works again. What failed has changed nothing.
 */
void store_memory_fail(struct store *, const char *operation, const char *reason);
/* How often an operation was called, failed or not; those above and "changed". */
unsigned store_memory_calls(const struct store *, const char *operation);

#endif
