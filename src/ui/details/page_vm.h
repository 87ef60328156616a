/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_PAGE_VM_H
#define UI_DETAILS_PAGE_VM_H

#include "core/vm/spec.h"
#include "ui/kit/page.h"

#include <stdbool.h>

struct host_facts;
struct item;
struct machine;
struct plan;
struct problems;
struct vm_config;

/*
 * What the tabs of the details show. Building a page looks at nothing but its
 * arguments.
 */

/* What is known of a VM when its overview is drawn; everything but item may be NULL. */
struct overview {
	const struct item *item;
	const struct machine *machine;
	const struct vm_config *config;
	const struct vm_spec *spec;
	const struct host_facts *facts;
	const struct problems *problems;
	enum boot_mode detected;	/* what the image is, BOOT_AUTO: not looked */
	bool differs;			/* what runs was started with other settings than the profile has now */
	long now;
};

/* A line for each tab that shows what runs where the profile says something else by now. */
#define PAGE_DIFFERS "shown is what runs; the profile was changed since, which counts at the next start"

void page_overview(struct page *, const struct theme *, const struct overview *);
void page_settings(struct page *, const struct vm_config *, const struct problems *);
void page_command(struct page *, const struct vm_config *, const struct plan *, const struct problems *);

#endif
