/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_BYTES_H
#define CORE_QEMU_PLAN_PLAN_BYTES_H

#include "core/qemu/plan/plan_data.h"

struct error;
struct str;

/* Converts a plan to bytes, to send it to the keeper, and back. */
void plan_write(const struct plan *, struct str *out);
bool plan_read(const void *bytes, size_t len, struct plan *out, struct error *);
/* Returns true if a plan that was read has everything that a keeper needs. */
bool plan_complete(const struct plan *, struct error *);

#endif
