/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_FOR_CONFIG_H
#define CORE_QEMU_PLAN_PLAN_FOR_CONFIG_H

#include "core/qemu/plan/plan_data.h"

struct problems;
struct vm_config;

/*
 * config -> spec -> facts -> plan in one call, for whoever starts or shows a VM.
 * fresh as in host_gather. false as plan_build; problems has everything found on the way.
 */
bool plan_make(const struct vm_config *, bool fresh, struct plan *out, struct problems *);

#endif
