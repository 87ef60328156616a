/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_DETAILS_VIEW_IMPL_H
#define UI_DETAILS_DETAILS_VIEW_IMPL_H

#include "core/machines/pending.h"
#include "core/qemu/host/facts.h"
#include "core/qemu/plan/plan_data.h"
#include "core/machines/disk_use.h"
#include "core/machines/ssh_line.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "ui/details/details_view.h"
#include "ui/details/page_vm.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"

#include <time.h>

/* The internals of the details, for details_view.c (view and console) and details_read.c (content of the tabs) only. */

/* What has been read about the item; all of it may be missing. */
struct facts_of_item {
	bool have_config;
	struct vm_config config;
	struct vm_spec spec;
	bool have_facts;
	struct host_facts facts;
	enum boot_mode detected;	/* valid with facts: the kind of the image */
	bool have_plan;
	struct plan plan;
	struct problems problems;
	struct disk_uses disks;		/* of a running machine, and how its guest is reached; as of used_ms (loop_now): */
	char address[16], ssh[SSH_LINE_SIZE];
	uint64_t used_ms;
	char *error;
	bool started;			/* config and plan are those that the running machine was started with */
	struct pending pending;		/* what the profile changes at the next start */
	bool have_next;			/* the machine runs from a profile, which is: */
	struct vm_config next;
	bool have_next_plan;
	struct plan next_plan;		/* of the next start, if it was asked for */
	struct problems next_problems;
};

struct details_view {
	struct view view;
	enum item_kind kind;
	char *name;		/* NULL: nothing is selected */
	enum details_tab tab;
	bool shows_next;	/* the Command tab of a running machine shows the next start */
	unsigned looks;		/* item->looks when it was read */
	time_t read_run;	/* start time of the run it was read for; 0: it did not run under paddock */
	struct facts_of_item of;
	struct view *log;	/* the Log tab */
	struct page page;	/* content of the current tab */
	struct scroller scroller;
	int columns;		/* inside of the frame */
	struct loop_timer *rest, *clock;

	struct view *console;	/* NULL: none was opened */
	char uuid[37];		/* UUID of its machine */
	time_t started;		/* start time of its run: a UUID can have several runs */
	bool typing;		/* the console gets the keys, or will when there is one */
	void (*left)(void *data);
	void *left_data;
};

const struct item *details_item(const struct details_view *);	/* NULL: nothing is selected, or the item is gone */
void details_forget(struct facts_of_item *);
time_t details_run_of(const struct details_view *, const struct item *);	/* start time of the current run; 0: it does not run under paddock */
void details_read_config(struct details_view *, const struct item *);
/* Host facts are read only for a tab that shows them. */
void details_read_more(struct details_view *, const struct item *);
void details_show_log(struct details_view *, const struct item *);
void details_build_page(struct details_view *);

#endif
