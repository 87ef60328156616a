/* SPDX-License-Identifier: MIT */
#ifndef CORE_MACHINES_SSH_LINE_H
#define CORE_MACHINES_SSH_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct vm_spec;

#define SSH_LINE_SIZE 40

/*
 * Writes the command that reaches the guest's SSH server from this host: "ssh -p 2222 127.0.0.1". Returns false, with "",
 * if the VM does not publish port 22. Pure.
 */
bool ssh_line(const struct vm_spec *, char *buf, size_t size);

#endif
