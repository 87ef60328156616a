/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_SPEC_CHECK_H
#define CORE_VM_SPEC_CHECK_H

#include "core/vm/spec.h"

/* Checks settings against each other: those that exclude, require or repeat one another. Called by vm_spec_read. */
void vm_spec_check(const struct vm_config *, const struct vm_spec *, struct problems *);

#endif
