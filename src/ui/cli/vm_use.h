/* SPDX-License-Identifier: MIT */
#ifndef UI_CLI_VM_USE_H
#define UI_CLI_VM_USE_H

#include "core/machines/disk_use.h"
#include "core/machines/ssh_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct guest_figures;
struct record_io;
struct usage;

/* What one running VM uses of the host, and how to reach its guest, for `ls --json` and `stats`. */
struct vm_use {
	struct usage *usage;	/* sampled at least once */
	uint64_t exact;		/* as of usage_memory_exact; USAGE_UNKNOWN: not asked for */
	bool settings_known;	/* the next members are those that it was started with: */
	unsigned cpus;
	uint64_t memory;	/* of the guest, in bytes */
	struct disk_uses disks;
	char ssh[SSH_LINE_SIZE];	/* "": port 22 is not published */
	char address[16];	/* of the guest; "": unknown */
	struct guest_figures *guest;	/* NULL: not asked for, or not known */
};

/*
 * Takes the first sample of the machine with these processes and state directory; keeper 0: another program started it.
 * Returns NULL if it does not run (any more), or qemu is 0.
 */
struct vm_use *vm_use_new(const struct record_io *, pid_t qemu, pid_t keeper, const char *state);
/* Takes another sample, with which the rates are known. Returns false if the machine has ended. */
bool vm_use_again(struct vm_use *);
void vm_use_free(struct vm_use *);	/* accepts NULL */

#endif
