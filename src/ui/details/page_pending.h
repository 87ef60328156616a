/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_PAGE_PENDING_H
#define UI_DETAILS_PAGE_PENDING_H

#include "core/vm/config.h"
#include "ui/kit/page.h"

struct pending;

/* Lines of a page about a running VM that say what its profile changes at the next start. Without changes they add none. */

/* Adds "≠ 2 changes wait for a restart: memory, disk" and "≠ 1 change can be applied now with A: publish". */
void page_pending(struct page *, const struct theme *, const struct pending *);
/* Adds a line for each change of the settings from first to last: "≠ memory 512 MiB at the next start". */
void page_pending_group(struct page *, const struct theme *, const struct pending *, enum vm_setting first,
                        enum vm_setting last);
/* The same for one setting whose name is in front of its value already. */
void page_pending_setting(struct page *, const struct theme *, const struct pending *, enum vm_setting);

#endif
