/* SPDX-License-Identifier: MIT */
#ifndef FAKE_STORE_HOME_H
#define FAKE_STORE_HOME_H

#include "core/vm/config.h"

/* A home of its own for each test, and a store on files in it: cmocka's setup and teardown, *state is the home. */
struct home {
	char path[64];
	char vms[128];		/* where the profiles are */
	struct store *store;
};

int store_home_make(void **state);
int store_home_remove(void **state);
#define with_home(test) cmocka_unit_test_setup_teardown(test, store_home_make, store_home_remove)
/* Writes a profile's file. */
void store_home_put(const struct home *, const char *name, const char *text);
/* A profile's settings, with its name only; the caller's. */
struct vm_config store_home_named(const char *name);

#endif
