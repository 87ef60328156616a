/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_PAGE_END_H
#define UI_DETAILS_PAGE_END_H

#include "ui/kit/page.h"

struct last_run;
struct running_vm;

/* Parts of a page about why a VM has stopped, or does not go on. They depend only on their arguments, but for the room on disks. */

/* Adds "Why it stopped": what is known about the end of its last run besides the sentence that sums it up. */
void page_end(struct page *, const struct last_run *, long now);
/* Adds a line for each reason why a running VM makes no progress: a pause, or resets again and again. */
void page_hindered(struct page *, const struct running_vm *);

#endif
