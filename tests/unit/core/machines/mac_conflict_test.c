/* SPDX-License-Identifier: MIT */
#include "core/base/alloc.h"
#include "core/base/error.h"
#include "core/base/str.h"
#include "core/machines/mac_conflict.h"
#include "core/vm/problem.h"
#include "fake/scratch.h"
#include "fake/store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define ONE "52:54:00:00:00:01"
#define TWO "52:54:00:00:00:02"

/* A profile as it is written, and the address that its state directory keeps. */
struct vm {
	const char *network;	/* lines of [network] */
	const char *kept;	/* NULL: none */
	const char *state;	/* NULL: one of its own */
};

static char *put_vm(struct store *store, const char *name, const struct vm *vm)
{
	char *cwd = getcwd(NULL, 0), *state = mem_printf("%s/%s", cwd, vm->state ? vm->state : name);
	char *text = mem_printf("[boot]\nimage = /i\n[state]\ndirectory = %s\n[network]\n%s", state, vm->network);
	char *kept = mem_printf("%s/mac-addr", state);

	store_memory_put(store, name, text);
	unlink(kept);
	if (vm->kept)
		scratch_put(kept, vm->kept, strlen(vm->kept), 0);
	free(kept);
	free(text);
	free(state);
	return cwd;
}

/* What is said of "web" where there is "db" too; "" or all warnings, a line each. The caller's. */
static char *said(const struct vm *web, const struct vm *db)
{
	struct store *store = store_memory_new();
	struct store_revision revision;
	struct problems problems = { 0 };
	struct vm_config config;
	struct error err;
	struct str out;

	free(put_vm(store, "web", web));
	free(put_vm(store, "db", db));
	store_memory_put(store, "broken", "[vm\n");
	vm_config_init(&config, CONFIG_PROFILE);
	assert_true(store->load(store, "web", &config, &revision, &err));
	mac_conflict_check(store, NULL, &config, &problems);
	str_init(&out);
	for (size_t i = 0; i < problems.count; i++) {
		assert_int_equal(problems.items[i].severity, PROBLEM_WARNING);
		assert_int_equal(problems.items[i].setting, SET_MAC);
		str_addf(&out, "%s\n", problems.items[i].text);
	}
	problems_finish(&problems);
	vm_config_finish(&config);
	store_memory_free(store);
	return str_detach(&out);
}

static void an_address_that_another_profile_has_is_warned_of(void **state)
{
	static const struct { struct vm web, db; bool conflict; } cases[] = {
		{ { "mac = " ONE "\n", NULL, NULL }, { "mac = " ONE "\n", NULL, NULL }, true },
		{ { "mac = " ONE "\n", NULL, NULL }, { "mac = 52-54-00-00-00-01\n", NULL, NULL }, true },
		{ { "mac = " ONE "\n", NULL, NULL }, { "mac = " TWO "\n", ONE, NULL }, false },
		{ { "mac = " ONE "\n", NULL, NULL }, { "", ONE "\n", NULL }, true },
		{ { "mac = " ONE "\n", NULL, NULL }, { "", "no address", NULL }, false },
		{ { "mac = " ONE "\n", NULL, NULL }, { "mac = " ONE "\nmode = none\n", NULL, NULL }, false },
		{ { "mac = " ONE "\nmode = none\n", NULL, NULL }, { "mac = " ONE "\n", NULL, NULL }, false },
		/* kept ones meet in networks that are shared */
		{ { "mode = bridge,br0\n", ONE, NULL }, { "mode = bridge,br0\n", ONE, NULL }, true },
		{ { "mode = tap,tap0\n", ONE, NULL }, { "mac = " ONE "\n", NULL, NULL }, true },
		{ { "mode = tap,tap0\n", NULL, NULL }, { "mac = " ONE "\n", NULL, NULL }, false },
		{ { "", ONE, NULL }, { "", ONE, NULL }, false },
		/* one directory is locked by one of them at a time */
		{ { "mac = " ONE "\n", NULL, "same" }, { "mac = " ONE "\n", NULL, "same" }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = said(&cases[i].web, &cases[i].db);

		if (strcmp(text, cases[i].conflict ? ONE " is also used by db\n" : ""))
			fail_msg("case %zu: '%s'", i, text);
		free(text);
	}
}

/* Disks are compared with each other when they are read; another VM's are nobody's business. */
static void the_disks_of_another_profile_cost_nothing(void **state)
{
	struct str network;
	clock_t began;

	(void)state;
	str_init(&network);
	str_add(&network, "mac = " ONE "\n[disks]\n", strlen("mac = " ONE "\n[disks]\n"));
	for (int i = 0; i < 100000; i++)
		str_addf(&network, "disk = d%d,size=1G\n", i);
	began = clock();

	char *text = said(&(struct vm){ "mac = " ONE "\n", NULL, NULL }, &(struct vm){ network.text, NULL, NULL });

	assert_string_equal(text, ONE " is also used by db\n");
	assert_true((clock() - began) / CLOCKS_PER_SEC < 10);
	free(text);
	str_finish(&network);
}

static void no_profile_is_read_where_addresses_are_made(void **state)
{
	struct store *store = store_memory_new();
	struct problems problems = { 0 };
	struct vm_config config;

	(void)state;
	vm_config_init(&config, CONFIG_PROFILE);
	vm_config_set(&config, SET_IMAGE, "/i");
	mac_conflict_check(store, NULL, &config, &problems);
	assert_int_equal(store_memory_calls(store, "names"), 0);
	assert_int_equal(problems.count, 0);
	vm_config_finish(&config);
	store_memory_free(store);
}

static int enter(void **state)
{
	int status = scratch_enter(state);

	/* nothing runs here */
	return status || setenv("XDG_STATE_HOME", *state, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_that_another_profile_has_is_warned_of),
		cmocka_unit_test(the_disks_of_another_profile_cost_nothing),
		cmocka_unit_test(no_profile_is_read_where_addresses_are_made),
	};

	return cmocka_run_group_tests(tests, enter, scratch_leave);
}
