/* SPDX-License-Identifier: MIT */
#ifndef CORE_VM_PROBLEM_H
#define CORE_VM_PROBLEM_H

#include "core/vm/config.h"

#include <stddef.h>

/*
 * What is wrong with a VM, all of it, each with the setting it belongs to.
 * Nothing is created while has_errors says so.
 */
enum severity {
	PROBLEM_ERROR,		/* nobody starts this */
	PROBLEM_HOST,		/* about this host, QEMU would judge it itself: stops `start` and
				 * the screen, is a warning in `run` */
	PROBLEM_WARNING		/* shown, stops nothing */
};

struct problem {
	enum vm_setting setting;	/* VM_SETTINGS: of none */
	int index;			/* which value of a repeatable setting, from 0; -1: not one of several */
	enum severity severity;
	char *text;			/* the reason and what to do; no setting's name in front, no full stop */
};

struct problems {
	struct problem *items;
	size_t count, size;
};

void problem_add(struct problems *, enum severity, enum vm_setting, int index,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void problems_finish(struct problems *);	/* leaves it empty */
/* Forget those of one severity. */
void problems_drop(struct problems *, enum severity);
/* PROBLEM_ERROR, and HOST too unless host_is_warning. */
bool problems_stop(const struct problems *, bool host_is_warning);
/* The first that concerns this value, worst first; NULL: none. index -1 matches any. */
const struct problem *problems_of(const struct problems *, enum vm_setting, int index);
/* "network.publish: reason" or, for a command line, "--publish: reason"; the caller's. */
char *problem_line(const struct problem *, enum config_origin);

#endif
