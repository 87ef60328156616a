/* SPDX-License-Identifier: MIT */
#ifndef CORE_QEMU_PLAN_PLAN_H
#define CORE_QEMU_PLAN_PLAN_H

#include "core/qemu/plan/plan_data.h"

struct host_facts;
struct problems;
struct vm_spec;

/*
 * Pure: opens no file and starts nothing. false: something in problems stops
 * it whatever the caller's tolerance (PROBLEM_ERROR); the plan is then as
 * complete as it could be, for showing.
 */
bool plan_build(const struct vm_spec *, const struct host_facts *, struct plan *out, struct problems *);

#endif
