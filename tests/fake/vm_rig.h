/* SPDX-License-Identifier: MIT */
#ifndef FAKE_VM_RIG_H
#define FAKE_VM_RIG_H

#include "core/base/loop.h"
#include "core/base/str.h"
#include "core/keeper/clients/client.h"
#include "core/keeper/run/keeper.h"
#include "core/keeper/run/registry.h"
#include "core/qemu/plan/plan_data.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A place for tests that start real keepers with a fake QEMU: a HOME of its
 * own below /tmp, a plan written by hand, and clients that write down what
 * they are told. The test program's main calls rig_keeper first, since a
 * keeper is the test program executed again.
 */
struct rig {
	struct loop *loop;
	char *home;
	char *state;		/* the plan's state directory; not there yet */
	struct plan plan;
	const char *fake;	/* words for FAKE_QEMU, NULL: none */
	bool patient;		/* the keeper: with a guest that is asked to go, for longer than a test may take */
};

/* What a client saw. */
struct seen {
	struct keeper_client *client;
	struct str history, console;
	bool history_end, answerer, ended, lost;
	unsigned gaps, steps, replies, states, writable;
	uint64_t missed;
	struct keeper_state state;
	struct str step, notice;	/* all of them, a line each */
	char reply[256];		/* the last one's error, "" if none */
	struct keeper_end end;
	char name[64], reason[64], error[1100], why[256], paused_why[256];
};

/* If this is the keeper: its exit status; otherwise -1. */
int rig_keeper(int argc, char **argv);

/* A test that has a rig as its state. What is left of it is ended behind it, also when it has failed. */
#define rig_test(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
int rig_setup(void **state);
int rig_teardown(void **state);

void rig_init(struct rig *);
void rig_finish(struct rig *);		/* kills what is left of the test's own */
char *rig_path(const struct rig *, const char *name);	/* below home; the caller's */
void rig_arg(struct rig *, const char *text);
struct plan_step *rig_step(struct rig *, enum plan_step_kind, const char *path);

/* Fails the test if the keeper cannot even be executed. */
void rig_launch(struct rig *, struct seen *, enum keeper_role);
void rig_launch_running(struct rig *, struct seen *, enum keeper_role);	/* and waits until the VM runs */
void rig_attach(struct rig *, struct seen *, enum keeper_role);
void rig_close(struct seen *);
void rig_type(struct seen *, const char *text);
void rig_poweroff(struct rig *, struct seen *);		/* the guest's, and wait for the end */
void rig_run_ends(struct rig *, struct seen *);		/* so, and close */
/* The entry of the rig's UUID; false: none. */
bool rig_entry(pid_t *keeper);
/* How many children it has, of which out gets the first max. */
size_t rig_children(pid_t keeper, pid_t *out, size_t max);
bool rig_is_dead(pid_t);		/* gone, or a zombie that nobody collects */
bool rig_has(const struct rig *, const char *name);	/* a file below home */
unsigned rig_files_in(const char *path);	/* without hidden ones; 0 where there is no directory */
/* text of a file below the state directory; the caller's, NULL: not there. */
char *rig_text(const struct rig *, const char *name);
bool rig_sees(const struct seen *, const char *text);	/* on the console or in history */

/* One turn of the loop; fails the test when the time is over. */
void rig_turn(struct rig *, uint64_t deadline, const char *what, const char *file, int line);

/* Turns until cond holds. */
#define until(rig, cond) \
	for (uint64_t until_ = loop_now() + 15000; !(cond);) \
		rig_turn((rig), until_, #cond, __FILE__, __LINE__)

#endif
