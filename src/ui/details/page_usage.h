/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_PAGE_USAGE_H
#define UI_DETAILS_PAGE_USAGE_H

#include "ui/kit/page.h"

#include <stdint.h>

struct disk_uses;
struct guest_figures;
struct running_vm;
struct usage;

/* The lines of the Overview about what a running machine uses, and how its guest is reached. */
struct usage_page {
	const struct running_vm *machine;
	const struct usage *usage;	/* NULL: not measured */
	unsigned cpus;			/* of the guest; 0: unknown */
	uint64_t memory;		/* of the guest, in bytes; 0: unknown */
	const struct disk_uses *disks;	/* NULL: unknown */
	const struct guest_figures *guest;	/* what QEMU says; NULL: nothing */
	const char *ssh, *address;	/* "": none, or unknown */
	int columns;			/* of the page */
};

/* What is not known has no line. */
void page_usage(struct page *, const struct theme *, const struct usage_page *);

#endif
