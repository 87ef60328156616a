/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_RUN_PROGRAM_H
#define CORE_MACHINES_RUN_PROGRAM_H

#include <stdbool.h>

struct error;
struct str;
struct strv;

/*
 * Runs a program, whose path is the first argument, and waits for its end. out: gets up to a mebibyte of what it
 * prints; NULL: that is dropped. Returns false, with what it wrote to standard error or its status, unless it succeeds.
 */
bool run_program(const struct strv *argv, struct str *out, struct error *);

#endif
