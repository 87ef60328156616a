/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_PROBLEM_H
#define CORE_VM_PROBLEM_H

#include "core/vm/config.h"

#include <stddef.h>

/*
 * Everything that is wrong with a VM, each problem with the setting that it
 * concerns. Nothing is created while problems_stop returns true.
 */
enum severity {
	PROBLEM_ERROR,		/* the VM cannot start */
	PROBLEM_HOST,		/* concerns this host, and QEMU would detect it too: stops `start` and
				 * the screen, but is only a warning in `run` */
	PROBLEM_WARNING		/* only shown */
};

struct problem {
	enum vm_setting setting;	/* VM_SETTINGS if it concerns no single setting */
	int index;			/* of the value of a repeatable setting, from 0; -1 if it concerns the setting as a whole */
	enum severity severity;
	char *text;			/* the reason and what to do, without the name of the setting and without a full stop */
};

struct problems {
	struct problem *items;
	size_t count, size;
};

void problem_add(struct problems *, enum severity, enum vm_setting, int index,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void problems_finish(struct problems *);	/* leaves the list empty */
/* Removes all problems of one severity. */
void problems_drop(struct problems *, enum severity);
/* Returns true if one of the problems prevents a start: any PROBLEM_ERROR, and any PROBLEM_HOST unless host_is_warning. */
bool problems_stop(const struct problems *, bool host_is_warning);
/* Returns the first of the worst problems of this value, or NULL. An index of -1 matches any value. */
const struct problem *problems_of(const struct problems *, enum vm_setting, int index);
/* Returns "network.publish: reason" or, on a command line, "--publish: reason". The caller frees it. */
char *problem_line(const struct problem *, enum config_origin);

#endif
