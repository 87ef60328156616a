/* SPDX-License-Identifier: MIT */
#ifndef FAKE_ANSWERS_H
#define FAKE_ANSWERS_H

#include "core/control/control.h"
#include "fake/vm_rig.h"

/* What the fake QEMU returns to QMP commands (tests/programs/fake_qemu.c), and how a change of it ended. */
struct outcome {
	unsigned calls;
	char error[1100];	/* "" when it is done */
};

/* The rig's VM will answer so. lines: "COMMAND {"return": ...}\n" ... */
void answers_set(struct rig *, const char *lines);
/* Launches it. The caller closes `seen`. */
struct control_vm answers_launch(struct rig *, struct seen *);
/* A control_done_fn whose data is a struct outcome. */
void outcome_came(void *data, const struct error *);
/* Waits for the end of a change and compares: with "" for success, or with a part of the error. job NULL: fails the test. */
void expect_outcome(struct rig *, struct control_job *, struct outcome *, const struct error *, const char *wanted);
/* The recorded values of a setting of the running VM are these, separated by blanks. */
void expect_recorded(const struct rig *, enum vm_setting, const char *wanted);

#endif
