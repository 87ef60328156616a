/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_PAGE_VM_H
#define UI_DETAILS_PAGE_VM_H

#include "core/vm/spec.h"
#include "ui/kit/page.h"

#include <stdbool.h>

struct host_facts;
struct item;
struct running_vm;
struct pending;
struct plan;
struct problems;
struct usage_page;
struct vm_config;

/*
 * Builds the content of the details' tabs. A page depends only on the arguments
 * of its function.
 */

/* What is known about a VM; everything except item may be NULL. */
struct overview {
	const struct item *item;
	const struct running_vm *machine;
	const struct vm_config *config;
	const struct vm_spec *spec;
	const struct host_facts *facts;
	const struct problems *problems;
	enum boot_mode detected;	/* the kind of the image; BOOT_AUTO: unknown */
	const struct pending *pending;	/* what the profile changes at the next start */
	const struct usage_page *usage;	/* what it uses while it runs */
	long now;
};

void page_overview(struct page *, const struct theme *, const struct overview *);
void page_settings(struct page *, const struct theme *, const struct vm_config *, const struct problems *,
                   const struct pending *);

struct command_page {
	const struct vm_config *config;
	const struct plan *plan;
	const struct plan *runs;	/* marks the arguments that this plan lacks; NULL: none */
	const struct problems *problems;
};

void page_command(struct page *, const struct theme *, const struct command_page *);

#endif
