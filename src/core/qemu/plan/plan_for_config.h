/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_FOR_CONFIG_H
#define CORE_QEMU_PLAN_PLAN_FOR_CONFIG_H

#include "core/qemu/plan/plan_data.h"

struct problems;
struct vm_config;

/*
 * Makes a plan from a config: reads the spec, gathers facts about the host, builds the plan.
 * `fresh` is as in host_gather, the result as in plan_build. Appends everything found to `problems`.
 */
bool plan_make(const struct vm_config *, bool fresh, struct plan *out, struct problems *);

#endif
