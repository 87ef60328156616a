/* SPDX-License-Identifier: MIT */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include "core/vm/store.h"

#include <stdbool.h>

struct keeper_end;
struct keeper_state;

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
	char *back;		/* where it worked before */
};

/* A test with a fixture as its state. Its world is closed after it, even if it has failed. */
#define world_test(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)
/* The same in a directory of its own (fake/scratch.h). */
#define world_scratch_test(f) cmocka_unit_test_setup_teardown(f, world_scratch_setup, world_teardown)
int world_setup(void **state);
int world_scratch_setup(void **state);
int world_teardown(void **state);

extern const struct record_io world_records;	/* ci-arm has crashed, nothing else has run */

extern char world_text[4096];		/* the text that was written last */
extern char world_record[256];		/* section, first key and value of the record that was written last */

extern unsigned world_blank_ms;		/* until a blank console is explained; 0: as long as for a user */
extern const char *const *world_started;	/* keys and values of the settings that what runs was started with, NULL at the end; NULL: unknown */
extern const char *const *world_screen;	/* keys and values of what the last screen left, NULL at the end; NULL: nothing */
extern bool world_usage;		/* figures of what runs are shown, from /proc below $WORLD_ROOT */
extern const char *world_append;	/* -append of what runs; NULL: its arguments are not known */

/* Four profiles, one of them broken, images and state directories; nothing in it depends on this host. */
void a_small_world(struct store *);
/* With $WORLD_ROOT, where it is set, in front of /sys and /dev. */
void open_world(struct fixture *, int rows, int columns, const char *term, const char *locale,
                void (*fill)(struct store *));
void open_small_world(struct fixture *, int rows, int columns);	/* a_small_world on a terminal with colours and UTF-8 */
void open_running_web(struct fixture *, int rows, int columns);	/* the same, with web running for 12 minutes */
void close_world(struct fixture *);		/* for a test that opens another one */
void resize_world(struct fixture *, int rows, int columns);
void turn(struct fixture *);			/* until nothing is left to do, then draw */
void press(struct fixture *, const char *names);	/* keys, blanks between */
void paste(struct fixture *, const char *text);	/* with the marks of a bracketed paste */
/* Selects the profile, image or directory with this name in the list, which must have the focus. */
void go_to(struct fixture *, const char *name);
/* Selects the first field of this setting in the form on top of the stack; "+disk": the row that adds one. */
void go_to_field(struct fixture *, const char *key);

void web_runs(void);			/* before open_world: the registry has it */
void web_tells(struct fixture *);	/* its keeper says: running for 12 minutes */
/* Events of the keeper that was connected last. */
void keeper_says(struct fixture *, const struct keeper_state *);
void keeper_ends(struct fixture *, const struct keeper_end *);

bool sees(const char *text);		/* if not, prints the screen */
bool sees_not(const char *text);
bool comes_to_see(struct fixture *, const char *text);	/* waits for what a timer brings */
/* Compares the screen with tests/golden/screen/NAME.txt; UPDATE=1 rewrites the file. */
void hold_against_golden(const char *name);

#endif
