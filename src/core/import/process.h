/* SPDX-License-Identifier: MIT */
#ifndef CORE_IMPORT_PROCESS_H
#define CORE_IMPORT_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct error;
struct strv;

/*
 * Reads the command line of a running QEMU of this user from /proc, and its working directory, which the caller frees.
 * Changes nothing about the process.
 */
bool import_process(pid_t pid, struct strv *argv, char **cwd, struct error *);

#endif
