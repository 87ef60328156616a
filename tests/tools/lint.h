/* SPDX-License-Identifier: MIT */
/*
 * In front of every file that an analyser reads. It does not look into other
 * files, so it must be told what error.h promises: these return false.
 */
#ifndef TOOLS_LINT_H
#define TOOLS_LINT_H

#include "core/base/error.h"

static inline bool lint_false(bool value)
{
	(void)value;
	return false;
}

#define error_set(...) lint_false(error_set(__VA_ARGS__))
#define error_errno(...) lint_false(error_errno(__VA_ARGS__))
#define error_prefix(...) lint_false(error_prefix(__VA_ARGS__))

#endif
