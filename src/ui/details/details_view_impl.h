/* SPDX-License-Identifier: MIT */
#ifndef UI_DETAILS_DETAILS_VIEW_IMPL_H
#define UI_DETAILS_DETAILS_VIEW_IMPL_H

#include "core/qemu/host/facts.h"
#include "core/qemu/plan/plan_data.h"
#include "core/vm/config.h"
#include "core/vm/problem.h"
#include "core/vm/spec.h"
#include "ui/details/details_view.h"
#include "ui/details/page_vm.h"
#include "ui/kit/scroller.h"
#include "ui/kit/view.h"

#include <time.h>

/* Inside of the details, for details_view.c (view and console) and details_read.c (what the tabs show) only. */

/* What was read of the item; all of it may be missing. */
struct facts_of_item {
	bool have_config;
	struct vm_config config;
	struct vm_spec spec;
	bool have_facts;
	struct host_facts facts;
	enum boot_mode detected;	/* with facts: what the image is */
	bool have_plan;
	struct plan plan;
	struct problems problems;
	char *error;
	bool started;			/* config and plan are what runs, as it was started */
	bool differs;			/* and the profile says something else by now */
};

struct details_view {
	struct view view;
	enum item_kind kind;
	char *name;		/* NULL: nothing is selected */
	enum details_tab tab;
	unsigned looks;		/* the item's, when it was read */
	time_t read_run;	/* start of the run it was read of; 0: nothing of ours ran */
	struct facts_of_item of;
	char *log;
	struct page page;	/* of the current tab */
	struct scroller scroller;
	int columns;		/* inside of the frame */
	struct loop_timer *rest, *clock;

	struct view *console;	/* of what is shown; NULL: none was opened */
	char uuid[37];		/* its machine */
	time_t started;		/* and its run: a UUID stays, runs do not */
	bool typing;		/* the keys are the console's, or will be when there is one */
	void (*left)(void *data);
	void *left_data;
};

const struct item *details_item(const struct details_view *);	/* NULL: nothing, or it is gone */
void details_forget(struct facts_of_item *);
time_t details_run_of(const struct details_view *, const struct item *);	/* start of what runs; 0: nothing of ours does */
void details_read_config(struct details_view *, const struct item *);
/* The host is asked only when a tab shows what it answers. */
void details_read_more(struct details_view *, const struct item *);
void details_read_log(struct details_view *, const struct item *);
void details_build_page(struct details_view *);

#endif
