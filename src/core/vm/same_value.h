/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_SAME_VALUE_H
#define CORE_VM_SAME_VALUE_H

#include "core/vm/config.h"

/* Returns true if two values of a setting mean the same: "8080:80" and "8080:80/tcp". Invalid values are compared as texts. */
bool vm_value_same(enum vm_setting, const char *, const char *);
/* The value in the one spelling that paddock writes; an invalid value as it is. The caller frees it. */
char *vm_value_spelled(enum vm_setting, const char *text);

#endif
