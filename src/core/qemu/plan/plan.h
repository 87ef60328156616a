/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_H
#define CORE_QEMU_PLAN_PLAN_H

#include "core/qemu/plan/plan_data.h"

struct host_facts;
struct problems;
struct vm_spec;

/*
 * Pure: opens no file and starts no process. Returns false if there is a
 * PROBLEM_ERROR; the plan is then as complete as possible, so that it can
 * still be shown.
 */
bool plan_build(const struct vm_spec *, const struct host_facts *, struct plan *out, struct problems *);

#endif
