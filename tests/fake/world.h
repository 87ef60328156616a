/* SPDX-License-Identifier: MIT */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include "core/vm/store.h"

#include <stdbool.h>

/*
 * The whole screen over a store in memory and keepers that do what the
 * test says, on a terminal that nobody sees, read back as text. For use from
 * cmocka tests; what fails here fails the test.
 */
struct fixture {
	struct store *store;
	struct loop *loop;
	struct app *app;
	char *scratch;		/* a directory of the test's own, which it works in; NULL: none */
};

/* A test that has a fixture as its state. The world that it leaves open is closed behind it, also when it has failed. */
#define world_test(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
/* The same in a directory of its own (fake/scratch.h). */
#define world_scratch_test(f) cmocka_unit_test_setup_teardown(f, world_scratch_setup, world_teardown)
int world_setup(void **state);
int world_scratch_setup(void **state);
int world_teardown(void **state);

extern const struct record_io world_records;	/* ci-arm has crashed, nothing else has run */

extern unsigned world_blank_ms;		/* until a blank console is explained; 0: as long as for a user */
extern const char *world_append;	/* -append of what runs; NULL: its arguments are not known */

/* Four profiles, one of them broken, images and state directories; nothing in it depends on this host. */
void a_small_world(struct store *);
/* With $WORLD_ROOT, where it is set, in front of /sys and /dev. */
void open_world(struct fixture *, int rows, int columns, const char *term, const char *locale,
                void (*fill)(struct store *));
void close_world(struct fixture *);		/* for a test that opens another one */
void turn(struct fixture *);			/* until nothing is left to do, then draw */
void press(struct fixture *, const char *names);	/* keys, blanks between */
/* The cursor of the list, which has the keys, onto this profile, or onto the image or directory of this name. */
void go_to(struct fixture *, const char *name);

void web_runs(void);			/* before open_world: the registry has it */
void web_tells(struct fixture *);	/* its keeper says: running for 12 minutes */

bool sees(const char *text);		/* says what is there when it is not */
bool sees_not(const char *text);
bool comes_to_see(struct fixture *, const char *text);	/* waits for what a timer brings */
/* The screen against tests/golden/screen/NAME.txt; UPDATE=1 rewrites that. */
void hold_against_golden(const char *name);

#endif
